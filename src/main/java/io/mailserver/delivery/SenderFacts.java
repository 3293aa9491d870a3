package io.mailserver.delivery;

import io.mailserver.smtp.Client;
import java.util.OptionalLong;

/**
 * What is known when MAIL FROM asks.
 *
 * @param service the door
 * @param authenticated whether the client logged in
 * @param sender whether the reverse-path is the client's to use
 * @param overloaded whether more file work waits than can be done soon
 * @param declaredOctets SIZE= (RFC 1870)
 * @param usableOctets free space on the data folder's file system
 * @param reservedOctets how much of it new mail leaves
 */
record SenderFacts(
        Client.Service service,
        boolean authenticated,
        Sender sender,
        boolean overloaded,
        OptionalLong declaredOctets,
        long usableOctets,
        long reservedOctets) {
    /** How the reverse-path of a logged-in client relates to its account. */
    enum Sender {
        /** The null reverse-path, one of its addresses, or nobody logged in. */
        ITS_OWN,
        /** Another's that it was given the right to use. */
        DELEGATED,
        ANOTHERS,
        /** The directory cannot say. */
        UNKNOWN
    }

    /** Decides, without looking anywhere else. */
    Decision decide() {
        if (overloaded) {
            return Decision.refuse(451, "4.3.2", "Too busy now; try again later", "overloaded");
        }
        // RFC 6409 §4.3; the session asks for it earlier, this is the second bolt.
        if (service == Client.Service.SUBMISSION && !authenticated) {
            return Decision.refuse(530, "5.7.0", "Log in first", "not-authenticated");
        }
        if (sender == Sender.UNKNOWN) {
            return Decision.refuse(451, "4.3.0", "Addresses cannot be looked up now; try again later", "directory-unavailable");
        }
        // RFC 6409 §6.1
        if (sender == Sender.ANOTHERS) {
            return Decision.refuse(553, "5.7.1", "This sender address is not one of yours", "sender-not-own");
        }
        if (usableOctets - declaredOctets.orElse(0) < reservedOctets) {
            return Decision.refuse(452, "4.3.1", "Not enough storage now; try again later", "disk-nearly-full");
        }
        return Decision.ACCEPT;
    }
}
