package io.mailserver.app;

import io.mailserver.account.Account;
import io.mailserver.account.AccountSystem;
import io.mailserver.account.Quota;
import io.mailserver.account.RandomPassword;
import io.mailserver.account.Resolution;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;

/** What {@code start --domain} makes where it is missing: the domain, and an account for its postmaster unless its mail has a reader. */
final class FirstDomain {
    private FirstDomain() {}

    /**
     * A postmaster that was made now.
     *
     * @param password to be shown once and never again
     */
    record Postmaster(Account account, String password) {}

    /**
     * Makes domain and postmaster unless they exist.
     *
     * @return the new postmaster; empty if postmaster's mail reaches somebody already
     */
    static Optional<Postmaster> make(Domain domain, AccountSystem accounts, SecureRandom random) {
        try {
            if (accounts.domains().find(domain).isEmpty()) {
                accounts.domains().add(domain);
                accounts.dkimKeys().ensure(domain);
            }
            if (!(accounts.directory().resolve(Address.of("postmaster", domain)) instanceof Resolution.UnknownUser)) {
                return Optional.empty();
            }
            String password = RandomPassword.make(random);
            // RFC 5321 §4.5.1: mail for postmaster must reach somebody.
            Account account = accounts.accounts().add("postmaster@" + domain, password, "Postmaster", Quota.NONE);
            return Optional.of(new Postmaster(account, password));
        } catch (IOException e) {
            throw new OperatorException("cannot make the domain " + domain + ": " + e.getMessage(), "look at the disk", e);
        }
    }
}
