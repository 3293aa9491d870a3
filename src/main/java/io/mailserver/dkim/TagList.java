package io.mailserver.dkim;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A list of {@code name=value;} pairs (RFC 6376 §3.2), strictly: names are case-sensitive and occur once, values are printable, with
 * folding white space inside, or UTF-8 (RFC 8616 §5).
 *
 * @param tags in order
 */
public record TagList(Map<String, Tag> tags) {
    private static final int MAX_TAGS = 100;

    public TagList {
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /**
     * A value and its place.
     *
     * @param value without surrounding white space; folds inside are kept
     * @param start where it starts in the text, white space included: right after the equals sign
     * @param end where it ends in the text, white space included: at the semicolon or the end
     */
    public record Tag(String value, int start, int end) {}

    /** A text that is no tag list, or a tag with a value that breaks its grammar. Without a stack: it describes the input. */
    public static final class SyntaxException extends Exception {
        private final String reason;

        /**
         * @param reason what is wrong, as a noun phrase in printable ASCII
         */
        public SyntaxException(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }

        /** What is wrong. */
        public String reason() {
            return reason;
        }
    }

    /**
     * Parses a text of which each char is an octet.
     *
     * @throws SyntaxException if it is no tag list
     */
    public static TagList parse(String text) throws SyntaxException {
        Map<String, Tag> tags = new LinkedHashMap<>();
        int at = 0;
        while (at <= text.length()) {
            int semicolon = text.indexOf(';', at);
            int end = semicolon < 0 ? text.length() : semicolon;
            boolean last = semicolon < 0;
            int equals = text.indexOf('=', at);
            if (equals < 0 || equals >= end) {
                if (last && isSpace(text, at, end) && !tags.isEmpty()) {
                    break; // A semicolon at the end is fine.
                }
                throw new SyntaxException("a tag without '='");
            }
            String name = strip(text, at, equals);
            checkName(name);
            checkValue(text, equals + 1, end);
            if (tags.put(name, new Tag(strip(text, equals + 1, end), equals + 1, end)) != null) {
                throw new SyntaxException("the tag '" + name + "' twice");
            }
            if (tags.size() > MAX_TAGS) {
                throw new SyntaxException("more than " + MAX_TAGS + " tags");
            }
            at = end + 1;
        }
        return new TagList(tags);
    }

    /** The value of a tag. */
    public Optional<String> value(String name) {
        return Optional.ofNullable(tags.get(name)).map(Tag::value);
    }

    /** The value of a tag that must be there and not empty. */
    public String required(String name) throws SyntaxException {
        String value = value(name).orElseThrow(() -> new SyntaxException("no tag '" + name + "='"));
        if (value.isEmpty()) {
            throw new SyntaxException("an empty tag '" + name + "='");
        }
        return value;
    }

    /** A value without any white space, as for domains, numbers and base64. */
    public static String withoutSpace(String value) {
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            if (!isSpace(value.charAt(i))) {
                out.append(value.charAt(i));
            }
        }
        return out.toString();
    }

    /** The elements of a colon-separated value, without white space around them. */
    public static List<String> elements(String value) {
        return List.of(value.split(":", -1)).stream().map(element -> strip(element, 0, element.length())).toList();
    }

    /** Decodes base64 with white space in it (RFC 6376 §2.8). */
    public static byte[] base64(String value, String tag) throws SyntaxException {
        try {
            return Base64.getDecoder().decode(withoutSpace(value).getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new SyntaxException("'" + tag + "=' is not base64");
        }
    }

    private static void checkName(String name) throws SyntaxException {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '_'))) {
                throw new SyntaxException("a tag name that is none");
            }
        }
        if (name.isEmpty()) {
            throw new SyntaxException("a tag without a name");
        }
    }

    private static void checkValue(String text, int start, int end) throws SyntaxException {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (!isSpace(c) && (c < 0x21 || c == 0x7f)) {
                throw new SyntaxException("a control character in a tag");
            }
        }
    }

    private static String strip(String text, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isSpace(String text, int start, int end) {
        return strip(text, start, end).isEmpty();
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
