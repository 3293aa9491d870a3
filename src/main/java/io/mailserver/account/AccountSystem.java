package io.mailserver.account;

import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Everything of this package over one data folder, put together: what a server or a command opens. The caller holds the data lock,
 * and closes this.
 */
public final class AccountSystem implements AutoCloseable {
    private final SystemDatabase database;
    private final PasswordHasher hasher;
    private final Domains domains;
    private final Accounts accounts;
    private final Credentials credentials;
    private final Aliases aliases;
    private final DkimKeys dkimKeys;
    private final Reports reports;
    private final SenderLists senderLists;
    private final SenderMemory senderMemory;
    private final SendingLimits sendingLimits;
    private final Suppressions suppressions;
    private final ReturnedMail returnedMail;
    private final Delegations delegations;
    private final Shares shares;
    private final Forwards forwards;
    private final ServerSecrets secrets;
    private final VacationResponses vacations;
    private final Directory directory;
    private final LoginThrottle throttle;
    private final Authenticator authenticator;
    private final AccessTokens accessTokens;
    private final AccountLinks links;
    private final RequestLogin requestLogin;
    private final OwnPasswords ownPasswords;

    private AccountSystem(
            SystemDatabase database, PasswordHasher hasher, LoginLimits limits, SecureRandom random, Time time, EventLog log)
            throws IOException {
        this.database = database;
        this.hasher = hasher;
        domains = new Domains(database, time);
        credentials = new Credentials(database, hasher, time);
        accounts = new Accounts(database, credentials, time);
        aliases = new Aliases(database, time);
        dkimKeys = new DkimKeys(database, random, time);
        reports = new Reports(database);
        senderLists = new SenderLists(database);
        senderMemory = new SenderMemory(database, time);
        sendingLimits = new SendingLimits(database, time);
        suppressions = new Suppressions(database, time);
        returnedMail = new ReturnedMail(database, time);
        delegations = new Delegations(database, time);
        shares = new Shares(database);
        forwards = new Forwards(database, time);
        secrets = new ServerSecrets(database, random);
        vacations = new VacationResponses(database);
        directory = new Directory(database, log);
        throttle = new LoginThrottle(limits, time);
        authenticator = new Authenticator(database, hasher, throttle, random, time, log);
        accessTokens = new AccessTokens(database, authenticator, random, time, log);
        links = new AccountLinks(database, credentials, throttle, random, time, log);
        requestLogin = new RequestLogin(authenticator, accessTokens, accounts, log);
        ownPasswords = new OwnPasswords(authenticator, credentials);
    }

    /**
     * Opens {@code system.db}, and makes it in a data folder that has none.
     *
     * @param data exists
     * @throws io.mailserver.base.OperatorException the file cannot be used
     */
    public static AccountSystem open(Path data, LoginLimits limits, SecureRandom random, Time time, EventLog log) throws IOException {
        return open(data, new PasswordHasher(random), limits, random, time, log);
    }

    static AccountSystem open(Path data, PasswordHasher hasher, LoginLimits limits, SecureRandom random, Time time, EventLog log)
            throws IOException {
        return new AccountSystem(SystemDatabase.open(data), hasher, limits, random, time, log);
    }

    /** Domains, for operators. */
    public Domains domains() {
        return domains;
    }

    /** Accounts, for operators. */
    public Accounts accounts() {
        return accounts;
    }

    /** Passwords, for operators. */
    public Credentials credentials() {
        return credentials;
    }

    /** Invitations, and ways to new passwords. */
    public AccountLinks links() {
        return links;
    }

    /** Aliases, for operators. */
    public Aliases aliases() {
        return aliases;
    }

    /** What our domains sign with. */
    public DkimKeys dkimKeys() {
        return dkimKeys;
    }

    /** What others reported, and what we shall report. */
    public Reports reports() {
        return reports;
    }

    /** Wanted and unwanted senders. */
    public SenderLists senderLists() {
        return senderLists;
    }

    /** What is remembered of senders. */
    public SenderMemory senderMemory() {
        return senderMemory;
    }

    /** How much accounts send, and may send. */
    public SendingLimits sendingLimits() {
        return sendingLimits;
    }

    /** Addresses elsewhere that accounts do not write to any more. */
    public Suppressions suppressions() {
        return suppressions;
    }

    /** What others reported of mail that they had taken. */
    public ReturnedMail returnedMail() {
        return returnedMail;
    }

    /** Who may send as others. */
    public Delegations delegations() {
        return delegations;
    }

    /** Who shares mailboxes with whom. */
    public Shares shares() {
        return shares;
    }

    /** How it goes with mail that aliases forward to other servers. */
    public Forwards forwards() {
        return forwards;
    }

    /** Automatic answers of accounts. */
    public VacationResponses vacations() {
        return vacations;
    }

    /** Keys of the server's own. */
    public ServerSecrets secrets() {
        return secrets;
    }

    /** Who gets the mail for an address. */
    public Directory directory() {
        return directory;
    }

    /** What is locked after too many failures. */
    public LoginThrottle throttle() {
        return throttle;
    }

    /** Who may log in. */
    public Authenticator authenticator() {
        return authenticator;
    }

    /** Devices that are signed in. */
    public AccessTokens accessTokens() {
        return accessTokens;
    }

    /** Who sent an HTTP request. */
    public RequestLogin requestLogin() {
        return requestLogin;
    }

    /** Whether somebody is the owner of an account. */
    public OwnPasswords ownPasswords() {
        return ownPasswords;
    }

    /** Has {@code listener} called after each change of domains, accounts or passwords, on a virtual thread of its own. */
    public void whenChanged(Runnable listener) {
        database.whenChanged(() -> Thread.ofVirtual().name("accounts-changed").start(listener));
    }

    /** Whether the database answers, for {@code /ready}. */
    public boolean answers() {
        return database.answers();
    }

    /** Registers the figures of this package; once. */
    public void measure(Metrics metrics) {
        directory.measure(metrics);
        authenticator.measure(metrics);
        metrics.counter("password_hashes", "Argon2id hashes computed.", hasher::hashes);
        metrics.gauge("login_locks", "Accounts and networks locked after failed logins.", () -> throttle.locked().size());
    }

    @Override
    public void close() throws IOException {
        try {
            database.close();
        } finally {
            hasher.close();
        }
    }
}
