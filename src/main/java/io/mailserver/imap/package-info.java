/**
 * The words of IMAP (RFC 3501 and RFC 9051 side by side, and their extensions): commands, sequence sets, fetch items, search keys,
 * response codes, their parser and their writer, and the ENVELOPE and BODYSTRUCTURE of a message. No sockets of its own, no store, no
 * accounts, no configuration, no clock.
 *
 * <p>Frame first, then parse: only {@link io.mailserver.imap.ImapInput} touches the octets that come in and makes a
 * {@link io.mailserver.imap.ImapFrame} of a command with all its literals; {@link io.mailserver.imap.ImapCommandParser} turns a frame
 * into a {@link io.mailserver.imap.TaggedCommand} or throws the response that refuses it. All that goes out is written by
 * {@link io.mailserver.imap.ImapWriter}.
 *
 * <p>Invariants:
 * <ul>
 *   <li>A line ends with CRLF. After a command whose end is unknown nothing is executed: the connection ends.
 *   <li>No string of a command holds CR, LF or NUL, but for search strings, which may hold CR and LF (they come in literals).
 *   <li>Every length, depth and count has a limit; numbers are in the range that RFC 9051 gives them.
 *   <li>Mailbox names are Unicode here, whatever they are on the wire (RFC 3501 §5.1.3, RFC 9051 §5.1).
 * </ul>
 *
 * <p>Threads: values are immutable; an {@code ImapInput} and an {@code ImapWriter} belong to one thread at a time.
 *
 * <p>Start with {@link io.mailserver.imap.ImapVerb} and {@link io.mailserver.imap.ImapCommand}.
 */
@NullMarked
package io.mailserver.imap;

import org.jspecify.annotations.NullMarked;
