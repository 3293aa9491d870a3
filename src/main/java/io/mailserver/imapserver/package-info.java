/**
 * The server's side of IMAP (RFC 9051 and RFC 3501 side by side): one session a connection, one virtual thread a session, which alone
 * writes to the client. While a client is in IDLE a second thread waits for its next line, and both meet in {@code Wakeups}.
 *
 * <p>A session is one loop: read a command, check it against the table ({@link io.mailserver.imap.ImapVerb}), call the handler of its
 * family, write the {@link io.mailserver.imap.StatusResponse} it returns, after whatever else the client has to be told. What the
 * client knows of its mailbox is in {@code MailboxView}, the only class that knows sequence numbers.
 *
 * <p>Invariants:
 * <ul>
 *   <li>Nothing is written to a client under a lock of the store; nothing is told before the store has committed it.
 *   <li>EXPUNGE is told only where it may be (RFC 9051 §7.5.1); until then gone messages keep their numbers.
 *   <li>A client that does not read is closed after a while; what is written to it is never collected in memory.
 *   <li>Nothing a client sent in plaintext survives STARTTLS; no password is taken in plaintext but from configured networks.
 *   <li>Passwords and messages never reach log or trace. A bug ends a command, with a line in the log, and no other session.
 * </ul>
 *
 * <p>Threads: a session's objects belong to its thread, but for {@code Wakeups}. {@link io.mailserver.imapserver.ImapServer} serves any
 * number of connections at a time.
 *
 * <p>Start with {@link io.mailserver.imapserver.ImapServer}, then {@code ImapSession} and {@code Commands}, the table of handlers.
 */
@NullMarked
package io.mailserver.imapserver;

import org.jspecify.annotations.NullMarked;
