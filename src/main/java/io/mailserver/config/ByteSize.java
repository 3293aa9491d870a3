package io.mailserver.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size in octets, written with binary units: {@code 50MiB}, {@code 64KiB}, {@code 2048}.
 *
 * @param octets zero or more
 */
public record ByteSize(long octets) implements Comparable<ByteSize> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) ?(|B|KiB|MiB|GiB|TiB)");
    private static final String[] UNITS = {"TiB", "GiB", "MiB", "KiB"};

    public ByteSize {
        if (octets < 0) {
            throw new IllegalArgumentException("a size below zero");
        }
    }

    /** Reads a size. */
    static ByteSize parse(String text) throws BadValueException {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            String upper = text.toUpperCase(Locale.ROOT).strip();
            boolean decimalUnit = upper.matches("\\d+ ?[KMGT]B?");
            throw new BadValueException("not a size: " + Words.quote(text), decimalUnit
                    ? "units are powers of 1024 and written KiB, MiB, GiB or TiB"
                    : "write a whole number of octets or with KiB, MiB, GiB or TiB, such as 50MiB");
        }
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), factor(form.group(2))));
        } catch (ArithmeticException e) {
            throw new BadValueException("size too large: " + Words.quote(text), "");
        }
    }

    /** Of that many KiB. */
    public static ByteSize ofKibibytes(long count) {
        return new ByteSize(Math.multiplyExact(count, 1024));
    }

    /** Of that many MiB. */
    public static ByteSize ofMebibytes(long count) {
        return new ByteSize(Math.multiplyExact(count, 1024 * 1024));
    }

    private static long factor(String unit) {
        return switch (unit) {
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            case "TiB" -> 1L << 40;
            default -> 1;
        };
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(octets, other.octets);
    }

    /** As it is written in the file, with the largest unit that loses nothing. */
    @Override
    public String toString() {
        for (String unit : UNITS) {
            if (octets > 0 && octets % factor(unit) == 0) {
                return octets / factor(unit) + unit;
            }
        }
        return Long.toString(octets);
    }
}
