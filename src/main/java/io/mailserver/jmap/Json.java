package io.mailserver.jmap;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON as JMAP wants it: I-JSON (RFC 7493), no name twice in an object, bounded depth. Safe for any thread. */
final class Json {
    /** How deep values may be nested: filters are the deepest that clients send. */
    static final int MAX_DEPTH = 100;

    /** RFC 8620 §1.3: what every number of a client must fit in. */
    static final long MAX_INTEGER = (1L << 53) - 1;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE) // The whole is limited.
                            .maxNumberLength(40)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** Octets that are not I-JSON. */
    static final class NotJsonException extends Exception {
        private static final long serialVersionUID = 1L;

        NotJsonException(String text, Throwable cause) {
            super(text, cause);
        }
    }

    /** Parses a whole text of JSON. */
    static JsonNode parse(byte[] octets) throws NotJsonException {
        try {
            JsonNode parsed = MAPPER.readTree(octets);
            if (parsed == null || parsed.isMissingNode()) {
                throw new NotJsonException("there is nothing", new IllegalArgumentException());
            }
            requireUnicode(parsed);
            return parsed;
        } catch (JacksonException e) {
            throw new NotJsonException(e.getOriginalMessage(), e);
        }
    }

    /** RFC 7493 §2.1: half a pair of surrogates, which escapes can make, is no text; nothing could be stored or written of it. */
    private static void requireUnicode(JsonNode parsed) throws NotJsonException {
        Deque<JsonNode> left = new ArrayDeque<>(List.of(parsed));
        while (!left.isEmpty()) {
            JsonNode node = left.pop();
            boolean right = !node.isString() || isUnicode(node.stringValue());
            for (Map.Entry<String, JsonNode> property : node.properties()) {
                right &= isUnicode(property.getKey());
            }
            if (!right) {
                throw new NotJsonException("a string has half a pair of surrogates", new IllegalArgumentException());
            }
            node.forEach(left::push);
        }
    }

    private static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    static byte[] octets(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    static String text(JsonNode node) {
        return new String(octets(node), StandardCharsets.UTF_8);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static ArrayNode array(Collection<String> texts) {
        ArrayNode array = array();
        texts.forEach(array::add);
        return array;
    }
}
