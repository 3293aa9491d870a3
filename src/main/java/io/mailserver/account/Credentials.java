package io.mailserver.account;

import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The passwords of accounts: any number, each with a label, so that a lost phone's can be taken away without changing the others. Of
 * each an Argon2id hash and SCRAM-SHA-256 keys are kept. Safe for use by any thread.
 */
public final class Credentials {
    /** The label of the password an account is made with. */
    public static final String MAIN_LABEL = "main";

    /** How many passwords an account may have. */
    public static final int MAX_PER_ACCOUNT = 50;

    private static final Pattern LABEL = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,49}");

    private final SystemDatabase database;
    private final PasswordHasher hasher;
    private final Time time;

    public Credentials(SystemDatabase database, PasswordHasher hasher, Time time) {
        this.database = database;
        this.hasher = hasher;
        this.time = time;
    }

    /**
     * Sets the password of that label; an older one of the same label is no longer good.
     *
     * @param typed the account's address
     * @param label such as {@link #MAIN_LABEL} or {@code phone}
     * @param password as typed; see {@link PasswordPolicy}
     * @throws OperatorException there is no such account, or label or password cannot be used
     */
    public void set(String typed, String label, String password) throws IOException {
        set(typed, label, password, Optional.empty());
    }

    /**
     * As {@link #set(String, String, String)}; devices that were signed in with the older one are signed out.
     *
     * @param stays a device that stays signed in: the one where its owner changes the password
     */
    public void set(String typed, String label, String password, Optional<Long> stays) throws IOException {
        Address address = LocalPart.parse(typed);
        String prepared = PasswordPolicy.prepare(password);
        checkLabel(label);
        Optional<Secret> sibling = database.read(c -> others(c, Accounts.require(c, address), label).stream()
                .map(CredentialTable.Stored::secret)
                .filter(secret -> secret.argon2id().cost().equals(hasher.cost()))
                .findFirst());
        Secret secret = derive(prepared, sibling);
        database.write(c -> {
            Account account = Accounts.require(c, address);
            if (others(c, account, label).size() >= MAX_PER_ACCOUNT) {
                throw new OperatorException(
                        address + " has " + MAX_PER_ACCOUNT + " passwords, which is the most", "remove one that is not used");
            }
            Optional<Long> old = CredentialTable.list(c, account.id()).stream().map(CredentialTable.Stored::credential)
                    .filter(credential -> credential.label().equals(label)).map(Credential::id).findFirst();
            // One that was signed in with another password stays as it is.
            boolean moves = stays.isPresent() && old.isPresent()
                    && DeviceTable.setCredential(c, account.id(), stays.get(), old.get(), 0);
            CredentialTable.delete(c, account.id(), label);
            long id = CredentialTable.insert(c, account.id(), label, secret, time.now());
            if (moves) {
                DeviceTable.setCredential(c, account.id(), stays.get(), 0, id);
            }
            return null;
        });
    }

    /** The passwords of an account, the oldest first. */
    public List<Credential> list(String typed) throws IOException {
        Address address = LocalPart.parse(typed);
        return database.read(c -> CredentialTable.list(c, Accounts.require(c, address).id()).stream()
                .map(CredentialTable.Stored::credential)
                .toList());
    }

    /** Makes the password of that label no longer good. The last one of an account can go too: nobody can log in then. */
    public void remove(String typed, String label) throws IOException {
        Address address = LocalPart.parse(typed);
        database.write(c -> {
            if (!CredentialTable.delete(c, Accounts.require(c, address).id(), label)) {
                throw new OperatorException(
                        address + " has no password labelled \"" + LocalPart.printable(label) + "\"",
                        "see account show " + address);
            }
            return null;
        });
    }

    Secret derive(String preparedPassword, Optional<Secret> sibling) throws IOException {
        return hasher.derive(preparedPassword, sibling);
    }

    private static List<CredentialTable.Stored> others(Connection c, Account account, String label) throws SQLException {
        return CredentialTable.list(c, account.id()).stream()
                .filter(stored -> !stored.credential().label().equals(label))
                .toList();
    }

    private static void checkLabel(String label) {
        if (!LABEL.matcher(label).matches()) {
            throw new OperatorException(
                    "\"" + LocalPart.printable(label) + "\" cannot be the label of a password",
                    "use 1 to 50 letters, digits, spaces, and . _ -");
        }
    }
}
