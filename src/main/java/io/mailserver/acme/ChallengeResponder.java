package io.mailserver.acme;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** How this machine shows an authority that a name is its own. Each is called by one thread at a time; the answers are shown at once. */
public interface ChallengeResponder {
    /** http-01 (RFC 8555 §8.3): shows {@code content} at {@code /.well-known/acme-challenge/<token>}, by HTTP on port 80. */
    void showToken(String token, String content);

    /** Ends {@link #showToken}. */
    void hideToken(String token);

    /** tls-alpn-01 (RFC 8737): shows the certificate to who asks for {@code name} by {@code acme-tls/1}, on port 443. */
    void showCertificate(String name, X509Certificate certificate, PrivateKey key);

    /** Ends {@link #showCertificate}. */
    void hideCertificate(String name);
}
