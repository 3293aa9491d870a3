package io.mailserver.cli;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What came of an operation.
 *
 * @param ok whether it was done
 * @param lines for people; of a refusal one line that says what is wrong
 * @param data for programs
 * @param hint of a refusal: what to do about it; may be empty
 */
public record Outcome(boolean ok, List<String> lines, JsonNode data, String hint) {
    public Outcome {
        lines = List.copyOf(lines);
    }
}
