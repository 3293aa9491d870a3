package io.mailserver.dsn;

import io.mailserver.smtp.Address;
import io.mailserver.smtp.EnhancedStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * What a notice says of one recipient (RFC 3464 §2.3).
 *
 * @param address the one we tried
 * @param original ORCPT as {@code type;address}, decoded
 * @param action what happened
 * @param status RFC 3463
 * @param remoteHost who said so
 * @param remoteReply its words, or what went wrong here
 * @param fromServer whether {@code remoteReply} is a server's reply
 * @param retryUntil for delays
 */
public record RecipientNotice(
        Address address,
        Optional<String> original,
        Action action,
        EnhancedStatus status,
        Optional<String> remoteHost,
        String remoteReply,
        boolean fromServer,
        Optional<Instant> retryUntil) {
    /** RFC 3464 §2.3.3. */
    public enum Action {
        FAILED("failed"),
        DELAYED("delayed"),
        DELIVERED("delivered"),
        RELAYED("relayed"),
        EXPANDED("expanded");

        private final String word;

        Action(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
