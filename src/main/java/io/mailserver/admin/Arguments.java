package io.mailserver.admin;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The arguments of one operation, read by name and type; whatever does not fit is an {@link OperatorException} that names it. */
final class Arguments {
    private static final int MAX_TEXT_LENGTH = 4_096;
    private static final int MAX_LIST_LENGTH = 1_000;

    private final JsonNode json;
    private final @Nullable Consumer<String> live;

    /**
     * @param json an object, or null or missing for no arguments
     * @param known the names that may occur
     * @param live is told lines while the operation goes on; null where somebody waits for its end
     */
    Arguments(JsonNode json, Set<String> known, @Nullable Consumer<String> live) {
        this.live = live;
        if (!json.isObject() && !json.isNull() && !json.isMissingNode()) {
            throw new OperatorException("the arguments are not a JSON object", "send {\"name\": value, ...}");
        }
        this.json = json;
        for (String name : json.propertyNames()) {
            if (!known.contains(name)) {
                throw new OperatorException(
                        "there is no argument \"" + name + "\" here",
                        known.isEmpty() ? "this operation takes none" : "it takes " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    /** Whether somebody sees what {@link #tell} is told. */
    boolean isLive() {
        return live != null;
    }

    /** Shows a line at once, to whoever looks. */
    void tell(String line) {
        if (live != null) {
            live.accept(line);
        }
    }

    /** A text that must be there. */
    String text(String name) {
        return optionalText(name).orElseThrow(() -> new OperatorException("the argument \"" + name + "\" is missing", "add it"));
    }

    /** A text that must be there and may be long. */
    String text(String name, int maxLength) {
        JsonNode value = json.path(name);
        if (!value.isString() || value.stringValue().length() > maxLength) {
            throw new OperatorException("the argument \"" + name + "\" is no text of at most " + maxLength + " characters", "send one");
        }
        return value.stringValue();
    }

    Optional<String> optionalText(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        return Optional.of(text(name, value));
    }

    /** One text or a list of texts; empty if it is not there. */
    List<String> texts(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            return List.of(text(name, value));
        }
        if (value.size() > MAX_LIST_LENGTH) {
            throw new OperatorException("the argument \"" + name + "\" has " + value.size() + " values", "give at most " + MAX_LIST_LENGTH);
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value) {
            texts.add(text(name, element));
        }
        return texts;
    }

    /** A whole number of zero or more. */
    OptionalLong optionalNumber(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new OperatorException("the argument \"" + name + "\" is not a whole number of 0 or more", "send a JSON number");
        }
        return OptionalLong.of(value.longValue());
    }

    /** A truth value, false if it is not there. */
    boolean flag(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw new OperatorException("the argument \"" + name + "\" is not true or false", "send a JSON truth value");
        }
        return value.booleanValue();
    }

    Optional<Domain> optionalDomain(String name) {
        return optionalText(name).map(Arguments::parseDomain);
    }

    Domain domain(String name) {
        return parseDomain(text(name));
    }

    /** So many seconds. */
    Duration seconds(String name) {
        return Duration.ofSeconds(optionalNumber(name)
                .orElseThrow(() -> new OperatorException("the argument \"" + name + "\" is missing", "give a number of seconds")));
    }

    private static Domain parseDomain(String text) {
        return Domain.parse(text).orElseThrow(() -> new OperatorException(
                "\"" + Texts.printable(text) + "\" is not a domain name", "write it like example.com"));
    }

    private static String text(String name, JsonNode value) {
        if (!value.isString()) {
            throw new OperatorException("the argument \"" + name + "\" is not a text", "send a JSON string");
        }
        String text = value.stringValue();
        if (text.length() > MAX_TEXT_LENGTH) {
            throw new OperatorException(
                    "the argument \"" + name + "\" is longer than " + MAX_TEXT_LENGTH + " characters", "make it shorter");
        }
        return text;
    }
}
