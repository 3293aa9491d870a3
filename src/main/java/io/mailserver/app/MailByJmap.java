package io.mailserver.app;

import io.mailserver.account.AccountSystem;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.Time;
import io.mailserver.config.Config;
import io.mailserver.jmap.Jmap;
import io.mailserver.jmap.JmapServices;
import io.mailserver.jmap.Owner;
import io.mailserver.jmap.OwnerServices;
import io.mailserver.jmap.QuotaType;
import io.mailserver.jmap.SendingServices;
import io.mailserver.jmap.Submissions;
import io.mailserver.jmap.Uploads;
import io.mailserver.log.EventLog;
import io.mailserver.net.HttpMount;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Supplier;

/** JMAP put together over the store. Closed by who made it, after the HTTP listeners. */
final class MailByJmap implements AutoCloseable {
    private final Uploads uploads;
    private final Jmap jmap;
    private final DataFolder data;

    private MailByJmap(Uploads uploads, Jmap jmap, DataFolder data) {
        this.uploads = uploads;
        this.jmap = jmap;
        this.data = data;
    }

    static MailByJmap over(
            DataFolder data, Storage storage, ContentSpool spool, Supplier<Config> config, Time time, EventLog log) {
        Uploads uploads = new Uploads(spool, () -> config.get().jmap(), time);
        JmapServices services = new JmapServices(
                storage.store(), storage.searchIndexes()::of, uploads, () -> config.get().jmap(), time, log);
        return new MailByJmap(uploads, new Jmap(services), data);
    }

    /** To add methods and capabilities before {@link #mounts}. */
    Jmap jmap() {
        return jmap;
    }

    /** Offers sending and quotas. */
    void offer(SendingServices sending) {
        Submissions.addTo(jmap, sending);
        QuotaType.addTo(jmap, account -> Storage.quota(data, account));
    }

    /**
     * Offers users what they change of their own accounts.
     *
     * @param hostname what the server's own Authentication-Results bear
     */
    void offerOwners(String hostname, SecureRandom random) {
        AccountSystem accounts = data.accounts();
        Owner.addTo(jmap, new OwnerServices(accounts.vacations(), accounts.accessTokens(), accounts.credentials(),
                accounts.ownPasswords(), hostname, random));
    }

    List<HttpMount> mounts() {
        return jmap.mounts(data.accounts().requestLogin()::decide);
    }

    @Override
    public void close() {
        uploads.close();
    }
}
