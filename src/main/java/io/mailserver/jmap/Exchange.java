package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One request to the API: who asks, and what was created so far (RFC 8620 §3.3). For one thread; closed by who made it. */
public final class Exchange implements AutoCloseable {
    private final JmapUser user;
    private final JmapServices services;
    private final Map<String, String> createdIds = new LinkedHashMap<>();
    private final Map<String, JmapAccount> open = new HashMap<>();

    Exchange(JmapUser user, JmapServices services) {
        this.user = user;
        this.services = services;
    }

    /** Who asks. */
    public JmapUser user() {
        return user;
    }

    JmapServices services() {
        return services;
    }

    /** @throws MethodException accountNotFound */
    public JmapAccount account(String id) throws MethodException, StoreException {
        if (!id.equals(user.accountId())) {
            throw new MethodException("accountNotFound", "");
        }
        JmapAccount known = open.get(id);
        if (known == null) {
            known = new JmapAccount(id, this, user.account());
            open.put(id, known);
        }
        return known;
    }

    /** Notes what a creation id stands for. */
    public void created(String creationId, String id) {
        createdIds.put(creationId, id);
    }

    /** The id of what was created under {@code creationId}. */
    public Optional<String> createdId(String creationId) {
        return Optional.ofNullable(createdIds.get(creationId));
    }

    Map<String, String> createdIds() {
        return createdIds;
    }

    /** An id as clients give it: itself, or that of what was created as {@code #name}. */
    public String resolve(String id) {
        return id.startsWith("#") ? createdIds.getOrDefault(id.substring(1), id) : id;
    }

    /**
     * A record with references to created ids replaced in {@code #} strings and {@code #} names of properties, as far as they are known.
     * Texts of users may begin so too: only what stands where an id can stand is looked at, at most two levels deep.
     */
    ObjectNode resolve(ObjectNode record, Set<String> idProperties) {
        ObjectNode resolved = Json.object();
        for (Map.Entry<String, JsonNode> property : record.properties()) {
            String name = property.getKey();
            int slash = name.indexOf('/');
            String top = slash < 0 ? name : name.substring(0, slash);
            boolean ids = idProperties.contains(top);
            String path = ids && slash >= 0 ? top + "/" + resolve(name.substring(slash + 1)) : name;
            resolved.set(path, ids ? resolveIds(property.getValue()) : property.getValue());
        }
        return resolved;
    }

    private @Nullable JsonNode resolveIds(JsonNode value) {
        if (value.isString()) {
            return Json.object().stringNode(resolve(value.stringValue()));
        }
        if (value.isObject()) {
            ObjectNode resolved = Json.object();
            value.asObject().properties().forEach(each -> resolved.set(resolve(each.getKey()), each.getValue()));
            return resolved;
        }
        if (value.isArray()) {
            ArrayNode resolved = Json.array();
            value.forEach(each -> resolved.add(resolveIds(each)));
            return resolved;
        }
        return value;
    }

    @Override
    public void close() {
        open.values().forEach(account -> account.mail().close());
    }
}
