package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The standard methods (RFC 8620 §5), once for all types. Safe for use by any thread. */
final class StandardMethods {
    private final JmapType type;
    private final QueryMethods queries;

    StandardMethods(JmapType type) {
        this.type = type;
        this.queries = new QueryMethods(type);
    }

    void addTo(MethodTable table) {
        table.add(type.name() + "/get", type.capability(), this::get);
        if (type.changes() != null) {
            table.add(type.name() + "/changes", type.capability(), this::changes);
        }
        if (type.querier() != null) {
            table.add(type.name() + "/query", type.capability(), queries::query);
            table.add(type.name() + "/queryChanges", type.capability(), queries::queryChanges);
        }
        if (type.setter() != null) {
            table.add(type.name() + "/set", type.capability(), this::set);
        }
    }

    /** RFC 8620 §5.1. */
    private ObjectNode get(MethodCall call) throws MethodException, StoreException {
        JmapAccount account = call.account();
        Arguments arguments = call.arguments();
        List<String> asked = arguments.strings("ids").orElse(null);
        List<String> properties = arguments.strings("properties").orElse(type.getter().defaultProperties());
        Object options = type.getter().options(arguments);
        arguments.rejectOthers();
        for (String property : properties) {
            if (!property.equals("id") && !type.getter().isProperty(property)) {
                throw MethodException.invalidArguments("there is no property " + property);
            }
        }
        int limit = account.services().config().maxObjectsInGet();
        if (asked != null && asked.size() > limit) {
            throw new MethodException("requestTooLarge", "at most " + limit + " ids");
        }
        String state = type.getter().state(account);
        List<String> ids = asked == null
                ? type.getter().allIds(account, limit)
                        .orElseThrow(() -> new MethodException("requestTooLarge", "there are more than " + limit + " records"))
                : List.copyOf(new LinkedHashSet<>(asked.stream().map(call.exchange()::resolve).toList()));
        Set<String> wanted = new LinkedHashSet<>(properties);
        wanted.remove("id");
        Map<String, ObjectNode> found = type.getter().get(account, ids, wanted, options);
        ObjectNode response = Json.object().put("accountId", account.id()).put("state", state);
        var list = response.putArray("list");
        List<String> notFound = new ArrayList<>();
        for (String id : ids) {
            ObjectNode record = found.get(id);
            if (record == null) {
                notFound.add(id);
            } else {
                list.add(record);
            }
        }
        response.set("notFound", Json.array(notFound));
        return response;
    }

    /** RFC 8620 §5.2. */
    private ObjectNode changes(MethodCall call) throws MethodException, StoreException {
        JmapAccount account = call.account();
        Arguments arguments = call.arguments();
        String sinceState = arguments.string("sinceState");
        long maxChanges = arguments.unsigned("maxChanges").orElse(Integer.MAX_VALUE);
        arguments.rejectOthers();
        if (maxChanges == 0) {
            throw MethodException.invalidArguments("maxChanges must be more than 0");
        }
        State since = State.parse(sinceState).orElseThrow(StandardMethods::cannotCalculate);
        JmapType.Changes all = Objects.requireNonNull(type.changes()).since(account, since.since())
                .orElseThrow(StandardMethods::cannotCalculate);
        State.Page page = since.page(all, (int) Math.min(maxChanges, account.services().config().maxChanges()));
        List<String> created = new ArrayList<>();
        List<String> updated = new ArrayList<>();
        List<String> destroyed = new ArrayList<>();
        for (JmapType.Change change : page.changes()) {
            if (change.there()) {
                (change.made() ? created : updated).add(change.id());
            } else if (!change.made() || since.between()) {
                destroyed.add(change.id());
            }
        }
        ObjectNode response = Json.object()
                .put("accountId", account.id())
                .put("oldState", sinceState)
                .put("newState", page.state().toString())
                .put("hasMoreChanges", page.more());
        response.set("created", Json.array(created));
        response.set("updated", Json.array(updated));
        response.set("destroyed", Json.array(destroyed));
        if (type.name().equals("Mailbox")) {
            addUpdatedProperties(response, page.changes());
        }
        return response;
    }

    /** RFC 8621 §2.2: what alone may differ, where only counts do. */
    private static void addUpdatedProperties(ObjectNode response, List<JmapType.Change> changes) {
        boolean onlyCounts = !changes.isEmpty() && changes.stream().filter(change -> change.there() && !change.made())
                .allMatch(JmapType.Change::minor);
        if (onlyCounts) {
            response.set("updatedProperties", Json.array(List.of("totalEmails", "unreadEmails", "totalThreads", "unreadThreads")));
        } else {
            response.putNull("updatedProperties");
        }
    }

    static MethodException cannotCalculate() {
        return new MethodException("cannotCalculateChanges", "");
    }

    /** RFC 8620 §5.3. */
    private ObjectNode set(MethodCall call) throws MethodException, StoreException {
        JmapAccount account = call.account();
        Arguments arguments = call.arguments();
        String ifInState = arguments.optionalString("ifInState").orElse(null);
        Map<String, ObjectNode> create = records(arguments, "create");
        Map<String, ObjectNode> update = records(arguments, "update");
        List<String> destroy = arguments.strings("destroy").orElse(List.of());
        JmapType.Setter setter = Objects.requireNonNull(type.setter());
        Object options = setter.options(arguments);
        arguments.rejectOthers();
        int limit = account.services().config().maxObjectsInSet();
        if (create.size() + update.size() + destroy.size() > limit) {
            throw new MethodException("requestTooLarge", "at most " + limit + " records");
        }
        String oldState = type.getter().state(account);
        if (ifInState != null && !ifInState.equals(oldState)) {
            throw new MethodException("stateMismatch", "the state is " + oldState);
        }
        SetCall results = new SetCall(account, options);
        create(setter, results, create);
        update(setter, results, update, destroy);
        Set<String> ids = new LinkedHashSet<>();
        destroy.forEach(id -> ids.add(call.exchange().resolve(id)));
        if (!ids.isEmpty()) {
            setter.destroy(results, List.copyOf(ids));
        }
        ObjectNode response = Json.object()
                .put("accountId", account.id())
                .put("oldState", oldState)
                .put("newState", type.getter().state(account));
        results.addTo(response);
        return response;
    }

    private static Map<String, ObjectNode> records(Arguments arguments, String name) throws MethodException {
        Map<String, ObjectNode> records = new LinkedHashMap<>();
        var given = arguments.object(name);
        if (given.isPresent()) {
            for (Map.Entry<String, JsonNode> record : given.get().properties()) {
                if (!record.getValue().isObject()) {
                    throw MethodException.invalidArguments(name + " must be a map of objects");
                }
                records.put(record.getKey(), record.getValue().asObject());
            }
        }
        return records;
    }

    /** Records may refer to others of the same call, in any order. */
    private static void create(JmapType.Setter setter, SetCall results, Map<String, ObjectNode> create) throws StoreException {
        Map<String, ObjectNode> waiting = new LinkedHashMap<>(create);
        boolean last = false;
        while (!waiting.isEmpty()) {
            boolean progress = false;
            for (String creationId : List.copyOf(waiting.keySet())) {
                ObjectNode record = Objects.requireNonNull(waiting.get(creationId));
                if (last || !refersTo(record, setter.references(), waiting.keySet())) {
                    waiting.remove(creationId);
                    progress = true;
                    createOne(setter, results, creationId, record);
                }
            }
            last = !progress; // They refer to each other in a circle: told by the type.
        }
    }

    private static void createOne(JmapType.Setter setter, SetCall results, String creationId, ObjectNode record) throws StoreException {
        try {
            ObjectNode resolved = results.account().exchange().resolve(record, setter.references());
            results.created(creationId, setter.create(results, resolved));
        } catch (SetException e) {
            results.notCreated(creationId, e);
        } catch (StoreException e) {
            results.notCreated(creationId, SetException.of(e));
        }
    }

    private static boolean refersTo(ObjectNode record, Set<String> references, Set<String> waiting) {
        for (String property : references) {
            JsonNode value = record.path(property);
            Set<String> texts = new HashSet<>(value.isObject() ? value.asObject().propertyNames() : Set.of());
            texts.add(value.stringValue(""));
            if (texts.stream().anyMatch(text -> text.startsWith("#") && waiting.contains(text.substring(1)))) {
                return true;
            }
        }
        return false;
    }

    private static void update(
            JmapType.Setter setter, SetCall results, Map<String, ObjectNode> update, List<String> destroy) throws StoreException {
        Exchange exchange = results.account().exchange();
        Map<String, ObjectNode> patches = new LinkedHashMap<>();
        for (Map.Entry<String, ObjectNode> patch : update.entrySet()) {
            String id = exchange.resolve(patch.getKey());
            if (destroy.contains(patch.getKey()) || destroy.contains(id)) {
                results.notUpdated(patch.getKey(), new SetException("willDestroy", ""));
            } else {
                patches.put(id, exchange.resolve(patch.getValue(), setter.references()));
            }
        }
        if (!patches.isEmpty()) {
            setter.update(results, patches);
        }
    }
}
