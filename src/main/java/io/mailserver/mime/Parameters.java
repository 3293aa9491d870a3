package io.mailserver.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parameters of a Content-Type or Content-Disposition field, in the order of the field (RFC 2045 §5.1, RFC 2183 §2). Immutable.
 *
 * <p>Two views: {@link #all} has them as IMAP's BODYSTRUCTURE shows them, with continuations put together but still encoded ({@code
 * filename*} keeps its charset and percent signs, so that clients without UTF-8 get seven bits); {@link #get} decodes.
 *
 * @param all names in lower case, each once; at most {@value #MAX_COUNT}
 */
public record Parameters(List<Parameter> all) {
    static final int MAX_COUNT = 100;
    /** None. */
    public static final Parameters NONE = new Parameters(List.of());

    public Parameters {
        all = List.copyOf(all);
    }

    /**
     * @param name in lower case; with a {@code *} at the end where the value is encoded (RFC 2231 §4)
     * @param value without quotes
     */
    public record Parameter(String name, String value) {}

    /** The decoded value of a parameter: RFC 2231, and encoded words, which many programs write though RFC 2047 §5 forbids it. */
    public Optional<String> get(String name) {
        String extended = name + '*';
        Optional<String> plain = Optional.empty();
        for (Parameter parameter : all) {
            if (parameter.name.equals(extended)) {
                return Optional.of(PercentText.decode(parameter.value));
            }
            if (parameter.name.equals(name) && plain.isEmpty()) {
                plain = Optional.of(HeaderText.decodeWords(parameter.value));
            }
        }
        return plain;
    }

    /** Puts continuations together ({@code name*0*=..; name*1=..}, RFC 2231 §3, §4.1); of equal names the first counts. */
    static Parameters combine(List<Parameter> written) {
        List<Parameter> out = new ArrayList<>();
        Map<String, Continuation> open = new TreeMap<>();
        for (Parameter parameter : written) {
            String name = parameter.name;
            int star = name.indexOf('*');
            int number = star > 0 ? sectionNumber(name, star + 1) : -1;
            if (number < 0) {
                addOnce(out, parameter);
                continue;
            }
            String base = name.substring(0, star);
            Continuation continuation = open.get(base);
            if (continuation == null) {
                continuation = new Continuation(out.size());
                open.put(base, continuation);
                out.add(new Parameter(base, "")); // Keeps the place.
            }
            continuation.pieces.putIfAbsent(number, new Piece(parameter.value, name.endsWith("*")));
        }
        open.forEach((name, continuation) -> out.set(continuation.place, continuation.join(name)));
        return new Parameters(out);
    }

    private static void addOnce(List<Parameter> out, Parameter parameter) {
        if (out.stream().noneMatch(known -> known.name.equals(parameter.name))) {
            out.add(parameter);
        }
    }

    /** The digits between the star and the end or a second star; -1 if it is none. */
    private static int sectionNumber(String name, int from) {
        int end = name.endsWith("*") ? name.length() - 1 : name.length();
        if (end <= from || end - from > 4) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < end; i++) {
            char c = name.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + c - '0';
        }
        return number;
    }

    private record Piece(String value, boolean encoded) {}

    private static final class Continuation {
        private final int place;
        private final TreeMap<Integer, Piece> pieces = new TreeMap<>();

        Continuation(int place) {
            this.place = place;
        }

        /** The pieces from 0 on without a gap; what comes after a gap is lost, as it would be garbled. */
        Parameter join(String name) {
            boolean encoded = false;
            int count = 0;
            while (pieces.containsKey(count)) {
                encoded |= piece(count).encoded;
                count++;
            }
            StringBuilder value = new StringBuilder();
            for (int i = 0; i < count; i++) {
                Piece piece = piece(i);
                if (i == 0 && encoded && !piece.encoded) {
                    value.append("''"); // Later pieces are encoded: an empty charset and language stand for none.
                }
                value.append(encoded && !piece.encoded ? PercentText.encode(piece.value) : piece.value);
            }
            return new Parameter(encoded ? name + '*' : name, value.toString());
        }

        private Piece piece(int number) {
            return pieces.getOrDefault(number, new Piece("", false));
        }
    }

    /**
     * Reads {@code ; name=value ...} to the end of the text: quoted or not, comments left out, missing quotes, semicolons and names
     * tolerated.
     */
    static Parameters parse(HeaderScanner in) {
        List<Parameter> written = new ArrayList<>();
        while (!in.atEnd() && written.size() < MAX_COUNT) {
            in.skipSpace();
            if (in.take(';')) {
                continue;
            }
            String name = in.until("=; \t").toLowerCase(Locale.ROOT);
            in.skipSpace();
            if (!in.take('=')) {
                if (name.isEmpty()) {
                    in.skip();
                }
                continue; // A word without value: skipped.
            }
            in.skipSpace();
            String value = in.peek() == '"' ? in.quotedString() : unquoted(in.until(";"));
            if (!name.isEmpty()) {
                written.add(new Parameter(name, value));
            }
        }
        return combine(written);
    }

    /** Without a comment at its end; blanks inside stay, as in {@code filename=my letter.pdf}. */
    private static String unquoted(String text) {
        int comment = text.indexOf(" (");
        return (comment > 0 ? text.substring(0, comment) : text).strip();
    }
}
