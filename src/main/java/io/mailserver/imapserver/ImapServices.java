package io.mailserver.imapserver;

import io.mailserver.account.Quota;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.log.Trace;
import io.mailserver.sasl.PasswordVerifier;
import io.mailserver.search.SearchIndex;
import io.mailserver.sharing.SharedMail;
import io.mailserver.store.AccountKey;
import io.mailserver.store.StoreException;

/**
 * What stands behind all sessions; each safe for use by any thread.
 *
 * @param mail opens the mail of an account that logged in
 * @param passwords who may log in
 * @param spool holds messages on their way in
 * @param searchIndexes has the texts of accounts ready
 * @param quotas says how much accounts may hold
 * @param sessions knows who is logged in
 * @param statistics counts
 * @param trace writes dialogues down
 * @param ids names sessions
 */
public record ImapServices(
        MailOpener mail,
        PasswordVerifier passwords,
        ContentSpool spool,
        SearchIndexes searchIndexes,
        Quotas quotas,
        AccountSessions sessions,
        ImapStatistics statistics,
        Trace trace,
        ImapSessionIds ids,
        Time time,
        EventLog log) {
    /** Finds the index of an account; {@link SearchIndex#NONE} where there is none. */
    @FunctionalInterface
    public interface SearchIndexes {
        SearchIndex of(AccountKey account);
    }

    /** Says how much an account may hold; {@link Quota#NONE} also where that cannot be known. */
    @FunctionalInterface
    public interface Quotas {
        Quota of(AccountKey account);
    }

    /** Opens accounts; the session closes what it gets. */
    @FunctionalInterface
    public interface MailOpener {
        SharedMail open(AccountKey account) throws StoreException;
    }
}
