package io.mailserver.jmap;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The arguments of one method call: each is asked for by its type, and what nobody asked for is an error. For one thread. */
public final class Arguments {
    private final ObjectNode values;
    private final Set<String> asked = new HashSet<>();

    Arguments(ObjectNode values) {
        this.values = values;
    }

    /** The value; null where it is missing or null. */
    public @Nullable JsonNode value(String name) {
        asked.add(name);
        JsonNode value = values.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** A string that must be there. */
    public String string(String name) throws MethodException {
        return optionalString(name).orElseThrow(() -> MethodException.invalidArguments(name + " is missing"));
    }

    /** A string or null. */
    public Optional<String> optionalString(String name) throws MethodException {
        JsonNode value = value(name);
        if (value != null && !value.isString()) {
            throw wrong(name, "a string");
        }
        return Optional.ofNullable(value).map(JsonNode::stringValue);
    }

    /** A Boolean that may be missing, but not null. */
    public boolean bool(String name, boolean otherwise) throws MethodException {
        asked.add(name);
        JsonNode value = values.get(name);
        if (value != null && !value.isBoolean()) {
            throw wrong(name, "a Boolean");
        }
        return value == null ? otherwise : value.booleanValue();
    }

    /** An integer, or empty for null (RFC 8620 §1.3). */
    public OptionalLong integer(String name) throws MethodException {
        JsonNode value = value(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || Math.abs(value.longValue()) > Json.MAX_INTEGER) {
            throw wrong(name, "an integer");
        }
        return OptionalLong.of(value.longValue());
    }

    /** An integer of 0 or more, or empty for null. */
    public OptionalLong unsigned(String name) throws MethodException {
        OptionalLong value = integer(name);
        if (value.isPresent() && value.getAsLong() < 0) {
            throw wrong(name, "0 or more");
        }
        return value;
    }

    /** A list of strings, or empty for null. */
    public Optional<List<String>> strings(String name) throws MethodException {
        JsonNode value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isArray()) {
            throw wrong(name, "a list of strings");
        }
        List<String> texts = new ArrayList<>(value.size());
        for (JsonNode each : value) {
            if (!each.isString()) {
                throw wrong(name, "a list of strings");
            }
            texts.add(each.stringValue());
        }
        return Optional.of(texts);
    }

    /** An object, or empty for null. */
    public Optional<ObjectNode> object(String name) throws MethodException {
        JsonNode value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        return Optional.of(value.asObjectOpt().orElseThrow(() -> wrong(name, "an object")));
    }

    /** Refuses what nobody has asked for. */
    public void rejectOthers() throws MethodException {
        for (String name : values.propertyNames()) {
            if (!asked.contains(name)) {
                throw MethodException.invalidArguments("there is no argument " + name);
            }
        }
    }

    /** All of them, as they are. */
    ObjectNode all() {
        return values;
    }

    private static MethodException wrong(String name, String expected) {
        return MethodException.invalidArguments(name + " must be " + expected);
    }
}
