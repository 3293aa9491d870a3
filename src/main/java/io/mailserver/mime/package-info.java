/**
 * The format of messages (RFC 5322, RFC 2045 and following) over octets, never over decoded text: fields and parts are ranges of the
 * message, so that signatures, IMAP sections and storage all speak of the same octets.
 *
 * <p>Where to start: {@link io.mailserver.mime.MimeParser} takes a message apart in one pass; {@link io.mailserver.mime.MimePart} is the
 * tree, {@link io.mailserver.mime.MimeStructure} its form in an index. {@link io.mailserver.mime.HeaderBlock} finds the fields of a
 * header; {@link io.mailserver.mime.HeaderText}, {@link io.mailserver.mime.AddressList}, {@link io.mailserver.mime.MessageIds}, {@link
 * io.mailserver.mime.DateTimeText} and {@link io.mailserver.mime.BaseSubject} say what is in them.
 *
 * <p>Invariants: parsing never fails (what is not understood is kept and marked), costs time linear in the input and bounded memory, and
 * is bounded by limits. CRLF ends a line; so does a bare LF, for files of other programs; a bare CR does not. Places in a message are
 * those of the message as it is served, with every line end as CRLF; {@link io.mailserver.mime.HeaderBlock} alone counts the octets it was
 * given. What comes out of a header as decoded text holds no line end and no NUL.
 *
 * <p>Threads: values, safe for any thread; streams and decoders belong to one.
 */
@NullMarked
package io.mailserver.mime;

import org.jspecify.annotations.NullMarked;
