/**
 * The words of SMTP (RFC 5321 and its extensions): addresses, envelopes, commands, replies, the Received field, and their parsers. No
 * sockets of its own, no configuration, no clock.
 *
 * <p>Frame first, then parse: only {@link io.mailserver.smtp.SmtpInput} (with {@link io.mailserver.smtp.DataReader} and
 * {@link io.mailserver.smtp.ChunkReader}) touches the octets that come in; {@link io.mailserver.smtp.SmtpCommandParser} turns one line
 * into a {@link io.mailserver.smtp.SmtpCommand} or throws the reply that refuses it.
 *
 * <p>Invariants:
 * <ul>
 *   <li>A line ends with CRLF and with nothing else. A bare LF or CR never ends a command, never ends a message, and a message that holds
 *       one is refused as a whole (RFC 5321 §2.3.8, §4.1.1.4): what one server takes for the end of a message must be it for all.
 *   <li>No value made here holds CR, LF or NUL; a {@link io.mailserver.smtp.Reply} is printable US-ASCII.
 *   <li>Every length has a limit.
 * </ul>
 *
 * <p>Threads: values are immutable; an {@code SmtpInput} belongs to its session's thread.
 *
 * <p>Start with {@link io.mailserver.smtp.SmtpVerb} and {@link io.mailserver.smtp.SmtpCommand}.
 */
@NullMarked
package io.mailserver.smtp;

import org.jspecify.annotations.NullMarked;
