/**
 * The mail of accounts (DESIGN §6): their folders, the messages in them, and what clients ask of these; the format versions that every
 * store carries. Delivery, IMAP and whatever comes later go through {@link io.mailserver.store.AccountStore} and the
 * {@link io.mailserver.store.AccountMail} that it opens; below it are {@code Blobs} (Maildirs), {@code Index} and {@code account.db}
 * (SQLite), and {@code ChangeFeed}.
 *
 * <p>Standards: RFC 9051 and RFC 3501 (UIDs, flags, names), RFC 7162 (MODSEQ), RFC 8474 (ids), RFC 6154 (special use), RFC 5464, RFC 4314.
 *
 * <p>Invariants: a name of a folder made from an address is harmless, bounded and nobody else's; mail of a removed account is never
 * seen by a later one of the same name; a delivery is durable and visible in every account it names, or in none; a store newer than
 * this program is not touched, an older one is copied before it is changed. A UID is never given twice, a MODSEQ never goes back, what
 * was told is not taken back; the mailbox shows messages in the order of their UIDs. The Maildir is the truth for octets,
 * {@code account.db} for what cannot be derived, the index for flags; the index may be deleted at any time.
 *
 * <p>Threads: callers are virtual threads and block; files and databases are worked on by threads of the
 * {@link io.mailserver.base.PlatformPool}s, on which no lock of an account is taken. An open account has one owner in memory, which
 * commits a change, then shows it, then tells of it under no lock. Locks, from the outermost: {@code AccountLocks}, a mailbox's
 * {@code MailboxFiles}, the account's, a database's. Who holds one never writes to a client.
 *
 * <p>Start with {@link io.mailserver.store.AccountStore}, then {@code OpenAccount}, {@code OpenMailbox} and {@code StoredMailbox}.
 */
@NullMarked
package io.mailserver.store;

import org.jspecify.annotations.NullMarked;
