/**
 * SMTP TLS reporting: the reports that other servers send about TLS on the way to us, and ours about theirs (RFC 8460).
 *
 * <p>Invariants: texts of reports are bounded and believed by nobody; a report that cannot be read is told as such, never half read.
 *
 * <p>Threads: values. Start with {@link io.mailserver.tlsrpt.TlsReport}.
 */
@NullMarked
package io.mailserver.tlsrpt;

import org.jspecify.annotations.NullMarked;
