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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which addresses elsewhere fail to take the mail that aliases forward to them. One that keeps failing is suspended: a server that goes on
 * sending to mailboxes that are gone is soon taken for a spammer's. Safe for use by any thread; blocks for the database.
 */
public final class Forwards {
    private static final String SELECT = """
            SELECT f.local_part, d.name, f.target_local, f.target_domain, f.failures, f.first_ms, f.reason, f.suspended_ms
            FROM forward_failures f JOIN domains d ON d.domain_id = f.domain_id
            """;
    private static final String KEY = "domain_id = ? AND local_part = ? AND target_local = ? AND target_domain = ?";
    private static final int MAX_REASON = 500;

    private final SystemDatabase database;
    private final Time time;
    /** Those with failures, so that a success of any other costs nothing. */
    private final Set<Forward> failing = ConcurrentHashMap.newKeySet();
    private volatile boolean loaded;

    Forwards(SystemDatabase database, Time time) {
        this.database = database;
        this.time = time;
    }

    /**
     * When a target is suspended.
     *
     * @param failures so many messages in a row
     * @param span the first of them at least so long ago
     */
    public record Patience(int failures, Duration span) {}

    /**
     * Notes that a message could not be delivered. Nothing happens where the alias does not name the target (any more).
     *
     * @return whether the target is suspended from now on
     */
    public boolean failed(Forward forward, String reason, Patience patience) throws IOException {
        Instant now = time.now();
        Optional<ForwardState> before = database.read(c -> {
            Optional<MailDomain> domain = domainOf(c, forward);
            return domain.isEmpty() || !isNamed(c, domain.get(), forward)
                    ? Optional.empty()
                    : Optional.of(find(c, domain.get(), forward).orElse(new ForwardState(forward, 0, now, "", Optional.empty())));
        });
        if (before.isEmpty() || before.get().suspended().isPresent()) {
            return false;
        }
        ForwardState state = before.get();
        int failures = state.failures() + 1;
        boolean suspend = failures >= patience.failures()
                && !state.firstFailure().plus(patience.span()).isAfter(now);
        String text = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
        ForwardState after =
                new ForwardState(forward, failures, state.firstFailure(), text, suspend ? Optional.of(now) : Optional.empty());
        if (suspend) {
            database.write(c -> put(c, after)); // Changes what the directory answers.
        } else {
            database.note(c -> put(c, after));
        }
        failing.add(forward);
        return suspend;
    }

    /** Notes that a message was delivered: earlier failures count no more. */
    public void succeeded(Forward forward) throws IOException {
        if (!loaded) {
            failing.addAll(database.read(c -> Sql.list(c, Forwards::read, SELECT)).stream().map(ForwardState::forward).toList());
            loaded = true;
        }
        if (failing.contains(forward)) {
            database.note(c -> {
                Optional<MailDomain> domain = domainOf(c, forward);
                if (domain.isPresent()) {
                    // A message from before its suspension may still arrive; whoever suspended it releases it.
                    Sql.update(c, "DELETE FROM forward_failures WHERE suspended_ms IS NULL AND " + KEY, key(domain.get(), forward));
                }
                return null;
            });
            failing.remove(forward);
        }
    }

    /** The targets of an alias that fail or are suspended. */
    public List<ForwardState> of(Address alias) throws IOException {
        return database.read(c -> Sql.list(c, Forwards::read, SELECT + "WHERE d.name = ? AND f.local_part = ? ORDER BY f.target_local",
                alias.host().toString(), alias.localPart()));
    }

    /** All targets that fail or are suspended, by alias. */
    public List<ForwardState> list() throws IOException {
        return database.read(c -> Sql.list(c, Forwards::read, SELECT + "ORDER BY d.name, f.local_part, f.target_local"));
    }

    /**
     * Forwards to the suspended targets of an alias again.
     *
     * @param typed the alias
     * @return those that were suspended
     */
    public List<Address> resume(String typed) throws IOException {
        Address alias = LocalPart.parse(typed);
        List<Address> resumed = of(alias).stream().filter(state -> state.suspended().isPresent())
                .map(state -> state.forward().target()).toList();
        if (resumed.isEmpty()) {
            throw new OperatorException("no target of " + alias + " is suspended", "see alias show " + alias);
        }
        database.write(c -> {
            Sql.update(c, "DELETE FROM forward_failures WHERE domain_id = ? AND local_part = ?",
                    Domains.require(c, alias.domain().orElseThrow()).id(), alias.localPart());
            return null;
        });
        failing.removeIf(forward -> forward.alias().equals(alias));
        return resumed;
    }

    /** Whether nothing goes to a target of an alias now. */
    static boolean isSuspended(Connection c, MailDomain domain, Forward forward) throws SQLException {
        return find(c, domain, forward).flatMap(ForwardState::suspended).isPresent();
    }

    /** Forgets what is known of an alias's targets. */
    static void forget(Connection c, long domainId, String localPart) throws SQLException {
        Sql.update(c, "DELETE FROM forward_failures WHERE domain_id = ? AND local_part = ?", domainId, localPart);
    }

    private static Optional<MailDomain> domainOf(Connection c, Forward forward) throws SQLException {
        Optional<Domain> domain = forward.alias().domain();
        return domain.isPresent() ? DomainTable.find(c, domain.get()) : Optional.empty();
    }

    private static boolean isNamed(Connection c, MailDomain domain, Forward forward) throws SQLException {
        return Sql.first(c, row -> true, "SELECT 1 FROM alias_targets WHERE " + KEY, key(domain, forward)).isPresent();
    }

    private static Optional<ForwardState> find(Connection c, MailDomain domain, Forward forward) throws SQLException {
        return Sql.first(c, Forwards::read, SELECT
                + "WHERE f.domain_id = ? AND f.local_part = ? AND f.target_local = ? AND f.target_domain = ?", key(domain, forward));
    }

    private static Object[] key(MailDomain domain, Forward forward) {
        return new Object[] {
            domain.id(), forward.alias().localPart(), forward.target().localPart(), forward.target().host().toString()
        };
    }

    private static Void put(Connection c, ForwardState state) throws SQLException {
        MailDomain domain = domainOf(c, state.forward()).orElseThrow(() -> new SQLException("the alias's domain is gone"));
        Sql.update(c, "DELETE FROM forward_failures WHERE " + KEY, key(domain, state.forward()));
        Sql.update(c, """
                INSERT INTO forward_failures
                    (domain_id, local_part, target_local, target_domain, failures, first_ms, reason, suspended_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                domain.id(), state.forward().alias().localPart(), state.forward().target().localPart(),
                state.forward().target().host().toString(), state.failures(), state.firstFailure().toEpochMilli(), state.reason(),
                state.suspended().map(Instant::toEpochMilli).orElse(null));
        return null;
    }

    private static ForwardState read(ResultSet row) throws SQLException {
        Address alias = Address.of(row.getString(1), new Domain(row.getString(2)));
        Address target = Address.of(row.getString(3), new Domain(row.getString(4)));
        long milliseconds = row.getLong(8);
        Optional<Instant> suspended = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(milliseconds));
        return new ForwardState(new Forward(alias, target), row.getInt(5), Instant.ofEpochMilli(row.getLong(6)), row.getString(7),
                suspended);
    }
}
