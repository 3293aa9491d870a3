/**
 * What this server writes into envelopes so that it knows it again when it comes back: return addresses of forwarded mail (SRS) and ids
 * of envelopes (RFC 3461 §4.4), each with a keyed hash.
 *
 * <p>Standards: Sender Rewriting Scheme (Meng Weng Wong, 2004: SRS0 and SRS1), RFC 3461 §4.4 (ENVID), RFC 2104 (HMAC).
 *
 * <p>Invariants: nothing is believed without a hash made with our key, compared in constant time; what is older than its lifetime is not
 * believed either. A return address leads to the one sender it was made for and to nobody else.
 *
 * <p>Threads: any; nothing is locked, nothing waits.
 *
 * <p>Start with {@link io.mailserver.returnpath.SenderRewriting}.
 */
@NullMarked
package io.mailserver.returnpath;

import org.jspecify.annotations.NullMarked;
