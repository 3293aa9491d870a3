package io.mailserver.queue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** All that a queue holds, as a value. */
final class QueueSnapshot {
    private QueueSnapshot() {}

    /** Each message by its number: its envelope, its octets, and its recipients' states. */
    static Map<Long, String> of(QueueStore store) throws IOException {
        Map<Long, String> all = new TreeMap<>();
        for (Entry entry : store.index().ordered()) {
            QueueId id = new QueueId(entry.id);
            QueuedMessage message = store.read(id).orElseThrow();
            try (InputStream in = store.content(id).orElseThrow().open()) {
                String octets = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                all.put(entry.id, message(message.envelope(), octets, store.states(id)));
            }
        }
        return all;
    }

    static String message(QueueEnvelope envelope, String octets, Map<Integer, RecipientState> states) {
        return envelope + " " + octets.length() + ":" + octets.hashCode() + " " + states;
    }
}
