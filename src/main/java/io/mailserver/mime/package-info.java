/**
 * The format of messages (RFC 5322, later RFC 2045 and following) over octets, never over decoded text: fields and parts are ranges of
 * the message as it came, so that signatures, IMAP sections and storage all speak of the same octets.
 *
 * <p>Today: the header block. {@link io.mailserver.mime.HeaderBlock} finds the fields, {@link io.mailserver.mime.HeaderField} is one of
 * them.
 *
 * <p>Invariants: parsing never fails (what is not understood is kept and marked), costs time and memory linear in the input, and is
 * bounded by limits; nothing is copied before somebody asks for it. CRLF ends a line; so does a bare LF, for files of other programs; a
 * bare CR does not.
 *
 * <p>Threads: values, safe for any thread.
 */
@NullMarked
package io.mailserver.mime;

import org.jspecify.annotations.NullMarked;
