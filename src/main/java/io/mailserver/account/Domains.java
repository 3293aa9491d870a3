package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The domains this server takes mail for, as operators change them. Every refusal is an {@link OperatorException}; an
 * {@code IOException} means that nothing was changed. Safe for use by any thread.
 */
public final class Domains {
    private final SystemDatabase database;
    private final Time time;

    public Domains(SystemDatabase database, Time time) {
        this.database = database;
        this.time = time;
    }

    /** Takes a domain in. Its postmaster@ and abuse@ exist from then on. */
    public MailDomain add(Domain name) throws IOException {
        return database.write(c -> {
            if (DomainTable.find(c, name).isPresent()) {
                throw new OperatorException("domain " + name + " is here already", "see domain show " + name);
            }
            return DomainTable.insert(c, name, time.now());
        });
    }

    public List<MailDomain> list() throws IOException {
        return database.read(DomainTable::list);
    }

    /** The first domain: {@code <postmaster>} without a domain is its postmaster. Empty on a fresh server. */
    public Optional<MailDomain> first() throws IOException {
        return database.read(DomainTable::first);
    }

    public Optional<MailDomain> find(Domain name) throws IOException {
        return database.read(c -> DomainTable.find(c, name));
    }

    /** How much there is in a domain. */
    public Contents contents(Domain name) throws IOException {
        return database.read(c -> {
            MailDomain domain = require(c, name);
            return new Contents(AccountTable.count(c, domain.id()), AliasTable.count(c, domain.id()));
        });
    }

    /** Enables or disables mail to and log-ins of a whole domain. */
    public void setEnabled(Domain name, boolean enabled) throws IOException {
        database.write(c -> {
            DomainTable.setEnabled(c, require(c, name), enabled);
            return null;
        });
    }

    /**
     * Who gets mail for addresses of the domain that nobody has.
     *
     * @param typedTarget an address of ours; null for nobody
     */
    public void setCatchAll(Domain name, @Nullable String typedTarget) throws IOException {
        Address target = typedTarget == null ? null : LocalPart.parse(typedTarget);
        database.write(c -> {
            MailDomain domain = require(c, name);
            DomainTable.setCatchAll(c, domain, null);
            if (target != null) {
                Aliases.requireReachable(c, target);
                DomainTable.setCatchAll(c, domain, target);
                Aliases.refuseLoop(c, target);
            }
            return null;
        });
    }

    /** Gives a domain up. It must have neither accounts nor aliases left. */
    public void remove(Domain name) throws IOException {
        database.write(c -> {
            MailDomain domain = require(c, name);
            long accounts = AccountTable.count(c, domain.id());
            long aliases = AliasTable.count(c, domain.id());
            if (accounts + aliases > 0) {
                throw new OperatorException(
                        "domain " + name + " still has " + accounts + " account(s) and " + aliases + " alias(es)",
                        "remove them first: account list " + name + ", alias list " + name);
            }
            refuseIfPointedAt(c, domain);
            DkimKeyTable.deleteOf(c, domain.id());
            Sql.update(c, "DELETE FROM account_links WHERE domain_id = ?", domain.id());
            Sql.update(c, "DELETE FROM received_reports WHERE domain_id = ?", domain.id());
            DomainTable.delete(c, domain);
            return null;
        });
    }

    static MailDomain require(Connection c, Domain name) throws SQLException {
        Optional<MailDomain> found = DomainTable.find(c, name);
        if (found.isEmpty()) {
            throw new OperatorException("domain " + name + " is not here", "add it with: domain add " + name);
        }
        return found.get();
    }

    private static void refuseIfPointedAt(Connection c, MailDomain domain) throws SQLException {
        List<Alias> aliases = AliasTable.pointingInto(c, domain);
        if (!aliases.isEmpty()) {
            throw new OperatorException(
                    "alias " + aliases.getFirst().address() + " goes to an address in " + domain.name(),
                    "change or remove that alias first");
        }
        List<MailDomain> caught = DomainTable.caughtIn(c, domain);
        if (!caught.isEmpty()) {
            throw new OperatorException(
                    "the catch-all of " + caught.getFirst().name() + " is an address in " + domain.name(),
                    "change that first: domain catch-all " + caught.getFirst().name());
        }
    }

    /** Counts of a domain's entries. */
    public record Contents(long accounts, long aliases) {}
}
