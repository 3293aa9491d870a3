package io.mailserver.delivery;

import io.mailserver.mime.HeaderBlock;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The Delivered-To fields of a message: whose mailboxes it was in already. A forwarder elsewhere that sends a user's mail back here
 * makes a loop that these fields show at its second round.
 */
final class DeliveredTo {
    /** More are not looked at; the Received fields end a loop at last. */
    private static final int MAX_FIELDS = 100;

    private DeliveredTo() {}

    /** The addresses named, in lower case. */
    static Set<String> addressesIn(HeaderBlock header) {
        return header.fields().stream().filter(field -> field.is("Delivered-To")).limit(MAX_FIELDS)
                .map(field -> field.text().toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }
}
