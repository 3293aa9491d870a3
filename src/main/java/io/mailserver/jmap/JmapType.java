package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A data type of JMAP: what {@link StandardMethods} needs to answer Foo/get, Foo/changes, Foo/query, Foo/queryChanges and Foo/set. What
 * a type lacks it does not offer.
 *
 * @param name such as {@code Mailbox}
 * @param capability what a request must use for its methods
 */
public record JmapType(
        String name,
        String capability,
        Getter getter,
        @Nullable ChangeLog changes,
        @Nullable Querier querier,
        @Nullable Setter setter) {
    /** For Foo/get (RFC 8620 §5.1). */
    public interface Getter {
        /** The state of all records of the type. */
        String state(JmapAccount account) throws StoreException;

        /** Properties given where the client names none. */
        List<String> defaultProperties();

        /** Whether a record can have that property; {@code id} always is one. */
        default boolean isProperty(String name) {
            return defaultProperties().contains(name);
        }

        /** All ids of the type; empty if there are more than {@code limit}. */
        Optional<List<String>> allIds(JmapAccount account, int limit) throws StoreException;

        /** Takes the further arguments of the type. Asked before {@link #get}, once a call. */
        default Object options(Arguments arguments) throws MethodException {
            return "";
        }

        /**
         * The records of some ids.
         *
         * @param properties without {@code id}, which every record has
         * @param options as of {@link #options}
         * @return by id; those that do not exist are left out
         */
        Map<String, ObjectNode> get(JmapAccount account, List<String> ids, Set<String> properties, Object options) throws StoreException;
    }

    /** For Foo/changes (RFC 8620 §5.2). */
    @FunctionalInterface
    public interface ChangeLog {
        /** Everything that happened to records after a state; empty if that cannot be told. */
        Optional<Changes> since(JmapAccount account, long state) throws StoreException;
    }

    /**
     * What happened, in no order.
     *
     * @param state that it leads to
     */
    public record Changes(long state, List<Change> changes) {}

    /**
     * @param at the number of the last thing that happened to it
     * @param made whether it may be new
     * @param there whether it still exists
     * @param minor whether only what {@link StandardMethods} tells as {@code updatedProperties} may differ
     */
    public record Change(String id, long at, boolean made, boolean there, boolean minor) {
        /** A change of any property. */
        public Change(String id, long at, boolean made, boolean there) {
            this(id, at, made, there, false);
        }
    }

    /** For Foo/query and Foo/queryChanges (RFC 8620 §5.5, §5.6). */
    public interface Querier {
        /** Takes the further arguments of the type. */
        default Object options(Arguments arguments) throws MethodException {
            return "";
        }

        /** Ids that fit, in order. */
        Result query(JmapAccount account, @Nullable JsonNode filter, List<JsonNode> sort, Object options)
                throws MethodException, StoreException;

        /** Every id whose place in results of this query may be another one than at {@code state}; empty if that cannot be told. */
        Optional<Set<String>> touched(JmapAccount account, long state, Object options) throws StoreException;

        /** Whether neither filter nor sort depend on what can change. */
        default boolean immutable(@Nullable JsonNode filter, List<JsonNode> sort, Object options) {
            return false;
        }
    }

    /** @param ids may be a view that makes them when they are asked for */
    public record Result(String state, List<String> ids) {}

    /** For Foo/set (RFC 8620 §5.3). */
    public interface Setter {
        /** Takes the further arguments of the type. */
        default Object options(Arguments arguments) throws MethodException {
            return "";
        }

        /** The properties that hold ids, in which {@code #name} stands for what was created in the same request. */
        default Set<String> references() {
            return Set.of();
        }

        /** Makes a record; references to created ids are resolved. Returns what the server has set, the id included. */
        ObjectNode create(SetCall call, ObjectNode record) throws SetException, StoreException;

        /** Changes records by patches, each with its result told to {@code call}. */
        void update(SetCall call, Map<String, ObjectNode> patches) throws StoreException;

        /** Destroys records, each with its result told to {@code call}. */
        void destroy(SetCall call, List<String> ids) throws StoreException;
    }
}
