/**
 * The checks and signatures of the command line: what {@code ./mailserver check} and {@code sign} do with a message in a file and a
 * resolver (SPF RFC 7208, DKIM RFC 6376, ARC RFC 8617, DMARC RFC 9989).
 *
 * <p>{@link io.mailserver.check.SenderChecks} and {@link io.mailserver.check.Signing} only call the libraries and put what these found
 * into words and data; nothing is decided here. {@link io.mailserver.check.MessageFile} lets files with LF line ends count as the message
 * they stand for.
 *
 * <p>Invariants: the first word of a report is one of the words of the standard; no octet of a message can end a line of a report.
 *
 * <p>Threads: values and services without state; blocking for files and the DNS.
 */
@NullMarked
package io.mailserver.check;

import org.jspecify.annotations.NullMarked;
