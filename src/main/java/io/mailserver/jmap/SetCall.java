package io.mailserver.jmap;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One Foo/set under way: takes the results (RFC 8620 §5.3). For one thread. */
public final class SetCall {
    private final JmapAccount account;
    private final Object options;
    private final ObjectNode created = Json.object();
    private final ObjectNode updated = Json.object();
    private final List<String> destroyed = new ArrayList<>();
    private final ObjectNode notCreated = Json.object();
    private final ObjectNode notUpdated = Json.object();
    private final ObjectNode notDestroyed = Json.object();

    SetCall(JmapAccount account, Object options) {
        this.account = account;
        this.options = options;
    }

    /** The account that is changed. */
    public JmapAccount account() {
        return account;
    }

    /** What {@link JmapType.Setter#options} gave. */
    public Object options() {
        return options;
    }

    void created(String creationId, ObjectNode serverSet) {
        created.set(creationId, serverSet);
        account.exchange().created(creationId, serverSet.path("id").stringValue(""));
    }

    void notCreated(String creationId, SetException why) {
        notCreated.set(creationId, why.toJson());
    }

    /** @param serverSet what changed beyond the patch; null: nothing */
    public void updated(String id, @Nullable ObjectNode serverSet) {
        if (serverSet == null) {
            updated.putNull(id);
        } else {
            updated.set(id, serverSet);
        }
    }

    /** A patch that was not applied. */
    public void notUpdated(String id, SetException why) {
        notUpdated.set(id, why.toJson());
    }

    /** A record that is gone. */
    public void destroyed(String id) {
        destroyed.add(id);
    }

    /** A record that stays. */
    public void notDestroyed(String id, SetException why) {
        notDestroyed.set(id, why.toJson());
    }

    /** Adds the results; what is empty is null. */
    void addTo(ObjectNode response) {
        put(response, "created", created);
        put(response, "updated", updated);
        if (destroyed.isEmpty()) {
            response.putNull("destroyed");
        } else {
            response.set("destroyed", Json.array(destroyed));
        }
        put(response, "notCreated", notCreated);
        put(response, "notUpdated", notUpdated);
        put(response, "notDestroyed", notDestroyed);
    }

    private static void put(ObjectNode response, String name, ObjectNode values) {
        if (values.isEmpty()) {
            response.putNull(name);
        } else {
            response.set(name, values);
        }
    }
}
