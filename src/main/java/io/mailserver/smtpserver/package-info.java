/**
 * The server's side of SMTP (RFC 5321), submission (RFC 6409) and LMTP (RFC 2033): one session a connection, one virtual thread a session.
 *
 * <p>A session is one loop: read a line, parse it, check it against the table ({@link io.mailserver.smtp.SmtpVerb}), call the handler,
 * write the {@link io.mailserver.smtp.Reply} it returns. State is one {@code Phase}; a transaction is one immutable
 * {@link io.mailserver.smtp.Envelope}, so RSET is one assignment. Nothing is decided here about mail: who is a recipient
 * ({@link io.mailserver.smtpserver.RecipientPolicy}) and what happens to a message ({@link io.mailserver.smtpserver.MessageDelivery}) is
 * asked of what stands behind.
 *
 * <p>Invariants:
 * <ul>
 *   <li>250 after DATA or the last BDAT is written only after {@code MessageDelivery} said so.
 *   <li>Replies are written in one place and flushed only before a read that may block, so a pipelined batch costs one write.
 *   <li>Whatever is wrong with a message, it is read to its true end (or the connection closed) before anything is taken for a command.
 *   <li>Nothing a client sent in plaintext survives STARTTLS; no password is taken in plaintext unless configured.
 *   <li>Every wait for the client has a deadline that its octets do not stretch.
 *   <li>Passwords and message bodies never reach log or trace.
 * </ul>
 *
 * <p>Threads: a session's objects belong to its thread. {@link io.mailserver.smtpserver.SmtpServer} serves any number of connections at a
 * time.
 *
 * <p>Start with {@link io.mailserver.smtpserver.SmtpServer}, then {@code SmtpSession}.
 */
@NullMarked
package io.mailserver.smtpserver;

import org.jspecify.annotations.NullMarked;
