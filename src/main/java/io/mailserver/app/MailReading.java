package io.mailserver.app;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Directory;
import io.mailserver.account.Quota;
import io.mailserver.account.Resolution;
import io.mailserver.base.ContentSpool;
import io.mailserver.config.Config;
import io.mailserver.config.ListenerConfig;
import io.mailserver.imapserver.AccountSessions;
import io.mailserver.imapserver.ImapServer;
import io.mailserver.imapserver.ImapServices;
import io.mailserver.imapserver.ImapSessionIds;
import io.mailserver.imapserver.ImapSettings;
import io.mailserver.imapserver.ImapStatistics;
import io.mailserver.metrics.Metrics;
import io.mailserver.net.ConnectionHandler;
import io.mailserver.net.ServerTls;
import io.mailserver.pop3server.Maildrops;
import io.mailserver.pop3server.Pop3Server;
import io.mailserver.pop3server.Pop3Services;
import io.mailserver.pop3server.Pop3Settings;
import io.mailserver.pop3server.Pop3Statistics;
import io.mailserver.sharing.AccountDirectory;
import io.mailserver.sharing.SharedMail;
import io.mailserver.smtp.Address;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How users read their mail, put together: IMAP and POP3 sessions over the store. */
final class MailReading {
    private final ImapServices services;
    private final Pop3Services pop3;

    private MailReading(ImapServices services, Pop3Services pop3) {
        this.services = services;
        this.pop3 = pop3;
    }

    static MailReading over(MailFlow.Parts parts, AccountStore store, ContentSpool spool) {
        SharedMail.Parts sharing = new SharedMail.Parts(
                store::open,
                new AccountDirectory(parts.data().accounts().directory(), parts.data().accounts().shares()),
                spool,
                parts.log());
        ImapServices services = new ImapServices(
                account -> SharedMail.open(account, sharing),
                parts.data().accounts().authenticator(),
                spool,
                parts.storage().searchIndexes()::of,
                account -> quota(parts.data().accounts().directory(), account),
                new AccountSessions(),
                new ImapStatistics(),
                parts.trace(),
                new ImapSessionIds(parts.time().now()),
                parts.time(),
                parts.log());
        Directory directory = parts.data().accounts().directory();
        Pop3Services pop3 = new Pop3Services(
                store::open,
                parts.data().accounts().authenticator(),
                new Maildrops(),
                new Pop3Statistics(),
                parts.trace(),
                parts.time(),
                parts.log());
        parts.data().accounts().whenChanged(() -> {
            services.sessions().endUnless(account -> mayLogIn(directory, account));
            pop3.maildrops().endUnless(account -> mayLogIn(directory, account));
        });
        return new MailReading(services, pop3);
    }

    private static Quota quota(Directory directory, AccountKey account) {
        Resolution resolution = directory.resolve(Address.of(account.localPart(), account.domain()));
        return resolution instanceof Resolution.Local local && local.accounts().size() == 1
                ? local.accounts().getFirst().quota()
                : Quota.NONE;
    }

    private static boolean mayLogIn(Directory directory, AccountKey account) {
        Resolution resolution = directory.resolve(Address.of(account.localPart(), account.domain()));
        return resolution instanceof Resolution.Local || resolution instanceof Resolution.Unavailable;
    }

    /** The sessions of one listener; each new one sees the configuration of its moment. */
    ConnectionHandler sessions(ListenerConfig listener, String hostname, ServerTls tls, Supplier<Config> config) {
        return new ImapServer(() -> settings(listener, hostname, tls, config.get()), services);
    }

    private static ImapSettings settings(ListenerConfig listener, String hostname, ServerTls tls, Config config) {
        return new ImapSettings(
                hostname,
                config.imap(),
                config.auth(),
                listener.tls() == ListenerConfig.Tls.STARTTLS ? Optional.of(tls) : Optional.empty(),
                listener.requireTls());
    }

    /** The same for POP3. */
    ConnectionHandler pop3Sessions(ListenerConfig listener, String hostname, ServerTls tls, Supplier<Config> config) {
        return new Pop3Server(
                () -> new Pop3Settings(
                        hostname,
                        config.get().pop3(),
                        config.get().auth(),
                        listener.tls() == ListenerConfig.Tls.STARTTLS ? Optional.of(tls) : Optional.empty(),
                        listener.requireTls()),
                pop3);
    }

    /** Registers the figures of sessions; once. */
    void measure(Metrics metrics) {
        services.statistics().measure(metrics);
        pop3.statistics().measure(metrics);
        metrics.gauge("imap_sessions_logged_in", "IMAP sessions that are logged in now.", () -> services.sessions().open());
    }
}
