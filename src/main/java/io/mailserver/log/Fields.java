package io.mailserver.log;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Names and values in turn, as events carry them. */
final class Fields {
    private static final int MAX_VALUE_CHARS = 4096;
    private static final int MAX_LINE_CHARS = 64 * 1024;

    private Fields() {}

    /** Calls {@code use} with each name and value; a name without a value has an empty one. */
    static void each(Object[] fields, BiConsumer<String, @Nullable Object> use) {
        for (int i = 0; i < fields.length; i += 2) {
            use.accept(String.valueOf(fields[i]), i + 1 < fields.length ? fields[i + 1] : "");
        }
    }

    /** Whether a field of that name is there. */
    static boolean named(String name, Object... fields) {
        for (int i = 0; i < fields.length; i += 2) {
            if (name.equals(fields[i])) {
                return true;
            }
        }
        return false;
    }

    /** A value as text, cut at 4,096 characters. */
    static String text(@Nullable Object value) {
        return cut(String.valueOf(value), MAX_VALUE_CHARS);
    }

    /** A line said to people, cut at 65,536 characters. */
    static String line(String line) {
        return cut(line, MAX_LINE_CHARS);
    }

    private static String cut(String text, int maxChars) {
        return text.length() <= maxChars ? text : text.substring(0, maxChars) + "...";
    }
}
