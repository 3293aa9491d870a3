/**
 * The client side of SMTP and LMTP: one connection to another server, over which messages are handed on.
 *
 * <p>Standards: RFC 5321 (§4.5.3.2 for the times), RFC 2033, RFC 1870, RFC 2034, RFC 2920, RFC 3030, RFC 3207, RFC 3461, RFC 4954,
 * RFC 6152, RFC 6531.
 *
 * <p>Invariants:
 * <ul>
 *   <li>Neither a bare CR nor a bare LF is ever sent, and a line that is only a dot only as the end of a message.
 *   <li>A recipient counts as delivered only after the reply to the end of the message said so; where that reply is lost nobody knows, and
 *       the recipient is tried again (RFC 5321 §4.5.4.1 prefers two copies to none).
 *   <li>Where a policy asks for an authenticated server nothing of a message, its envelope included, is sent before the server is known.
 *   <li>Every wait has a limit, every reply a limit in lines and octets. Passwords never show in a dialogue.
 * </ul>
 *
 * <p>Threads: a client belongs to one (virtual) thread, which blocks; only {@link io.mailserver.smtpclient.SmtpClient#abort} may be called
 * by others.
 *
 * <p>Start with {@link io.mailserver.smtpclient.SmtpClient}.
 */
@NullMarked
package io.mailserver.smtpclient;

import org.jspecify.annotations.NullMarked;
