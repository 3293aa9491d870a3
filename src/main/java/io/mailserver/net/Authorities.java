package io.mailserver.net;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Who vouches for other servers' certificates. */
public final class Authorities {
    private Authorities() {}

    /**
     * Those that this Java knows, and those of a file.
     *
     * @param pem the file, certificates in PEM form
     * @throws OperatorException it cannot be read, or holds no certificate
     */
    public static KeyStore with(Path pem) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (X509Certificate certificate : ofThisJava()) {
                store.setCertificateEntry("java" + number++, certificate);
            }
            for (X509Certificate certificate : new PemFile(pem).certificates()) {
                store.setCertificateEntry("file" + number++, certificate);
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java has no key stores", e);
        }
    }

    private static X509Certificate[] ofThisJava() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(manager -> ((X509TrustManager) manager).getAcceptedIssuers())
                .findFirst()
                .orElseGet(() -> new X509Certificate[0]);
    }
}
