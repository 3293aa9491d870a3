package io.mailserver.check;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a check found.
 *
 * @param result the word of the standard, such as {@code pass}
 * @param lines the explanation and what was looked at, for people; without control characters
 * @param data the same for programs: texts, numbers, truth values, lists and maps of them
 */
public record CheckReport(String result, List<String> lines, Map<String, Object> data) {
    public CheckReport {
        lines = lines.stream().map(CheckReport::printable).toList();
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> '?';
            default -> c;
        }));
        return out.toString();
    }
}
