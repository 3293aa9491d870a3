package io.mailserver.account;

import io.mailserver.sasl.PasswordVerifier.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Whether somebody who is signed in is the owner: asked before passwords are changed, so that who finds an open browser, or a password
 * that was made for one device, does not get the account. Safe for use by any thread; blocks as {@link Authenticator#verify} does.
 */
public final class OwnPasswords {
    private final Authenticator authenticator;
    private final Credentials credentials;

    OwnPasswords(Authenticator authenticator, Credentials credentials) {
        this.authenticator = authenticator;
        this.credentials = credentials;
    }

    /**
     * Whether that is the main password of the account, or any password of one that has no main one; failures count as those of logins.
     *
     * @param address of the account
     */
    public Outcome confirm(String address, String password, InetAddress client) throws IOException {
        Authenticator.Verified verified = authenticator.verifyWhich(address, password, client);
        if (!(verified.outcome() instanceof Outcome.Success)) {
            return verified.outcome();
        }
        List<Credential> main = credentials.list(address).stream()
                .filter(credential -> credential.label().equals(Credentials.MAIN_LABEL)).toList();
        boolean right = main.isEmpty() || main.getFirst().id() == verified.credentialId();
        return right ? verified.outcome() : new Outcome.Rejected();
    }
}
