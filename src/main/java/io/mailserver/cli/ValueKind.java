package io.mailserver.cli;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** How the text of an option becomes the value of an argument. */
enum ValueKind {
    /** As typed. */
    TEXT {
        @Override
        JsonNode parse(String text) {
            return JsonNodeFactory.instance.stringNode(text);
        }
    },
    /** A count, or {@code none} for no limit. */
    COUNT {
        @Override
        JsonNode parse(String text) {
            return number(text, "", "a whole number such as 10000, or none");
        }
    },
    /** A size with a unit of 1024, or {@code none} for no limit. */
    BYTES {
        @Override
        JsonNode parse(String text) {
            return number(text, "KMGT", "a size such as 500M or 2G, or none");
        }
    },
    /** A time such as 10m, in seconds. */
    SECONDS {
        @Override
        JsonNode parse(String text) {
            return seconds(text);
        }
    };

    private static final Pattern SIZE = Pattern.compile("(\\d{1,18}) ?(?:([KMGT])(?:iB|B)?|B)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern TIME = Pattern.compile("(\\d{1,9}) ?(s|m|min|h|d)");

    /** @throws IllegalArgumentException it is not of this kind; the message completes "is not" */
    abstract JsonNode parse(String text);

    private static JsonNode number(String text, String units, String wanted) {
        if (text.equalsIgnoreCase("none")) {
            return JsonNodeFactory.instance.numberNode(0L);
        }
        Matcher size = SIZE.matcher(text);
        if (!size.matches() || (units.isEmpty() && !text.chars().allMatch(c -> c >= '0' && c <= '9'))) {
            throw new IllegalArgumentException(wanted);
        }
        int power = size.group(2) == null ? 0 : 1 + units.indexOf(size.group(2).toUpperCase(Locale.ROOT));
        BigInteger value = new BigInteger(size.group(1)).shiftLeft(10 * power);
        if (value.bitLength() >= Long.SIZE) {
            throw new IllegalArgumentException(wanted);
        }
        return JsonNodeFactory.instance.numberNode(value.longValueExact());
    }

    private static JsonNode seconds(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new IllegalArgumentException("a time such as 30s, 10m, 2h or 1d");
        }
        long count = Long.parseLong(time.group(1));
        Duration duration = switch (time.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofMinutes(count);
        };
        return JsonNodeFactory.instance.numberNode(duration.toSeconds());
    }
}
