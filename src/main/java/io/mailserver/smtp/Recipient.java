package io.mailserver.smtp;

import java.util.Optional;
import java.util.Set;

/**
 * One accepted RCPT TO.
 *
 * @param address the forward-path, source route dropped
 * @param notifyOn when its sender wants to hear of it (RFC 3461 §4.1); empty where NOTIFY was not given
 * @param originalRecipient ORCPT as {@code type;address}, decoded (RFC 3461 §4.2)
 */
public record Recipient(Address address, Set<Notify> notifyOn, Optional<String> originalRecipient) {
    public Recipient {
        notifyOn = Set.copyOf(notifyOn);
    }

    /** RFC 3461 §4.1. */
    public enum Notify {
        NEVER,
        SUCCESS,
        FAILURE,
        DELAY
    }

    /** This with its own address as ORCPT where it has none (RFC 3461 §4.2, RFC 6533 §3). */
    public Recipient withOriginal() {
        String type = address.toString().chars().allMatch(c -> c < 0x80) ? "rfc822;" : "utf-8;";
        return originalRecipient.isPresent() ? this : new Recipient(address, notifyOn, Optional.of(type + address));
    }

    /** A recipient without DSN parameters. */
    public static Recipient of(Address address) {
        return new Recipient(address, Set.of(), Optional.empty());
    }
}
