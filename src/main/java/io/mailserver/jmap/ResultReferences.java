package io.mailserver.jmap;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Arguments taken from the results of earlier calls of the request (RFC 8620 §3.7). */
final class ResultReferences {
    /** What a reference may gather, so that references to references do not grow without end. */
    private static final int MAX_VALUES = 100_000;

    private ResultReferences() {}

    /** An earlier response. */
    record Response(String name, ObjectNode arguments, String callId) {}

    /** The arguments with all references resolved. */
    static ObjectNode resolve(ObjectNode arguments, List<Response> earlier) throws MethodException {
        boolean any = arguments.propertyNames().stream().anyMatch(name -> name.startsWith("#"));
        if (!any) {
            return arguments;
        }
        ObjectNode resolved = Json.object();
        for (var argument : arguments.properties()) {
            String name = argument.getKey();
            if (!name.startsWith("#")) {
                resolved.set(name, argument.getValue());
                continue;
            }
            if (arguments.has(name.substring(1))) {
                throw MethodException.invalidArguments(name + " stands beside " + name.substring(1));
            }
            resolved.set(name.substring(1), value(argument.getValue(), earlier));
        }
        return resolved;
    }

    private static JsonNode value(JsonNode reference, List<Response> earlier) throws MethodException {
        String resultOf = reference.path("resultOf").stringValue("");
        String name = reference.path("name").stringValue("");
        String path = reference.path("path").stringValue("\0");
        Response found = earlier.stream().filter(response -> response.callId().equals(resultOf)).findFirst()
                .orElseThrow(() -> unresolved("there is no result of " + resultOf));
        if (!found.name().equals(name)) {
            throw unresolved("the result of " + resultOf + " is " + found.name());
        }
        return apply(found.arguments(), tokens(path), 0);
    }

    /** RFC 6901 §3. */
    private static List<String> tokens(String pointer) throws MethodException {
        if (pointer.isEmpty()) {
            return List.of();
        }
        if (!pointer.startsWith("/")) {
            throw unresolved("the path must begin with /");
        }
        return List.of(pointer.substring(1).split("/", -1));
    }

    private static JsonNode apply(JsonNode value, List<String> tokens, int from) throws MethodException {
        if (from == tokens.size()) {
            return value;
        }
        String token = tokens.get(from);
        if (value.isArray() && token.equals("*")) {
            ArrayNode all = Json.array();
            for (JsonNode item : value) {
                JsonNode result = apply(item, tokens, from + 1);
                if (result.isArray()) {
                    result.forEach(all::add);
                } else {
                    all.add(result);
                }
                if (all.size() > MAX_VALUES) {
                    throw unresolved("too many values");
                }
            }
            return all;
        }
        JsonNode next = value.isArray() ? item(value, token) : value.get(token.replace("~1", "/").replace("~0", "~"));
        if (next == null) {
            throw unresolved("nothing is at " + token);
        }
        return apply(next, tokens, from + 1);
    }

    /** RFC 6901 §4: digits without leading zeros. */
    private static @Nullable JsonNode item(JsonNode array, String token) {
        boolean number = token.matches("0|[1-9][0-9]{0,8}");
        return number ? array.get(Integer.parseInt(token)) : null;
    }

    private static MethodException unresolved(String why) {
        return new MethodException("invalidResultReference", why);
    }
}
