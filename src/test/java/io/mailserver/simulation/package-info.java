/**
 * The simulated world for tests: a clock moved by hand, a disk that fails, whole servers in a few lines, dialogues.
 *
 * <p>A dialogue is a text file under {@code src/test/resources/dialogues} that reads like the protocol, one behaviour each;
 * {@code ./dev dialogue FILE} plays one. Its lines:
 * <pre>
 * # RFC 5321 §4.1.1: the comment at the top says what is shown and which standard says so
 * ! set max-recipients 2        something done to the world; before the first C or S line: its settings
 * C: EHLO client.example        the client sends a line; CRLF is added
 * C| a\r\nb\n\x00\{1000:x}      the client sends exactly these octets; the last is x a thousand times
 * S: 250 2.1.0 Sender ok        the server answers this line
 * S: 221 /.*&#47; bye               with a regular expression between slashes (\/ is a slash)
 * S: 250 /id (?&lt;id&gt;.*)&#47;       a named group is a capture; ${id} stands for it from then on
 * S~ 250                        a whole reply with that code, whatever its lines say
 * S~ 250 has /SIZE .*&#47;          ... one of whose lines matches
 * S~ 250 lacks AUTH/.*&#47;         ... none of whose lines matches
 * S+ a1 * 3 EXISTS              everything up to the line that begins with a1 (IMAP), of which one line is that
 * S- a1 /.*EXPUNGE/             ... of which no line is that
 * S: (end)                      the server has closed
 * C2: NOOP                      another client, with a connection of its own from its first line on
 * M| a\r\n.b\r\n                the message stored last is exactly these octets, without the fields we add
 * </pre>
 *
 * <p>What {@code !} can do everywhere: {@code door NAME} (smtp, submission, submissions, lmtp) and {@code from ADDRESS} for the clients
 * that connect from then on; {@code connect [CLIENT]}; {@code imap CLIENT USER [CAPABILITY...] MAILBOX|-}: an IMAP session up to where it
 * becomes interesting; {@code tls [CLIENT]}: the client's TLS handshake;
 * {@code deflate [CLIENT]}: it compresses from now on; {@code half-close [CLIENT]};
 * {@code close [CLIENT]}. What it can do to a world stands in that world's {@code act}: {@link io.mailserver.simulation.SmtpWorld},
 * {@link io.mailserver.simulation.ImapWorld}.
 *
 * <p>Threads: one test uses one world. Nothing here sleeps or uses fixed ports.
 */
@NullMarked
package io.mailserver.simulation;

import org.jspecify.annotations.NullMarked;
