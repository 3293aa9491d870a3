package io.mailserver.smtpclient;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS of connections that we make. The handshake takes any certificate; {@link #refusal} judges it afterwards by the policy, before a word
 * is said inside, so that one context serves all policies and what was wrong can be told.
 *
 * <p>Safe for use by any thread.
 */
public final class ClientTls {
    private final SSLContext context;
    private final X509TrustManager authorities;

    /** @param trusted authorities that vouch for servers; null for those of the JDK */
    public ClientTls(@Nullable KeyStore trusted) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            authorities = Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
            context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TakeAll()}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** Shakes hands over {@code socket}; the caller limits the time by closing it. */
    SSLSocket handshake(Socket socket, String host, int port) throws IOException {
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    /** What {@code policy} has against the server; empty if nothing. */
    Optional<TlsFailure.Found> refusal(TlsPolicy policy, SSLSession session) throws IOException {
        return switch (policy) {
            case TlsPolicy.None none -> Optional.empty();
            case TlsPolicy.Opportunistic opportunistic -> Optional.empty();
            case TlsPolicy.Encrypted encrypted -> Optional.empty();
            case TlsPolicy.Verified verified -> notVerified(chain(session), verified.names());
            case TlsPolicy.Checked checked -> checked.check().accepts(chain(session))
                    ? Optional.empty()
                    : found(TlsFailure.VALIDATION_FAILURE, "the certificate is not the one that " + checked.name() + " demands");
        };
    }

    /** What is wrong with a chain for these names; empty if nothing. */
    public Optional<TlsFailure.Found> notVerified(List<X509Certificate> chain, List<String> names) {
        X509Certificate own = chain.getFirst();
        try {
            authorities.checkServerTrusted(chain.toArray(X509Certificate[]::new), own.getPublicKey().getAlgorithm());
        } catch (CertificateException e) {
            return found(
                    isExpired(e) ? TlsFailure.CERTIFICATE_EXPIRED : TlsFailure.CERTIFICATE_NOT_TRUSTED,
                    "the certificate is not trusted: " + e.getMessage());
        }
        List<String> has = ServerNames.of(own);
        boolean named = names.stream().anyMatch(name -> has.stream().anyMatch(pattern -> ServerNames.match(pattern, name)));
        return named
                ? Optional.empty()
                : found(TlsFailure.CERTIFICATE_HOST_MISMATCH, "the certificate is for " + has + " and not for " + names);
    }

    private static Optional<TlsFailure.Found> found(TlsFailure failure, String text) {
        return Optional.of(new TlsFailure.Found(failure, text));
    }

    private static boolean isExpired(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return true;
            }
        }
        return false;
    }

    static List<X509Certificate> chain(SSLSession session) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        Arrays.stream(session.getPeerCertificates())
                .filter(X509Certificate.class::isInstance)
                .map(X509Certificate.class::cast)
                .forEach(chain::add);
        if (chain.isEmpty()) {
            throw new IOException("the server has no certificate");
        }
        return chain;
    }

    private static final class TakeAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("we are the client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // Judged after the handshake.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
