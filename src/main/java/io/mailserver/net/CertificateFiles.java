package io.mailserver.net;

import java.nio.file.Path;

/**
 * Where a certificate and its key lie.
 *
 * @param chain PEM: the certificate, then the intermediate ones
 * @param key PEM: its private key, not encrypted; may be the same file
 */
public record CertificateFiles(Path chain, Path key) {}
