package io.mailserver.delivery;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Forward;
import io.mailserver.account.Resolution;
import io.mailserver.smtp.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is known when the message is here.
 *
 * @param resolutions of each recipient, asked again: accounts may have changed since RCPT
 * @param mayRelay whether recipients elsewhere are allowed
 * @param deliveredTo the addresses in the message's Delivered-To fields, in lower case
 */
record MessageFacts(List<Resolution> resolutions, boolean mayRelay, Set<String> deliveredTo) {
    /** One answer for all recipients: the sender tries again, and RCPT tells it which of them are gone. */
    static final Decision.Refuse RECIPIENT_CHANGED = new Decision.Refuse(
            Reply.of(451, "4.3.0", "A recipient cannot be reached now; try again later"), "recipient-changed");

    /** The mailboxes it goes to, each once, in the order they were first named. */
    List<AccountRef> mailboxes() {
        Map<Long, AccountRef> accounts = new LinkedHashMap<>();
        for (Resolution resolution : resolutions) {
            if (resolution instanceof Resolution.Local local) {
                local.accounts().forEach(account -> accounts.putIfAbsent(account.id(), account));
            }
        }
        return new ArrayList<>(accounts.values());
    }

    /** Decides, without looking anywhere else. */
    Decision decide() {
        if (resolutions.isEmpty() || !resolutions.stream().allMatch(this::isReachable)) {
            return RECIPIENT_CHANGED;
        }
        // A user may send on a message from his own mailbox to others, so it is a loop only where nobody gets it for the first time.
        if (!goesElsewhere() && mailboxes().stream().allMatch(this::wasDeliveredTo)
                && forwards().allMatch(forward -> Forwarding.isLoop(forward, deliveredTo))) {
            return Decision.refuse(554, "5.4.6", "The message was delivered here before: it is in a loop", "loop");
        }
        return Decision.ACCEPT;
    }

    private Stream<Forward> forwards() {
        return resolutions.stream().flatMap(each -> each instanceof Resolution.Local local ? local.forwards().stream() : Stream.empty());
    }

    private boolean isReachable(Resolution resolution) {
        return resolution instanceof Resolution.Local || resolution instanceof Resolution.Reports
                || resolution instanceof Resolution.Returned
                || (mayRelay && resolution instanceof Resolution.NotLocal);
    }

    private boolean goesElsewhere() {
        return resolutions.stream().anyMatch(resolution -> !(resolution instanceof Resolution.Local));
    }

    private boolean wasDeliveredTo(AccountRef account) {
        return deliveredTo.contains(account.address().toString().toLowerCase(Locale.ROOT));
    }
}
