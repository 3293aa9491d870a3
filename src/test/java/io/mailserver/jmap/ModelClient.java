package io.mailserver.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A client of JMAP that keeps copies of everything and of some queries, and learns by /changes and /queryChanges alone. */
final class ModelClient {
    private static final Map<String, String> PROPERTIES = Map.of(
            "Email", "['mailboxIds', 'keywords', 'threadId', 'receivedAt']",
            "Thread", "['emailIds']",
            "Mailbox", "['name', 'parentId', 'role', 'totalEmails', 'unreadEmails', 'totalThreads', 'unreadThreads', 'isSubscribed']");

    private static final String NEWEST = "sort: [{property: 'receivedAt', isAscending: false}]";

    /** A query with what is known of its result. */
    private static final class Cached {
        private String state = "";
        private List<String> ids = List.of();
    }

    private final JmapWorld world;
    private final Random random;
    private final Map<String, Map<String, JsonNode>> records = new TreeMap<>();
    private final Map<String, String> states = new HashMap<>();
    private final Map<String, Cached> queries = new LinkedHashMap<>();

    ModelClient(JmapWorld world, Random random) {
        this.world = world;
        this.random = random;
    }

    /** Learns what happened and compares with what is. */
    void sync(Set<String> mailboxes) {
        for (String type : PROPERTIES.keySet()) {
            learn(type);
            Map<String, JsonNode> now = new TreeMap<>();
            JsonNode got = get(type, "null");
            got.get("list").forEach(record -> now.put(record.get("id").stringValue(), record));
            assertThat(records.get(type)).as("%s after /changes", type).isEqualTo(now);
            assertThat(states.get(type)).as("state of %s", type).isEqualTo(got.get("state").stringValue());
        }
        List<String> all = new ArrayList<>(List.of(
                NEWEST,
                NEWEST + ", collapseThreads: true",
                "filter: {notKeyword: '$seen'}, " + NEWEST,
                "filter: {someInThreadHaveKeyword: '$flagged'}, " + NEWEST,
                "filter: {allInThreadHaveKeyword: '$seen'}, collapseThreads: true",
                "sort: [{property: 'hasKeyword', keyword: '$flagged'}, {property: 'receivedAt'}]",
                "sort: [{property: 'someInThreadHaveKeyword', keyword: 'work'}, {property: 'subject'}], collapseThreads: true"));
        for (String mailbox : mailboxes) {
            all.add("filter: {inMailbox: '" + mailbox + "'}, " + NEWEST + ", collapseThreads: true");
            all.add("filter: {operator: 'AND', conditions: [{inMailboxOtherThan: ['" + mailbox + "']},"
                    + " {noneInThreadHaveKeyword: 'later'}]}");
        }
        all.forEach(this::query);
        queries.keySet().retainAll(all);
    }

    private JsonNode get(String type, String ids) {
        return world.call(type + "/get", "{ids: " + ids + ", properties: " + PROPERTIES.get(type) + "}");
    }

    private void learn(String type) {
        Map<String, JsonNode> known = records.computeIfAbsent(type, _ -> new TreeMap<>());
        String state = states.get(type);
        if (state == null) {
            JsonNode first = get(type, "null");
            first.get("list").forEach(record -> known.put(record.get("id").stringValue(), record));
            states.put(type, first.get("state").stringValue());
            return;
        }
        Map<String, JsonNode> before = new TreeMap<>(known);
        boolean more = true;
        boolean whole = true;
        while (more) {
            String limit = random.nextInt(3) == 0 ? ", maxChanges: " + (1 + random.nextInt(3)) : "";
            JsonNode changes = world.call(type + "/changes", "{sinceState: '" + state + "'" + limit + "}");
            more = changes.get("hasMoreChanges").booleanValue();
            whole &= !more;
            state = changes.get("newState").stringValue();
            List<String> created = texts(changes.get("created"));
            List<String> updated = texts(changes.get("updated"));
            List<String> destroyed = texts(changes.get("destroyed"));
            if (whole) {
                // RFC 8620 §5.2. What comes back may be told as created, and what was never seen as destroyed: that does no harm.
                assertThat(before.keySet()).as("%s: updated", type).containsAll(updated);
            }
            known.keySet().removeAll(destroyed);
            List<String> fetched = new ArrayList<>(created);
            fetched.addAll(updated);
            String ids = fetched.stream().map(id -> "'" + id + "'").collect(Collectors.joining(", ", "[", "]"));
            get(type, ids).get("list").forEach(record -> known.put(record.get("id").stringValue(), record));
        }
        states.put(type, state);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.stringValue()));
        return texts;
    }

    private void query(String question) {
        JsonNode now = world.call("Email/query", "{" + question + "}");
        List<String> ids = texts(now.get("ids"));
        Cached cached = queries.get(question);
        if (cached == null) {
            cached = new Cached();
            queries.put(question, cached);
        } else {
            JsonNode changes = world.call("Email/queryChanges", "{" + question + ", sinceQueryState: '" + cached.state + "'}");
            List<String> replayed = new ArrayList<>(cached.ids);
            replayed.removeAll(texts(changes.get("removed")));
            // RFC 8620 §5.6: added in the order of their indexes.
            for (JsonNode added : changes.get("added")) {
                int index = added.get("index").intValue();
                assertThat(index).as("index after %s", question).isBetween(0, replayed.size());
                replayed.add(index, added.get("id").stringValue());
            }
            assertThat(replayed).as("queryChanges of {%s}: %s", question, changes).isEqualTo(ids);
            assertThat(changes.get("newQueryState").stringValue()).isEqualTo(now.get("queryState").stringValue());
        }
        cached.state = Objects.requireNonNull(now.get("queryState")).stringValue();
        cached.ids = ids;
    }
}
