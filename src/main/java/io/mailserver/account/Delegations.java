package io.mailserver.account;

import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which accounts may send as addresses of this server whose mail they do not get: a secretary as her boss, say. A right is for one address,
 * never for what leads to it or what it leads to, and goes with the account or the address.
 *
 * <p>All of it is kept in memory too, as it is asked for each message. Safe for use by any thread; changes block for the database.
 */
public final class Delegations {
    /** Rights of one account. */
    public static final int MAX_PER_ACCOUNT = 1_000;

    private final SystemDatabase database;
    private final Time time;
    private volatile Map<String, Set<String>> rights = Map.of();
    private volatile boolean stale = true;

    /** @param address as which the account may send; both canonical */
    public record Delegation(String account, String address, Instant since) {}

    Delegations(SystemDatabase database, Time time) {
        this.database = database;
        this.time = time;
        database.whenChanged(() -> stale = true);
    }

    /**
     * Whether an account was given the right to send as an address.
     *
     * @param account as its canonical address
     * @param address as a client wrote it
     */
    public boolean allows(String account, Address address) throws IOException {
        if (stale) {
            read();
        }
        return rights.getOrDefault(account, Set.of()).contains(LocalPart.canonical(address).toString());
    }

    private void read() throws IOException {
        stale = false;
        boolean done = false;
        try {
            rights = all().stream().collect(Collectors.groupingBy(
                    Delegation::account, Collectors.mapping(Delegation::address, Collectors.toUnmodifiableSet())));
            done = true;
        } finally {
            stale |= !done;
        }
    }

    /** All rights, by account and address. */
    public List<Delegation> all() throws IOException {
        return database.read(c -> Sql.list(c, Delegations::read, "SELECT account, address, since_ms FROM delegations ORDER BY 1, 2"));
    }

    /** Those of one account. */
    public List<Delegation> of(String account) throws IOException {
        return all().stream().filter(each -> each.account().equals(account)).toList();
    }

    private static Delegation read(ResultSet row) throws SQLException {
        return new Delegation(row.getString(1), row.getString(2), Instant.ofEpochMilli(row.getLong(3)));
    }

    /**
     * Gives an account the right to send as an account or alias of this server; on the disk when this returns.
     *
     * @throws OperatorException there is no such account or address, or it has too many
     */
    public Delegation grant(String typedAccount, String typedAddress) throws IOException {
        Address account = LocalPart.parse(typedAccount);
        Address address = LocalPart.parse(typedAddress);
        return database.write(c -> {
            Accounts.require(c, account);
            requireAddress(c, address);
            long there = Sql.first(c, row -> row.getLong(1), "SELECT COUNT(*) FROM delegations WHERE account = ?", account.toString())
                    .orElse(0L);
            if (there >= MAX_PER_ACCOUNT) {
                throw new OperatorException(account + " may send as " + there + " addresses already", "revoke some of them");
            }
            Delegation delegation = new Delegation(account.toString(), address.toString(), time.now());
            Sql.update(c, "DELETE FROM delegations WHERE account = ? AND address = ?", delegation.account(), delegation.address());
            Sql.update(c, "INSERT INTO delegations (account, address, since_ms) VALUES (?, ?, ?)", delegation.account(),
                    delegation.address(), delegation.since().toEpochMilli());
            return delegation;
        });
    }

    private static void requireAddress(Connection c, Address address) throws SQLException {
        MailDomain domain = Domains.require(c, address.domain().orElseThrow());
        Optional<Account> account = AccountTable.find(c, domain.id(), address.localPart());
        if (account.isEmpty() && AliasTable.find(c, domain.id(), address.localPart()).isEmpty() && !RoleAddress.is(address.localPart())) {
            throw new OperatorException("there is no account or alias " + address, "make it first: alias add " + address + " TARGET");
        }
    }

    /** Whether there was such a right. */
    public boolean revoke(String typedAccount, String typedAddress) throws IOException {
        Address account = LocalPart.parse(typedAccount);
        Address address = LocalPart.parse(typedAddress);
        return database.write(c ->
                Sql.update(c, "DELETE FROM delegations WHERE account = ? AND address = ?", account.toString(), address.toString()) > 0);
    }

    /** An account or alias goes, as part of that transaction: a later one of its name is somebody else's. */
    static void deleteAll(Connection c, Address gone) throws SQLException {
        Sql.update(c, "DELETE FROM delegations WHERE account = ? OR address = ?", gone.toString(), gone.toString());
    }
}
