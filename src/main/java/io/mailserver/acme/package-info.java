/**
 * Certificates from an authority by ACME, with the client library acme4j.
 *
 * <p>RFC 8555 (ACME), RFC 8737 (tls-alpn-01), RFC 9773 (renewal information).
 *
 * <p>Invariants: a certificate's key is made here for it and leaves this machine never; what an authority says goes to people and the log
 * as text only.
 *
 * <p>Threads: everything blocks for as long as the authority takes, minutes at most; the library's own classes are loaded when the first
 * certificate is asked for.
 *
 * <p>Start with {@link io.mailserver.acme.Authority}.
 */
@NullMarked
package io.mailserver.acme;

import org.jspecify.annotations.NullMarked;
