package io.mailserver.net;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Octets that both ends of one TLS connection can compute and nobody in between. */
final class ChannelBinding {
    private static final String EXPORTER_LABEL = "EXPORTER-Channel-Binding";
    private static final int EXPORTER_OCTETS = 32;

    private ChannelBinding() {}

    static Optional<byte[]> of(SSLSession session, String type) {
        return switch (type) {
            case "tls-exporter" -> exporter(session);
            case "tls-server-end-point" -> endPoint(session.getLocalCertificates());
            default -> Optional.empty();
        };
    }

    /** RFC 9266 §2. */
    private static Optional<byte[]> exporter(SSLSession session) {
        if (!(session instanceof ExtendedSSLSession extended)) {
            return Optional.empty();
        }
        try {
            return Optional.of(extended.exportKeyingMaterialData(EXPORTER_LABEL, new byte[0], EXPORTER_OCTETS));
        } catch (SSLKeyException | UnsupportedOperationException e) {
            // RFC 9266 §4.2: a TLS 1.2 session without extended master secret has none; the client may take the end point instead.
            return Optional.empty();
        }
    }

    /** RFC 5929 §4.1: the hash of our certificate, by the hash of its signature, SHA-256 in place of older ones. */
    private static Optional<byte[]> endPoint(Certificate @Nullable [] chain) {
        if (chain == null || chain.length == 0 || !(chain[0] instanceof X509Certificate own)) {
            return Optional.empty();
        }
        String signature = own.getSigAlgName().toUpperCase(Locale.ROOT);
        String hash = signature.startsWith("SHA384") ? "SHA-384" : signature.startsWith("SHA512") ? "SHA-512" : "SHA-256";
        try {
            return Optional.of(MessageDigest.getInstance(hash).digest(own.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + hash, e);
        }
    }
}
