package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Why one record was not created, updated or destroyed: a SetError (RFC 8620 §5.3). */
public final class SetException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ObjectNode error;

    /**
     * @param type such as {@code forbidden}
     * @param description for developers of clients
     */
    public SetException(String type, String description) {
        super(description);
        error = Json.object().put("type", type);
        if (!description.isEmpty()) {
            error.put("description", description);
        }
    }

    /** Properties that cannot have these values. */
    public static SetException invalidProperties(String description, String... properties) {
        SetException invalid = new SetException("invalidProperties", description);
        invalid.error.set("properties", Json.array(List.of(properties)));
        return invalid;
    }

    /** There is no such record. */
    public static SetException notFound() {
        return new SetException("notFound", "");
    }

    /** What the store refused or could not do. */
    public static SetException of(StoreException refusal) {
        String text = String.valueOf(refusal.getMessage());
        return switch (refusal.reason()) {
            case OVER_QUOTA, DISK_FULL -> new SetException("overQuota", text);
            case NO_PERMISSION -> new SetException("forbidden", text);
            case EXPUNGED -> notFound();
            case LIMIT -> new SetException("tooLarge", text);
            case NO_SUCH_MAILBOX -> new SetException("notFound", text);
            case ALREADY_EXISTS, HAS_CHILDREN, CANNOT -> new SetException("forbidden", text);
            // RFC 8620 §5.3 has no type for trouble that passes; rateLimit is what makes clients try again.
            case UNAVAILABLE, CORRUPT -> new SetException("rateLimit", text);
        };
    }

    /** Adds a property to the error. */
    public SetException with(String name, String value) {
        error.put(name, value);
        return this;
    }

    /** Adds a number to the error. */
    public SetException with(String name, long value) {
        error.put(name, value);
        return this;
    }

    /** Adds a list to the error. */
    public SetException with(String name, List<String> values) {
        error.set(name, Json.array(values));
        return this;
    }

    ObjectNode toJson() {
        return error;
    }
}
