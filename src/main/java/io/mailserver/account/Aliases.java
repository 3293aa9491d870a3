package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Addresses whose mail goes to others, here or at other servers, as operators change them. Every refusal is an {@link OperatorException};
 * an {@code IOException} means that nothing was changed. Safe for use by any thread.
 */
public final class Aliases {
    /** How many targets one alias may name. */
    public static final int MAX_TARGETS = 100;

    private final SystemDatabase database;
    private final Time time;

    public Aliases(SystemDatabase database, Time time) {
        this.database = database;
        this.time = time;
    }

    /**
     * Makes an alias, or points postmaster@ or abuse@ elsewhere.
     *
     * @param typed the alias's address
     * @param typedTargets one to {@link #MAX_TARGETS} addresses
     */
    public Alias add(String typed, List<String> typedTargets) throws IOException {
        Address address = LocalPart.parse(typed);
        List<Address> asTyped = parseTargets(typedTargets);
        return database.write(c -> {
            List<Address> targets = canonical(c, asTyped);
            MailDomain domain = requireDomain(c, address);
            if (AliasTable.find(c, domain.id(), address.localPart()).isPresent()) {
                throw new OperatorException(
                        "alias " + address + " is here already", "change its targets with: alias set " + address + " TARGET...");
            }
            if (AccountTable.find(c, domain.id(), address.localPart()).isPresent()) {
                throw new OperatorException(
                        address + " is an account", "choose another address for the alias, or remove the account first");
            }
            AliasTable.insert(c, domain.id(), address.localPart(), targets, time.now());
            checkTargets(c, address, targets);
            return new Alias(address, targets, true, false);
        });
    }

    /** Replaces the targets of an alias. */
    public Alias setTargets(String typed, List<String> typedTargets) throws IOException {
        Address address = LocalPart.parse(typed);
        List<Address> asTyped = parseTargets(typedTargets);
        return database.write(c -> {
            List<Address> targets = canonical(c, asTyped);
            MailDomain domain = requireDomain(c, address);
            Alias old = require(c, domain, address);
            Forwards.forget(c, domain.id(), address.localPart());
            AliasTable.setTargets(c, domain.id(), address.localPart(), targets);
            checkTargets(c, address, targets);
            return new Alias(address, targets, old.enabled(), false);
        });
    }

    /** All aliases by address, the automatic ones included. */
    public List<Alias> list() throws IOException {
        return database.read(c -> {
            List<Alias> aliases = new ArrayList<>();
            for (MailDomain domain : DomainTable.list(c)) {
                aliases.addAll(automatic(c, domain));
            }
            aliases.addAll(AliasTable.list(c));
            aliases.sort(Aliases::byDomainThenName);
            return aliases;
        });
    }

    /** One alias; also an automatic one. */
    public Optional<Alias> find(String typed) throws IOException {
        Address address = LocalPart.parse(typed);
        return database.read(c -> {
            MailDomain domain = requireDomain(c, address);
            Optional<Alias> made = AliasTable.find(c, domain.id(), address.localPart());
            if (made.isPresent()) {
                return made;
            }
            return automatic(c, domain).stream().filter(alias -> alias.address().equals(address)).findFirst();
        });
    }

    public void setEnabled(String typed, boolean enabled) throws IOException {
        Address address = LocalPart.parse(typed);
        if (!enabled && RoleAddress.is(address.localPart())) {
            throw new OperatorException(
                    address + " cannot be disabled: every domain must have it (RFC 2142)",
                    "point it elsewhere with: alias set " + address + " TARGET");
        }
        database.write(c -> {
            MailDomain domain = requireDomain(c, address);
            require(c, domain, address);
            AliasTable.setEnabled(c, domain.id(), address.localPart(), enabled);
            return null;
        });
    }

    /** Removes an alias; postmaster@ and abuse@ go back to where they go by themselves. */
    public void remove(String typed) throws IOException {
        Address address = LocalPart.parse(typed);
        database.write(c -> {
            MailDomain domain = requireDomain(c, address);
            if (RoleAddress.is(address.localPart())
                    && AliasTable.find(c, domain.id(), address.localPart()).isEmpty()) {
                throw new OperatorException(
                        address + " cannot be removed: every domain must have it (RFC 2142)",
                        "point it elsewhere with: alias add " + address + " TARGET");
            }
            require(c, domain, address);
            refuseIfTarget(c, address);
            dropTarget(c, address);
            Forwards.forget(c, domain.id(), address.localPart());
            Delegations.deleteAll(c, address);
            AliasTable.delete(c, domain.id(), address.localPart());
            return null;
        });
    }

    /**
     * Refuses to take {@code address} away from under an alias or catch-all that has no other target. A role address leads somewhere
     * with or without an entry of its own.
     */
    static void refuseIfTarget(Connection c, Address address) throws SQLException {
        if (RoleAddress.is(address.localPart())) {
            return;
        }
        for (Alias alias : AliasTable.naming(c, address)) {
            if (alias.targets().stream().allMatch(target -> leadsTo(target, address))) {
                throw new OperatorException(
                        address + " is the only target of alias " + alias.address(),
                        "change that first: alias set " + alias.address() + " TARGET, or alias remove " + alias.address());
            }
        }
        List<MailDomain> caught = DomainTable.caughtBy(c, address);
        if (!caught.isEmpty()) {
            Domain name = caught.getFirst().name();
            throw new OperatorException(
                    address + " is the catch-all of domain " + name, "change that first: domain catch-all " + name);
        }
    }

    /** Takes {@code address} out of the targets of all aliases; returns those that were changed. */
    static List<Address> dropTarget(Connection c, Address address) throws SQLException {
        if (RoleAddress.is(address.localPart())) {
            return List.of();
        }
        List<Address> changed = new ArrayList<>();
        for (Alias alias : AliasTable.naming(c, address)) {
            List<Address> left = alias.targets().stream().filter(target -> !leadsTo(target, address)).toList();
            MailDomain domain = requireDomain(c, alias.address());
            AliasTable.setTargets(c, domain.id(), alias.address().localPart(), left);
            changed.add(alias.address());
        }
        return changed;
    }

    /** Refuses targets that lead to nobody here: typing errors, and outside addresses, which aliases alone may name. */
    static void requireReachable(Connection c, Address target) throws SQLException {
        switch (Expansion.of(c, target).resolution()) {
            case Resolution.Local local -> {}
            case Resolution.Disabled disabled -> {}
            case Resolution.Reports reports -> throw new OperatorException(
                    target + " is read by the server itself", "make an account of that name to read it yourself");
            case Resolution.Unavailable tooLarge -> {}
            case Resolution.NotLocal outside -> throw new OperatorException(
                    target + " is not an address of this server",
                    "name an account or an alias here; an alias may have targets at other servers");
            case Resolution.Returned returned -> {}
            case Resolution.UnknownUser unknown -> throw new OperatorException(
                    "nobody here has the address " + target, "add it first: account add " + target);
        }
    }

    static void refuseLoop(Connection c, Address start) throws SQLException {
        Expansion expansion = Expansion.of(c, start);
        if (expansion.loop().isPresent()) {
            String loop = expansion.loop().get().stream().map(Address::toString).collect(Collectors.joining(" -> "));
            throw new OperatorException("the alias would form a loop: " + loop, "choose other targets");
        }
        if (expansion.tooLarge()) {
            throw new OperatorException(
                    start + " would reach more than " + Expansion.MAX_ACCOUNTS + " accounts or pass through more than "
                            + Expansion.MAX_DEPTH + " aliases in a row",
                    "name fewer targets");
        }
    }

    /** A loop names the alias itself, so it is looked for before the question whether the targets exist. */
    private static void checkTargets(Connection c, Address address, List<Address> targets) throws SQLException {
        refuseLoop(c, address);
        for (Address target : targets) {
            if (isOurs(c, target)) {
                requireReachable(c, target);
            }
        }
    }

    private static boolean isOurs(Connection c, Address target) throws SQLException {
        return target.domain().isPresent() && DomainTable.find(c, target.domain().get()).isPresent();
    }

    /** Addresses here in canonical form, those elsewhere as they were typed: what they mean is for their servers (RFC 5321 §2.4). */
    private static List<Address> canonical(Connection c, List<Address> asTyped) throws SQLException {
        SequencedSet<Address> targets = new LinkedHashSet<>();
        for (Address target : asTyped) {
            targets.add(isOurs(c, target) ? LocalPart.canonical(target) : target);
        }
        return List.copyOf(targets);
    }

    /** Whether {@code target} is {@code address}, with or without a detail. */
    private static boolean leadsTo(Address target, Address address) {
        return target.host().equals(address.host())
                && (target.localPart().equals(address.localPart())
                        || target.localPart().startsWith(address.localPart() + LocalPart.DETAIL_SEPARATOR));
    }

    private static List<Address> parseTargets(List<String> typed) {
        SequencedSet<Address> targets = new LinkedHashSet<>();
        for (String target : typed) {
            targets.add(LocalPart.parseAsTyped(target));
        }
        if (targets.isEmpty()) {
            throw new OperatorException("an alias needs a target", "name one or more addresses its mail goes to");
        }
        if (targets.size() > MAX_TARGETS) {
            throw new OperatorException(
                    targets.size() + " targets; an alias may have " + MAX_TARGETS, "spread them over aliases of the alias");
        }
        return List.copyOf(targets);
    }

    /** postmaster@ and abuse@ where neither an account nor an alias has the name, with the accounts that get their mail. */
    private static List<Alias> automatic(Connection c, MailDomain domain) throws SQLException {
        List<Alias> aliases = new ArrayList<>();
        for (String role : List.of(RoleAddress.ABUSE, RoleAddress.POSTMASTER)) {
            Address address = Address.of(role, domain.name());
            if (AccountTable.find(c, domain.id(), role).isEmpty() && AliasTable.find(c, domain.id(), role).isEmpty()) {
                List<Address> targets = Expansion.of(c, address).resolution() instanceof Resolution.Local local
                        ? Stream.concat(local.accounts().stream().map(AccountRef::address),
                                local.forwards().stream().map(Forward::target)).toList()
                        : List.of();
                aliases.add(new Alias(address, targets, true, true));
            }
        }
        return aliases;
    }

    private static MailDomain requireDomain(Connection c, Address address) throws SQLException {
        return Domains.require(c, address.domain().orElseThrow());
    }

    private static Alias require(Connection c, MailDomain domain, Address address) throws SQLException {
        Optional<Alias> found = AliasTable.find(c, domain.id(), address.localPart());
        if (found.isEmpty()) {
            @Nullable String hint = RoleAddress.is(address.localPart())
                    ? "it goes where it goes by itself; point it elsewhere with: alias add " + address + " TARGET"
                    : "see alias list";
            throw new OperatorException("there is no alias " + address, hint);
        }
        return found.get();
    }

    private static int byDomainThenName(Alias a, Alias b) {
        int byDomain = a.address().host().toString().compareTo(b.address().host().toString());
        return byDomain != 0 ? byDomain : a.address().localPart().compareTo(b.address().localPart());
    }
}
