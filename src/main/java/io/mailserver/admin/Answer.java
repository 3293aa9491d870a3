package io.mailserver.admin;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What came of an operation.
 *
 * @param ok whether it was done
 * @param lines for people; of a refusal one line that says what is wrong
 * @param data for programs; null node where there is nothing to tell
 * @param hint of a refusal: what to do about it; may be empty
 */
public record Answer(boolean ok, List<String> lines, JsonNode data, String hint) {
    public Answer {
        lines = List.copyOf(lines);
    }

    /** Done, with something to say and to show. */
    static Answer of(List<String> lines, JsonNode data) {
        return new Answer(true, lines, data, "");
    }

    /** Done, with one line to say. */
    static Answer of(String line, JsonNode data) {
        return of(List.of(line), data);
    }

    /** Done, with one line to say and nothing for programs. */
    static Answer of(String line) {
        return of(line, JsonNodeFactory.instance.nullNode());
    }

    /** Not done. */
    static Answer refused(String reason, String hint) {
        return new Answer(false, List.of(reason), JsonNodeFactory.instance.nullNode(), hint);
    }
}
