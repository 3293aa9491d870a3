package io.mailserver.pop3server;

import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.log.Trace;
import io.mailserver.sasl.PasswordVerifier;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.StoreException;

/**
 * What stands behind all sessions; each safe for use by any thread.
 *
 * @param mail opens the mail of an account that logged in
 * @param passwords who may log in
 * @param maildrops who has a maildrop open
 * @param statistics counts
 * @param trace writes dialogues down
 */
public record Pop3Services(
        MailOpener mail,
        PasswordVerifier passwords,
        Maildrops maildrops,
        Pop3Statistics statistics,
        Trace trace,
        Time time,
        EventLog log) {
    /** Opens accounts; the session closes what it gets. */
    @FunctionalInterface
    public interface MailOpener {
        AccountMail open(AccountKey account) throws StoreException;
    }
}
