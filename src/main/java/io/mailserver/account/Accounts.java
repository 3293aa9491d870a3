package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The accounts, as operators change them. Every refusal is an {@link OperatorException}; an {@code IOException} means that nothing
 * was changed. Safe for use by any thread.
 */
public final class Accounts {
    private static final int MAX_DISPLAY_NAME = 200;

    private final SystemDatabase database;
    private final Credentials credentials;
    private final Time time;

    public Accounts(SystemDatabase database, Credentials credentials, Time time) {
        this.database = database;
        this.credentials = credentials;
        this.time = time;
    }

    /**
     * Makes an account with one password.
     *
     * @param typed its address
     * @param password as typed; see {@link PasswordPolicy}
     * @param displayName for people; may be empty
     */
    public Account add(String typed, String password, String displayName, Quota quota) throws IOException {
        Address address = LocalPart.parse(typed);
        checkDisplayName(displayName);
        // A cheap look first: the hash costs much, and the operator should hear of a taken name before typing twice.
        database.read(c -> requireFree(c, address));
        Secret secret = credentials.derive(PasswordPolicy.prepare(password), Optional.empty());
        return database.write(c -> {
            MailDomain domain = requireFree(c, address);
            return insert(c, domain, address, displayName, quota, secret, time.now());
        });
    }

    /** As {@link #add}, within a transaction; the name is free. */
    static Account insert(
            Connection c, MailDomain domain, Address address, String displayName, Quota quota, Secret secret, Instant now)
            throws SQLException {
        Account account = AccountTable.insert(c, domain, address.localPart(), displayName, quota, now);
        CredentialTable.insert(c, account.id(), Credentials.MAIN_LABEL, secret, now);
        return account;
    }

    /** All accounts, by domain and name. */
    public List<Account> list() throws IOException {
        return database.read(AccountTable::list);
    }

    /** The accounts of a domain, by name. */
    public List<Account> list(Domain domain) throws IOException {
        return database.read(c -> AccountTable.list(c, Domains.require(c, domain).id()));
    }

    public Account get(String typed) throws IOException {
        Address address = LocalPart.parse(typed);
        return database.read(c -> require(c, address));
    }

    /** The account of that canonical address, if there is one. */
    Optional<Account> find(Address canonical) throws IOException {
        return database.read(c -> find(c, canonical));
    }

    /** A disabled account gets no mail and cannot log in; its mail stays. */
    public Account setEnabled(String typed, boolean enabled) throws IOException {
        Address address = LocalPart.parse(typed);
        return database.write(c -> {
            AccountTable.setEnabled(c, require(c, address).id(), enabled);
            return require(c, address);
        });
    }

    public Account setQuota(String typed, Quota quota) throws IOException {
        Address address = LocalPart.parse(typed);
        return database.write(c -> {
            AccountTable.setQuota(c, require(c, address).id(), quota);
            return require(c, address);
        });
    }

    /** Throws what {@link #remove} would refuse for, and changes nothing. */
    public Account checkRemovable(String typed) throws IOException {
        Address address = LocalPart.parse(typed);
        return database.read(c -> {
            Account account = require(c, address);
            Aliases.refuseIfTarget(c, address);
            return account;
        });
    }

    /**
     * Forgets an account, its passwords, and its place among the targets of aliases. Its folder is the caller's to put aside before,
     * after disabling the account, so that no mail of it can ever be seen by a later account of the same name.
     *
     * @return the aliases that named it besides others
     */
    public List<Address> remove(String typed) throws IOException {
        Address address = LocalPart.parse(typed);
        return database.write(c -> {
            Account account = require(c, address);
            Aliases.refuseIfTarget(c, address);
            List<Address> changed = Aliases.dropTarget(c, address);
            DeviceTable.deleteAll(c, account.id());
            CredentialTable.deleteAll(c, account.id());
            Sql.update(c, "DELETE FROM account_links WHERE account_id = ?", account.id());
            SenderLists.deleteAll(c, address.toString());
            SenderMemory.deleteAll(c, address.toString());
            SendingLimits.deleteAll(c, address.toString());
            Suppressions.deleteAll(c, address.toString());
            ReturnedMail.deleteAll(c, account.id());
            Delegations.deleteAll(c, address);
            Sql.update(c, "DELETE FROM shares WHERE owner_id = ? OR grantee_id = ?", account.id(), account.id());
            AccountTable.delete(c, account.id());
            RemovedAccountTable.insert(c, account, time.now());
            return changed;
        });
    }

    /** Accounts removed lately, the latest first. */
    public List<RemovedAccount> removed() throws IOException {
        return database.read(RemovedAccountTable::list);
    }

    /** Forgets that accounts were removed longer than {@code age} ago. */
    public void forgetRemoved(Duration age) throws IOException {
        Instant limit = time.now().minus(age);
        database.note(c -> {
            RemovedAccountTable.deleteBefore(c, limit);
            return null;
        });
    }

    static Account require(Connection c, Address address) throws SQLException {
        Optional<Account> found = find(c, address);
        if (found.isEmpty()) {
            Domains.require(c, address.domain().orElseThrow());
            throw new OperatorException("there is no account " + address, "add it with: account add " + address);
        }
        return found.get();
    }

    private static Optional<Account> find(Connection c, Address canonical) throws SQLException {
        Optional<MailDomain> domain = DomainTable.find(c, canonical.domain().orElseThrow());
        return domain.isEmpty() ? Optional.empty() : AccountTable.find(c, domain.get().id(), canonical.localPart());
    }

    static MailDomain requireFree(Connection c, Address address) throws SQLException {
        MailDomain domain = Domains.require(c, address.domain().orElseThrow());
        if (AccountTable.find(c, domain.id(), address.localPart()).isPresent()) {
            throw new OperatorException(
                    "account " + address + " is here already", "change its password with: account passwd " + address);
        }
        if (AliasTable.find(c, domain.id(), address.localPart()).isPresent()) {
            throw new OperatorException(address + " is an alias", "remove that first: alias remove " + address);
        }
        return domain;
    }

    static void checkDisplayName(String name) {
        if (name.length() > MAX_DISPLAY_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new OperatorException(
                    "the display name is longer than " + MAX_DISPLAY_NAME + " characters or holds control characters",
                    "choose a simpler one");
        }
    }
}
