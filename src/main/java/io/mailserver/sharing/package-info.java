/**
 * Mailboxes that accounts share with one another (RFC 4314): who may do what, and one account's view of its own mail and of what others
 * let it see. {@link io.mailserver.sharing.SharedMail} is an {@link io.mailserver.store.AccountMail} like the store's own, so whatever is
 * built on that obeys the rights without knowing of them.
 *
 * <p>Invariants:
 * <ul>
 *   <li>A mailbox of another account that the user may not look up (right l) is not there: every call fails as for a missing one.
 *   <li>Rights are read at each call, so that what is taken away is gone at once, also for who has the mailbox open.
 *   <li>The owner has all rights, whatever the list says. Rights name accounts by their numbers, which are never given again: what was
 *       granted to a removed account is not granted to a later one of its name.
 *   <li>What is appended to a shared mailbox counts to its owner.
 * </ul>
 *
 * <p>Rights are kept in the owner's {@code account.db}; {@code system.db} only remembers who has granted something to whom, so that
 * listing need not open all accounts.
 *
 * <p>Threads: a {@code SharedMail} belongs to one session's thread, but for what it watches; all else any thread.
 *
 * <p>Start with {@link io.mailserver.sharing.SharedMail}, then {@code AccessList}.
 */
@NullMarked
package io.mailserver.sharing;

import org.jspecify.annotations.NullMarked;
