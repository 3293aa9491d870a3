package io.mailserver.net;

import io.mailserver.base.OperatorException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Set;

/**
 * Where a certificate and its key lie.
 *
 * @param chain PEM: the certificate, then the intermediate ones
 * @param key PEM: its private key, not encrypted; may be the same file
 */
public record CertificateFiles(Path chain, Path key) {
    /**
     * The certificate and the names it is for, without its key.
     *
     * @param names in lower case, {@code *.} in front of wildcards
     */
    public record Certified(X509Certificate certificate, Set<String> names) {}

    /**
     * Reads both files.
     *
     * @throws OperatorException if one cannot be read, or key and certificate do not belong together
     */
    public Certified read() {
        ServerCertificate loaded = ServerCertificate.load(this);
        return new Certified(loaded.chain().getFirst(), loaded.names());
    }
}
