package io.mailserver.imapserver;

import io.mailserver.imap.Dialect;
import io.mailserver.imap.ImapInput;
import io.mailserver.imap.ImapWriter;
import io.mailserver.log.SessionTrace;
import io.mailserver.net.Connection;
import io.mailserver.sasl.ChannelBindings;
import io.mailserver.sasl.SaslLogin;
import io.mailserver.sharing.SharedMail;
import io.mailserver.store.AccountKey;
import io.mailserver.store.Mailboxes;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the handlers of one session share: who the client is, what it has switched on and selected, where answers go. */
final class SessionContext implements AutoCloseable {
    private final String id;
    private final Connection connection;
    private final ImapSettings settings;
    private final ImapServices services;
    private final SessionTrace trace;
    private final ImapWriter out;
    private final ImapInput input;
    private final Wakeups wakeups = new Wakeups();
    private final Set<Feature> enabled = EnumSet.noneOf(Feature.class);
    private String client = "";
    private @Nullable Login login;
    private @Nullable SelectedMailbox selected;
    private @Nullable Compression compression;
    private @Nullable Notifications notifications;

    /** An account whose mail this session has open. */
    private record Login(AccountKey account, SharedMail mail, AccountSessions.Member member) {}

    SessionContext(
            String id, Connection connection, ImapSettings settings, ImapServices services, SessionTrace trace, ImapInput.Peer peer) {
        this.id = id;
        this.connection = connection;
        this.settings = settings;
        this.services = services;
        this.trace = trace;
        this.out = new ImapWriter(new TracedOutput(connection.out(), trace));
        this.input = new ImapInput(connection.in(), peer);
    }

    String id() {
        return id;
    }

    Connection connection() {
        return connection;
    }

    ImapSettings settings() {
        return settings;
    }

    ImapServices services() {
        return services;
    }

    SessionTrace trace() {
        return trace;
    }

    /** The one place answers go. */
    ImapWriter out() {
        return out;
    }

    ImapInput input() {
        return input;
    }

    Wakeups wakeups() {
        return wakeups;
    }

    boolean isCompressed() {
        return compression != null;
    }

    /** From now on both directions are compressed; what was written before goes out as it is. */
    void compress() throws IOException {
        Compression started = new Compression(connection.in(), connection.out());
        compression = started;
        out.switchTo(new TracedOutput(started.out(), trace));
        input.switchTo(started.in());
    }

    // ---- before login

    boolean overTls() {
        return connection.tls().isPresent();
    }

    /** Whether a password is taken now. */
    boolean mayLogIn() {
        return overTls() || settings.plaintextLoginFrom(connection.remoteAddress());
    }

    SaslLogin saslLogin() {
        Optional<ChannelBindings> bindings = connection.tls().map(tls -> connection::channelBinding);
        return new SaslLogin(services.passwords(), connection.remoteAddress(), bindings);
    }

    /** What CAPABILITY names now. */
    List<String> capabilities() {
        List<String> names = loggedIn()
                ? Capabilities.afterLogin(settings.limits().maxMessageSize().octets())
                : Capabilities.beforeLogin(settings.startTls().isPresent() && !overTls(), mayLogIn(), saslLogin());
        names.removeIf(this::withholds);
        return names;
    }

    /**
     * The client has said what it is.
     *
     * @return whether it gets other capabilities than before
     */
    boolean clientIs(String nameAndVersion) {
        List<String> before = capabilities();
        client = nameAndVersion;
        return !capabilities().equals(before);
    }

    /** Whether a capability is withheld from this client. */
    boolean withholds(String capability) {
        return settings.limits().quirks().stream()
                .filter(quirk -> quirk.isAbout(client, connection.remoteAddress()))
                .anyMatch(quirk -> quirk.withhold().stream().anyMatch(each -> each.withheld().contains(capability)));
    }

    // ---- after login

    boolean loggedIn() {
        return login != null;
    }

    /** @param mail this session's from now on, to close */
    void loggedIn(AccountKey account, SharedMail mail, AccountSessions.Member member) {
        login = new Login(account, mail, member);
        trace.account(account.toString());
    }

    private Login login() {
        Login current = login;
        if (current == null) {
            throw new IllegalStateException("not logged in");
        }
        return current;
    }

    AccountKey account() {
        return login().account();
    }

    /** What the user sees: own mail, and what others share. */
    SharedMail mail() {
        return login().mail();
    }

    Mailboxes mailboxes() {
        return login().mail().mailboxes();
    }

    // ---- switched on

    boolean has(Feature feature) {
        return enabled.contains(feature);
    }

    /** Whether it was off. */
    boolean enable(Feature feature) {
        boolean added = enabled.add(feature);
        if (feature == Feature.QRESYNC) {
            enabled.add(Feature.CONDSTORE); // RFC 7162 §3.2.3
        }
        out.setUtf8(dialect().utf8Names());
        return added;
    }

    Dialect dialect() {
        return new Dialect(has(Feature.IMAP4REV2), has(Feature.UTF8_ACCEPT));
    }

    // ---- told without asking

    /** What the client wants to be told all the time, if it does. */
    Optional<Notifications> notifications() {
        return Optional.ofNullable(notifications);
    }

    void tellFromNowOn(Optional<Notifications> from) {
        Notifications before = notifications;
        notifications = from.orElse(null);
        if (before != null) {
            before.close();
        }
    }

    /** Tells what happened that the client did not ask for, as it may hear it now. */
    void tellNews(boolean expunges, boolean withUid) throws StoreException, IOException {
        Notifications all = notifications;
        if (all != null) {
            all.tellAfterCommand(expunges, withUid);
        } else if (isSelected()) {
            new MailboxNews(this).tell(expunges, withUid);
        }
    }

    // ---- selected

    boolean isSelected() {
        return selected != null;
    }

    SelectedMailbox selected() {
        SelectedMailbox current = selected;
        if (current == null) {
            throw new IllegalStateException("no mailbox is selected");
        }
        return current;
    }

    /** Begins a response about the message at an index of the view: by its number, or by its UID after ENABLE UIDONLY (RFC 9586 §3.3). */
    void beginFetch(int index) throws IOException {
        MailboxView view = selected().view();
        if (has(Feature.UIDONLY)) {
            out.beginUidFetch(Integer.toUnsignedLong(view.list().uid(index)));
        } else {
            out.beginFetch(view.numberAt(index));
        }
    }

    /** Whether what is gone is told by UIDs. */
    boolean tellsVanished() {
        return has(Feature.QRESYNC) || has(Feature.UIDONLY);
    }

    void select(SelectedMailbox mailbox) {
        selected = mailbox;
    }

    void unselect() {
        selected = null;
    }

    /** Back to the state of a new connection; TLS stays (RFC 8437 §3). */
    void logOut() {
        leave();
        enabled.clear();
        out.setUtf8(false);
    }

    /** Gives back the account, and the memory of compression. Idempotent. */
    @Override
    public void close() {
        leave();
        Compression started = compression;
        if (started != null) {
            started.close();
        }
    }

    private void leave() {
        tellFromNowOn(Optional.empty());
        selected = null;
        Login ended = login;
        login = null;
        if (ended != null) {
            services.sessions().leave(ended.account(), ended.member());
            ended.mail().close();
        }
    }
}
