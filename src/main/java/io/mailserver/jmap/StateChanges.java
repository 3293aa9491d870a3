package io.mailserver.jmap;

import io.mailserver.store.AccountMail;
import io.mailserver.store.StoreException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** What clients are told of changes: the states of types (RFC 8620 §7.1, RFC 8621 §1.5). */
final class StateChanges {
    private StateChanges() {}

    /** The states now, by type. */
    static Map<String, String> states(AccountMail mail) throws StoreException {
        return mail.emails().read(view -> {
            Map<String, String> states = new LinkedHashMap<>();
            states.put("Mailbox", State.of(view.mailboxState()).toString());
            states.put("Email", State.of(view.emailState()).toString());
            states.put("Thread", State.of(view.threadState()).toString());
            // RFC 8621 §1.5: new mail, for devices that wake for nothing else.
            states.put("EmailDelivery", State.of(view.threadState()).toString());
            return states;
        });
    }

    /** The states of these types; of all for an empty set. */
    static Map<String, String> only(Map<String, String> states, Set<String> types) {
        Map<String, String> chosen = new LinkedHashMap<>(states);
        if (!types.isEmpty()) {
            chosen.keySet().retainAll(types);
        }
        return chosen;
    }

    /** Tells one moment from another. */
    static String eventId(Map<String, String> states) {
        return states.getOrDefault("Mailbox", "");
    }

    /** A StateChange object (RFC 8620 §7.1). */
    static ObjectNode toJson(String accountId, Map<String, String> states) {
        ObjectNode change = Json.object().put("@type", "StateChange");
        ObjectNode changed = change.putObject("changed").putObject(accountId);
        states.forEach(changed::put);
        return change;
    }
}
