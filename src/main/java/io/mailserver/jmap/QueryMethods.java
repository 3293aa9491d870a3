package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Foo/query and Foo/queryChanges (RFC 8620 §5.5, §5.6), once for all types. Safe for use by any thread. */
final class QueryMethods {
    /** More properties to sort by are somebody's joke. */
    private static final int MAX_SORT = 20;

    private final JmapType type;

    QueryMethods(JmapType type) {
        this.type = type;
    }

    private JmapType.Querier querier() {
        return Objects.requireNonNull(type.querier());
    }

    /** What both methods are asked for. */
    private record Question(@Nullable JsonNode filter, List<JsonNode> sort, Object options) {}

    private Question question(Arguments arguments) throws MethodException {
        JsonNode filter = arguments.object("filter").orElse(null);
        List<JsonNode> sort = new ArrayList<>();
        JsonNode given = arguments.value("sort");
        if (given != null && (!given.isArray() || given.size() > MAX_SORT)) {
            throw MethodException.invalidArguments("sort must be a list of at most " + MAX_SORT + " comparators");
        }
        if (given != null) {
            for (JsonNode comparator : given) {
                if (!comparator.isObject() || !comparator.path("property").isString()) {
                    throw MethodException.invalidArguments("a comparator must be an object with a property");
                }
                sort.add(comparator);
            }
        }
        return new Question(filter, sort, querier().options(arguments));
    }

    ObjectNode query(MethodCall call) throws MethodException, StoreException {
        JmapAccount account = call.account();
        Arguments arguments = call.arguments();
        Question question = question(arguments);
        long position = arguments.integer("position").orElse(0);
        String anchor = arguments.optionalString("anchor").orElse(null);
        long anchorOffset = arguments.integer("anchorOffset").orElse(0);
        OptionalLong limit = arguments.unsigned("limit");
        boolean calculateTotal = arguments.bool("calculateTotal", false);
        arguments.rejectOthers();
        JmapType.Result result = querier().query(account, question.filter(), question.sort(), question.options());
        List<String> ids = result.ids();
        long start;
        if (anchor != null) {
            int index = ids.indexOf(call.exchange().resolve(anchor));
            if (index < 0) {
                throw new MethodException("anchorNotFound", "");
            }
            start = Math.max(0, index + anchorOffset);
        } else {
            start = position < 0 ? Math.max(0, ids.size() + position) : position;
        }
        int max = account.services().config().maxObjectsInQuery();
        long count = Math.min(limit.orElse(max), max);
        int from = (int) Math.min(start, ids.size());
        int to = (int) Math.min(from + count, ids.size());
        ObjectNode response = Json.object()
                .put("accountId", account.id())
                .put("queryState", result.state())
                .put("canCalculateChanges", true)
                .put("position", start >= ids.size() && ids.isEmpty() ? 0 : start);
        response.set("ids", Json.array(ids.subList(from, to)));
        if (calculateTotal) {
            response.put("total", ids.size());
        }
        if (limit.isEmpty() || limit.getAsLong() > max) {
            response.put("limit", max);
        }
        return response;
    }

    ObjectNode queryChanges(MethodCall call) throws MethodException, StoreException {
        JmapAccount account = call.account();
        Arguments arguments = call.arguments();
        Question question = question(arguments);
        String since = arguments.string("sinceQueryState");
        OptionalLong maxChanges = arguments.unsigned("maxChanges");
        String upToId = arguments.optionalString("upToId").orElse(null);
        boolean calculateTotal = arguments.bool("calculateTotal", false);
        arguments.rejectOthers();
        JmapType.Result now = querier().query(account, question.filter(), question.sort(), question.options());
        long state = State.parse(since).filter(parsed -> !parsed.between()).orElseThrow(StandardMethods::cannotCalculate).at();
        Set<String> touched = querier().touched(account, state, question.options()).orElseThrow(StandardMethods::cannotCalculate);
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < now.ids().size() && !touched.isEmpty(); i++) {
            String id = now.ids().get(i);
            if (touched.contains(id)) {
                places.put(id, i);
            }
        }
        int last = upToId != null && querier().immutable(question.filter(), question.sort(), question.options())
                ? now.ids().indexOf(upToId)
                : -1;
        ArrayNode added = Json.array();
        places.entrySet().stream()
                .filter(place -> last < 0 || place.getValue() <= last)
                .sorted(Map.Entry.comparingByValue())
                .forEach(place -> added.add(Json.object().put("id", place.getKey()).put("index", place.getValue())));
        if (maxChanges.isPresent() && touched.size() + added.size() > maxChanges.getAsLong()) {
            throw new MethodException("tooManyChanges", "");
        }
        ObjectNode response = Json.object()
                .put("accountId", account.id())
                .put("oldQueryState", since)
                .put("newQueryState", now.state());
        if (calculateTotal) {
            response.put("total", now.ids().size());
        }
        response.set("removed", Json.array(touched));
        response.set("added", added);
        return response;
    }
}
