/**
 * The server's side of POP3 (RFC 1939, RFC 2449, RFC 2595, RFC 5034, RFC 6856): one session a connection, one virtual thread a session,
 * over the INBOX of the account that logs in.
 *
 * <p>Invariants:
 * <ul>
 *   <li>A message is removed only by QUIT, and only where the client said DELE; a connection that breaks removes nothing.
 *   <li>The messages of a session are those of its login, with the same numbers until its end; one session an account at a time.
 *   <li>A unique id never stands for another message.
 *   <li>Nothing a client sent in plaintext survives STLS; no password is taken in plaintext but from configured networks.
 *   <li>Passwords and messages never reach log or trace. A bug ends a command and no other session.
 * </ul>
 *
 * <p>Threads: a session's objects belong to its thread; {@link io.mailserver.pop3server.Pop3Server} serves any number of connections.
 *
 * <p>Start with {@link io.mailserver.pop3server.Pop3Server}, then {@code Pop3Session}.
 */
@NullMarked
package io.mailserver.pop3server;

import org.jspecify.annotations.NullMarked;
