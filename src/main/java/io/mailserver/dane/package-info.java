/**
 * DANE for SMTP: which certificate a mail server has, by DNSSEC (RFC 6698, RFC 7671, RFC 7672).
 *
 * <p>Invariants: only records that DNSSEC vouches for count, which the caller sees to; where there are such records that
 * can be used, no other certificate is good enough.
 *
 * <p>Threads: values and pure functions.
 *
 * <p>Start with {@link io.mailserver.dane.TlsaCheck}.
 */
@NullMarked
package io.mailserver.dane;

import org.jspecify.annotations.NullMarked;
