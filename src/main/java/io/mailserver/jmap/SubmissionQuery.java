package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** EmailSubmission/query and queryChanges (RFC 8621 §7.3, §7.4). */
final class SubmissionQuery implements JmapType.Querier {
    private static final int MAX_DEPTH = 10;
    private static final Set<String> CONDITIONS = Set.of("identityIds", "emailIds", "threadIds", "undoStatus", "before", "after");

    private final SubmissionType type;

    SubmissionQuery(SubmissionType type) {
        this.type = type;
    }

    @Override
    public JmapType.Result query(JmapAccount account, @Nullable JsonNode filter, List<JsonNode> sort, Object options)
            throws MethodException, StoreException {
        String state = type.state(account);
        List<String> all = new ArrayList<>(type.records(account).keySet());
        Map<String, ObjectNode> shown = type.get(account, all, Set.copyOf(type.defaultProperties()), "");
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, ObjectNode> record : shown.entrySet()) {
            if (filter == null || filter.isNull() || matches(filter, record.getValue(), 0)) {
                found.add(record.getKey());
            }
        }
        Comparator<ObjectNode> order = order(sort);
        // The id is the record's key, not one of what it holds.
        found.sort((a, b) -> order.compare(Objects.requireNonNull(shown.get(a)), Objects.requireNonNull(shown.get(b))));
        return new JmapType.Result(state, List.copyOf(found));
    }

    private static Comparator<ObjectNode> order(List<JsonNode> sort) throws MethodException {
        Comparator<ObjectNode> order = (_, _) -> 0; // As they were sent.
        for (JsonNode comparator : sort) {
            String property = switch (comparator.path("property").stringValue("")) {
                case "emailId" -> "emailId";
                case "threadId" -> "threadId";
                // The RFC names both; the property is sendAt.
                case "sentAt", "sendAt" -> "sendAt";
                default -> throw new MethodException("unsupportedSort", "by emailId, threadId or sentAt");
            };
            Comparator<ObjectNode> next = Comparator.comparing(record -> record.path(property).stringValue(""));
            order = order.thenComparing(comparator.path("isAscending").booleanValue(true) ? next : next.reversed());
        }
        return order;
    }

    private static boolean matches(JsonNode filter, ObjectNode record, int depth) throws MethodException {
        if (!filter.isObject() || depth > MAX_DEPTH) {
            throw MethodException.invalidArguments("filter must be an object, not nested deeper than " + MAX_DEPTH);
        }
        if (filter.has("operator")) {
            return operator(filter, record, depth);
        }
        for (Map.Entry<String, JsonNode> condition : filter.properties()) {
            if (!CONDITIONS.contains(condition.getKey())) {
                throw new MethodException("unsupportedFilter", condition.getKey());
            }
            if (!holds(condition.getKey(), condition.getValue(), record)) {
                return false;
            }
        }
        return true;
    }

    private static boolean operator(JsonNode filter, ObjectNode record, int depth) throws MethodException {
        int right = 0;
        JsonNode conditions = filter.path("conditions");
        for (JsonNode condition : conditions) {
            right += matches(condition, record, depth + 1) ? 1 : 0;
        }
        return switch (filter.path("operator").stringValue("")) {
            case "AND" -> right == conditions.size();
            case "OR" -> right > 0;
            case "NOT" -> right == 0;
            default -> throw MethodException.invalidArguments("operator must be AND, OR or NOT");
        };
    }

    private static boolean holds(String name, JsonNode value, ObjectNode record) throws MethodException {
        return switch (name) {
            case "identityIds" -> contains(value, record.path("identityId"));
            case "emailIds" -> contains(value, record.path("emailId"));
            case "threadIds" -> contains(value, record.path("threadId"));
            case "undoStatus" -> value.equals(record.path("undoStatus"));
            case "before" -> sendAt(record).isBefore(date(value));
            default -> !sendAt(record).isBefore(date(value));
        };
    }

    private static Instant sendAt(ObjectNode record) throws MethodException {
        return date(record.path("sendAt"));
    }

    private static Instant date(JsonNode value) throws MethodException {
        try {
            return Instant.parse(value.stringValue(""));
        } catch (DateTimeException e) {
            throw MethodException.invalidArguments("not a UTCDate: " + value.stringValue(""));
        }
    }

    private static boolean contains(JsonNode list, JsonNode value) throws MethodException {
        if (!list.isArray()) {
            throw MethodException.invalidArguments("a list of ids is needed");
        }
        for (JsonNode each : list) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Optional<Set<String>> touched(JmapAccount account, long state, Object options) throws StoreException {
        return type.since(account, state).map(changes -> {
            Set<String> ids = new LinkedHashSet<>();
            changes.changes().forEach(change -> ids.add(change.id()));
            return ids;
        });
    }
}
