package io.mailserver.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line a dialogue expects: literal text in which {@code /…/} is a regular expression, <code>${name}</code> an earlier capture, and
 * {@code \/} a slash. Named groups of the expressions are captures.
 */
final class LinePattern {
    private static final Pattern GROUP_NAME = Pattern.compile("\\(\\?<([a-zA-Z][a-zA-Z0-9]*)>");

    private final String text;

    LinePattern(String text) {
        this.text = text;
    }

    /** The captures of this line if it matches, else empty. */
    Optional<Map<String, String>> match(String line, Map<String, String> captures) {
        Matcher matcher = Pattern.compile(regex(substitute(text, captures))).matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, String> found = new java.util.HashMap<>();
        GROUP_NAME.matcher(text).results().map(result -> result.group(1)).forEach(name -> found.put(name, matcher.group(name)));
        return Optional.of(found);
    }

    /** Replaces each <code>${name}</code>. */
    static String substitute(String text, Map<String, String> captures) {
        String result = text;
        for (Map.Entry<String, String> capture : captures.entrySet()) {
            result = result.replace("${" + capture.getKey() + "}", capture.getValue());
        }
        return result;
    }

    private static String regex(String text) {
        StringBuilder regex = new StringBuilder();
        boolean literal = true;
        for (String part : parts(text)) {
            regex.append(literal ? Pattern.quote(part) : part);
            literal = !literal;
        }
        return regex.toString();
    }

    /** Literal and expression in turn, the first one literal. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '/') {
                part.append('/');
                i++;
            } else if (c == '/') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    @Override
    public String toString() {
        return text;
    }
}
