/**
 * Who has a mailbox here, who gets the mail for an address, and who may log in: domains, accounts, aliases and passwords in
 * {@code system.db}.
 *
 * <p>Standards: RFC 5321 §2.4 and §4.5.1 (local parts, postmaster), RFC 6531 (UTF-8 local parts), RFC 2142 (role addresses), RFC 5233
 * (subaddresses), RFC 9106 (Argon2), RFC 5802, RFC 5803 and RFC 7677 (SCRAM keys), RFC 4013 (SASLprep),
 * RFC 6750, RFC 7617 and RFC 9700 (bearer tokens, Basic, refresh tokens).
 *
 * <p>Invariants: the id of a domain, account or password is never given again. A committed change is on the disk before its call
 * returns. A password is nowhere but in memory, and there only while it is looked at; it is in no log and no exception. An answer of
 * the directory is never older than the last change. A name that nobody has costs whoever guesses it as much time as one that exists.
 *
 * <p>Threads: the database is used by one platform thread ({@link io.mailserver.account.SystemDatabase}), hashes are computed by a few
 * others ({@link io.mailserver.account.PasswordHasher}); everything public may be called from any thread and blocks plainly. Never
 * call from the database's own thread into something that waits.
 *
 * <p>Start with {@link io.mailserver.account.Directory} and {@link io.mailserver.account.Authenticator}; operators' changes are in
 * {@link io.mailserver.account.Domains}, {@link io.mailserver.account.Accounts} and {@link io.mailserver.account.Aliases}.
 */
@NullMarked
package io.mailserver.account;

import org.jspecify.annotations.NullMarked;
