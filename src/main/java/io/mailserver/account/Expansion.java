package io.mailserver.account;

import io.mailserver.smtp.Address;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the accounts behind one address, on the database's thread. For each address, in this order: an account of that name, an alias
 * of that name, the same two for the name without {@code +detail}, the role addresses, the domain's catch-all. Targets of aliases are
 * looked at in the same way, depth first; each address once, so that loops end.
 *
 * <p>An alias whose targets are partly disabled, suspended or gone goes to the others. Targets in domains that are not ours are noted as
 * {@link Forward}s; a catch-all leads to none.
 */
final class Expansion {
    /** How many aliases may stand between an address and an account. */
    static final int MAX_DEPTH = 10;

    /** How many accounts one address may reach. */
    static final int MAX_ACCOUNTS = 1_000;

    /** How many addresses may be looked at for one. */
    private static final int MAX_VISITS = 5_000;

    private final Connection connection;
    private final Map<Long, AccountRef> accounts = new LinkedHashMap<>();
    /** By target. */
    private final Map<Address, Forward> forwards = new LinkedHashMap<>();
    /** Whether an address looked at before leads anywhere. */
    private final Map<Address, Boolean> visited = new HashMap<>();
    private final SequencedSet<Address> path = new LinkedHashSet<>();
    private boolean ownDomain;
    private boolean foundDisabled;
    private Resolution.@Nullable Reports reports;
    private boolean tooLarge;
    private @Nullable List<Address> loop;

    private Expansion(Connection connection) {
        this.connection = connection;
    }

    /** The expansion of an address in canonical form. */
    static Expansion of(Connection connection, Address canonical) throws SQLException {
        Expansion expansion = new Expansion(connection);
        expansion.visit(canonical);
        return expansion;
    }

    Resolution resolution() {
        if (tooLarge) {
            return new Resolution.Unavailable();
        }
        if (!accounts.isEmpty() || !forwards.isEmpty()) {
            return new Resolution.Local(List.copyOf(accounts.values()), List.copyOf(forwards.values()));
        }
        if (reports != null) {
            return reports;
        }
        if (foundDisabled) {
            return new Resolution.Disabled();
        }
        return ownDomain ? new Resolution.UnknownUser() : new Resolution.NotLocal();
    }

    /** Whether a limit was passed; the accounts found are then not all. */
    boolean tooLarge() {
        return tooLarge;
    }

    /** The first loop met, from the address it begins with to the same address again; empty if there is none. */
    Optional<List<Address>> loop() {
        return Optional.ofNullable(loop);
    }

    /** Whether the address leads to an enabled account, or to another server. */
    private boolean visit(Address address) throws SQLException {
        if (path.contains(address)) {
            noteLoop(address);
            return false;
        }
        Boolean before = visited.get(address);
        if (before != null) {
            return before;
        }
        if (tooLarge || path.size() > MAX_DEPTH || visited.size() >= MAX_VISITS) {
            tooLarge = true;
            return false;
        }
        path.addLast(address);
        boolean leads = look(address);
        path.removeLast();
        visited.put(address, leads);
        return leads;
    }

    private boolean look(Address address) throws SQLException {
        Optional<MailDomain> found =
                address.domain().isPresent() ? DomainTable.find(connection, address.domain().get()) : Optional.empty();
        if (found.isEmpty()) {
            return false;
        }
        ownDomain = true;
        MailDomain domain = found.get();
        if (!domain.enabled()) {
            foundDisabled = true;
            return false;
        }
        String local = address.localPart();
        int detail = local.indexOf(LocalPart.DETAIL_SEPARATOR);
        String base = detail > 0 ? local.substring(0, detail) : local;
        for (String name : detail > 0 ? List.of(local, base) : List.of(local)) {
            Optional<Account> account = AccountTable.find(connection, domain.id(), name);
            if (account.isPresent()) {
                return take(account.get());
            }
            Optional<Alias> alias = AliasTable.find(connection, domain.id(), name);
            if (alias.isPresent()) {
                return follow(domain, alias.get());
            }
        }
        if (RoleAddress.is(base)) {
            return lookForRole(domain, base);
        }
        Optional<ReportAddress> report = ReportAddress.of(base);
        if (report.isPresent()) {
            reports = new Resolution.Reports(report.get(), domain.name());
            return false;
        }
        return domain.catchAll().isPresent() && visit(domain.catchAll().get());
    }

    private boolean follow(MailDomain domain, Alias alias) throws SQLException {
        if (!alias.enabled()) {
            foundDisabled = true;
            return false;
        }
        boolean leads = false;
        for (Address target : alias.targets()) {
            boolean here = target.domain().isPresent() && DomainTable.find(connection, target.domain().get()).isPresent();
            leads |= here ? visit(LocalPart.canonical(target)) : forward(domain, new Forward(alias.address(), target));
        }
        return leads;
    }

    private boolean forward(MailDomain domain, Forward forward) throws SQLException {
        if (Forwards.isSuspended(connection, domain, forward)) {
            foundDisabled = true;
            return false;
        }
        if (forwards.size() >= MAX_ACCOUNTS && !forwards.containsKey(forward.target())) {
            tooLarge = true;
            return false;
        }
        forwards.putIfAbsent(forward.target(), forward);
        return true;
    }

    /** RFC 5321 §4.5.1: every domain has a postmaster, whatever else was forgotten. */
    private boolean lookForRole(MailDomain domain, String role) throws SQLException {
        if (role.equals(RoleAddress.ABUSE)) {
            return visit(Address.of(RoleAddress.POSTMASTER, domain.name()));
        }
        Optional<MailDomain> first = DomainTable.first(connection);
        if (first.isPresent()
                && first.get().id() != domain.id()
                && visit(Address.of(RoleAddress.POSTMASTER, first.get().name()))) {
            return true;
        }
        Optional<Account> anyone = AccountTable.firstEnabled(connection, domain.id());
        return anyone.isPresent() && take(anyone.get());
    }

    private boolean take(Account account) {
        if (!account.enabled()) {
            foundDisabled = true;
            return false;
        }
        if (accounts.size() >= MAX_ACCOUNTS && !accounts.containsKey(account.id())) {
            tooLarge = true;
            return false;
        }
        accounts.put(account.id(), account.ref());
        return true;
    }

    private void noteLoop(Address again) {
        if (loop == null) {
            List<Address> found = new ArrayList<>();
            for (Address address : path) {
                if (!found.isEmpty() || address.equals(again)) {
                    found.add(address);
                }
            }
            found.add(again);
            loop = List.copyOf(found);
        }
    }
}
