/**
 * Searching, sorting and threading of messages, for every protocol. Where to start: {@link io.mailserver.search.Query} is what can be
 * asked, {@link io.mailserver.search.MailboxSearch} answers it, {@link io.mailserver.search.SearchIndex} has the texts ready, {@link
 * io.mailserver.search.SortOrder} and {@link io.mailserver.search.Threads} order what was found.
 *
 * <p>Standards: searching of RFC 9051 §6.4.4 with the collation of RFC 5051, sorting and threading of RFC 5256, RFC 5957.
 *
 * <p>Invariants: an answer is exact (substrings of decoded text under i;unicode-casemap) whatever the index has: what it lacks is read
 * from the messages. The index can be deleted at any time. Memory does not grow with the size of mailboxes beyond some octets for each
 * message, nor with the size of messages.
 *
 * <p>Threads: a search belongs to the thread that asked; indexing has a thread of its own.
 */
@NullMarked
package io.mailserver.search;

import org.jspecify.annotations.NullMarked;
