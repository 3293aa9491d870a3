package io.mailserver.log;

/** Values in log lines: nothing a client sends can end a line, move a cursor or look like another field. */
final class Escaping {
    private static final String HEX = "0123456789abcdef";

    private Escaping() {}

    /** {@code text} with every control, format and line-separating character as an escape. */
    static String line(String text) {
        int first = firstUnsafe(text);
        if (first == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            appendEscaped(escaped, text.charAt(i));
        }
        return escaped.toString();
    }

    /** Appends a field's value: bare where it is plain, else in double quotes. */
    static void appendValue(StringBuilder out, String value) {
        if (plain(value)) {
            out.append(value);
        } else {
            out.append('"');
            appendQuoted(out, value);
            out.append('"');
        }
    }

    /** Appends the inside of a JSON string (RFC 8259 §7). */
    static void appendQuoted(StringBuilder out, String value) {
        int from = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append(value, from, i).append('\\').append(c);
                from = i + 1;
            } else if (unsafe(value.charAt(i))) {
                out.append(value, from, i);
                appendEscaped(out, c);
                from = i + 1;
            }
        }
        out.append(value, from, value.length());
    }

    private static void appendEscaped(StringBuilder out, char c) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (unsafe(c)) {
                    out.append("\\u");
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        out.append(HEX.charAt((c >> shift) & 0xf));
                    }
                } else {
                    out.append(c);
                }
            }
        }
    }

    private static boolean plain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '"' || c == '\\' || c == '=' || unsafe(value.charAt(i))) {
                return false;
            }
        }
        return !value.isEmpty();
    }

    private static int firstUnsafe(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (unsafe(text.charAt(i))) {
                return i;
            }
        }
        return text.length();
    }

    /** C0, DEL and C1 controls, format characters (which turn text around), line and paragraph separators. */
    private static boolean unsafe(char c) {
        if (c < 0x7f) {
            return c < ' ';
        }
        if (c < 0xa0) {
            return true;
        }
        if (c < 0x300) {
            return c == 0xad;
        }
        int type = Character.getType(c);
        return type == Character.FORMAT || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }
}
