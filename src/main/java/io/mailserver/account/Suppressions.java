package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Addresses elsewhere whose servers said that there is no such mailbox, by the account that wrote to them, in {@code system.db}: mail of
 * that account to them is refused at once, as who keeps sending to dead addresses is taken for a spammer. An entry counts for a time that
 * its readers name, and goes with its account.
 *
 * <p>Which accounts have entries is kept in memory, so that mail of those who have none, nearly all, costs no question to the database.
 * Safe for use by any thread; blocks for the database.
 */
public final class Suppressions {
    private static final int MAX_REASON = 500;
    private static final String SELECT = "SELECT account, address, since_ms, reason FROM suppressions ";

    private final SystemDatabase database;
    private final Time time;
    private final Set<String> having = ConcurrentHashMap.newKeySet();
    private volatile boolean loaded;

    Suppressions(SystemDatabase database, Time time) {
        this.database = database;
        this.time = time;
    }

    /**
     * How long entries count, and how many there are.
     *
     * @param lifetime since the server's word; zero for not at all
     * @param perAccount entries that one account has at most; a further one takes the place of the oldest
     */
    public record Bounds(Duration lifetime, int perAccount) {
        /** Whether there are suppressions at all. */
        public boolean on() {
            return lifetime.isPositive();
        }
    }

    /** Whether, and why, mail of an account to an address is refused. */
    public Optional<Suppression> find(String account, Address recipient, Bounds bounds) throws IOException {
        if (!bounds.on() || !mayHave(account)) {
            return Optional.empty();
        }
        return database.read(c -> Sql.first(c, row -> read(row, bounds), SELECT + "WHERE account = ? AND address = ? AND since_ms > ?",
                account, key(recipient), oldest(bounds)));
    }

    /**
     * Notes that a server knows no such mailbox. Noting it again only renews it.
     *
     * @param account whatever the queue calls the message's; nothing is noted where there is no such account, or where one of that name
     *     was made after the message
     * @param written when the message was accepted, to the second
     * @param reason the server's words
     * @return whether it was noted
     */
    public boolean add(String account, Address recipient, Instant written, String reason, Bounds bounds) throws IOException {
        Optional<Address> named = parse(account);
        if (!bounds.on() || named.isEmpty()) {
            return false;
        }
        boolean known = database.read(c -> {
            Optional<MailDomain> domain = DomainTable.find(c, named.get().domain().orElseThrow());
            return domain.isPresent() && AccountTable.find(c, domain.get().id(), named.get().localPart())
                    .filter(found -> !found.created().truncatedTo(ChronoUnit.SECONDS).isAfter(written)).isPresent();
        });
        if (!known) {
            return false;
        }
        String text = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
        database.note(c -> {
            Sql.update(c, "DELETE FROM suppressions WHERE since_ms <= ?", oldest(bounds));
            Sql.update(c, "DELETE FROM suppressions WHERE account = ? AND address = ?", account, key(recipient));
            Sql.update(c, "INSERT INTO suppressions (account, address, since_ms, reason) VALUES (?, ?, ?, ?)", account, key(recipient),
                    time.now().toEpochMilli(), text);
            trim(c, account, bounds.perAccount());
            return null;
        });
        having.add(account);
        return true;
    }

    private static void trim(Connection c, String account, int most) throws SQLException {
        long there = Sql.first(c, row -> row.getLong(1), "SELECT COUNT(*) FROM suppressions WHERE account = ?", account).orElse(0L);
        if (there > most) {
            Sql.update(c, """
                    DELETE FROM suppressions WHERE account = ? AND address IN (
                        SELECT address FROM suppressions WHERE account = ? ORDER BY since_ms, address LIMIT ?)""",
                    account, account, there - most);
        }
    }

    /** An address has taken a message: whatever was said of it before is over. */
    public void lift(String account, Address recipient) throws IOException {
        if (mayHave(account)) {
            database.note(c -> {
                Sql.update(c, "DELETE FROM suppressions WHERE account = ? AND address = ?", account, key(recipient));
                return null;
            });
        }
    }

    /**
     * Those of an account that count, by address.
     *
     * @throws OperatorException there is no such account
     */
    public List<Suppression> of(String typedAccount, Bounds bounds) throws IOException {
        Address account = LocalPart.parse(typedAccount);
        return database.read(c -> {
            Accounts.require(c, account);
            return Sql.list(c, row -> read(row, bounds), SELECT + "WHERE account = ? AND since_ms > ? ORDER BY address", account.toString(),
                    oldest(bounds));
        });
    }

    /**
     * Takes addresses off an account's list; off the disk when this returns.
     *
     * @param typedAddress empty for all
     * @return how many there were
     * @throws OperatorException there is no such account, or the address is not on its list
     */
    public int remove(String typedAccount, Optional<String> typedAddress) throws IOException {
        Address account = LocalPart.parse(typedAccount);
        Optional<String> address = typedAddress.map(Suppressions::key);
        return database.write(c -> {
            Accounts.require(c, account);
            int gone = address.isEmpty()
                    ? Sql.update(c, "DELETE FROM suppressions WHERE account = ?", account.toString())
                    : Sql.update(c, "DELETE FROM suppressions WHERE account = ? AND address = ?", account.toString(), address.get());
            if (address.isPresent() && gone == 0) {
                throw new OperatorException(LocalPart.printable(address.get()) + " is not on the list of " + account,
                        "suppression list " + account + " shows what is");
            }
            return gone;
        });
    }

    /** All of an account that goes, as part of the transaction in which it does. */
    static void deleteAll(Connection c, String account) throws SQLException {
        Sql.update(c, "DELETE FROM suppressions WHERE account = ?", account);
    }

    /** An account stays in memory after its last entry is gone: that costs a question, and nothing else. */
    private boolean mayHave(String account) throws IOException {
        if (!loaded) {
            having.addAll(database.read(c -> Sql.list(c, row -> row.getString(1), "SELECT DISTINCT account FROM suppressions")));
            loaded = true;
        }
        return having.contains(account);
    }

    private long oldest(Bounds bounds) {
        return time.now().minus(bounds.lifetime()).toEpochMilli();
    }

    /** Hardly any server tells local parts apart that differ in case alone (RFC 5321 §2.4). */
    private static String key(Address address) {
        return LocalPart.canonical(address.toString());
    }

    /** The same of what an operator typed: a domain in any script. */
    private static String key(String typed) {
        int at = typed.lastIndexOf('@');
        return LocalPart.canonical(Domain.parse(typed.substring(at + 1)).map(domain -> typed.substring(0, at + 1) + domain.ascii())
                .orElse(typed));
    }

    private static Optional<Address> parse(String account) {
        int at = account.lastIndexOf('@');
        return at < 1
                ? Optional.empty()
                : Domain.parse(account.substring(at + 1)).map(domain -> Address.of(account.substring(0, at), domain));
    }

    private static Suppression read(ResultSet row, Bounds bounds) throws SQLException {
        Instant since = Instant.ofEpochMilli(row.getLong(3));
        return new Suppression(row.getString(1), row.getString(2), since, since.plus(bounds.lifetime()), row.getString(4));
    }
}
