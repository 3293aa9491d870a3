package io.mailserver.jmap;

import io.mailserver.store.AccountMail;
import io.mailserver.store.StoreException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * What clients are told of changes: the states of types (RFC 8620 §7.1, RFC 8621 §1.5).
 *
 * @param others types beyond those of mail, by name
 */
record StateChanges(Map<String, AccountRecords> others) {
    /** The states now, by type. */
    Map<String, String> states(AccountMail mail) throws StoreException {
        Map<String, String> states = new LinkedHashMap<>();
        mail.emails().read(view -> {
            states.put("Mailbox", State.of(view.mailboxState()).toString());
            states.put("Email", State.of(view.emailState()).toString());
            states.put("Thread", State.of(view.threadState()).toString());
            // RFC 8621 §1.5: new mail, for devices that wake for nothing else.
            states.put("EmailDelivery", State.of(view.threadState()).toString());
            return states;
        });
        // After the view, which waits for the change that woke us: that is told before it is written.
        for (Map.Entry<String, AccountRecords> other : others.entrySet()) {
            states.put(other.getKey(), other.getValue().state(mail));
        }
        return states;
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
