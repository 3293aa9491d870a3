/**
 * Delivery status notifications: what the sender of a message is told of its fate (RFC 3461 §6, RFC 3464, RFC 6522, RFC 6533), with an
 * explanation in plain words on top; and what the notices of other servers say.
 *
 * <p>Invariants: a notice goes to the reverse-path and has none itself (RFC 3461 §6.1); it holds nothing that was not the sender's or the
 * other server's reply; no octet of either can break a header field.
 *
 * <p>Threads: values and pure functions.
 *
 * <p>Start with {@link io.mailserver.dsn.DeliveryNotice} and {@link io.mailserver.dsn.StatusReport}.
 */
@NullMarked
package io.mailserver.dsn;

import org.jspecify.annotations.NullMarked;
