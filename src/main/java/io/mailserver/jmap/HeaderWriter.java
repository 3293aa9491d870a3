package io.mailserver.jmap;

import io.mailserver.jmap.HeaderProperty.Form;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Header fields made of properties of clients (RFC 8621 §4.6): encoded, folded, and never with a line end that the client put there. */
final class HeaderWriter {
    static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    /** RFC 5322 §2.1.1: lines of at most 78 characters. */
    private static final int LINE = 76;

    /** RFC 2047 §2: a word has at most 75 characters, in which so many octets fit. */
    private static final int WORD_OCTETS = 45;

    private HeaderWriter() {}

    /** The fields, with line ends; none for null. */
    static String field(HeaderProperty property, @Nullable JsonNode value, String name) throws SetException {
        if (value == null || value.isNull()) {
            return "";
        }
        if (property.all()) {
            StringBuilder all = new StringBuilder();
            for (JsonNode each : list(value, name)) {
                all.append(one(property, each, name));
            }
            return all.toString();
        }
        return one(property, value, name);
    }

    private static String one(HeaderProperty property, JsonNode value, String name) throws SetException {
        if (property.form() == Form.RAW) {
            return property.field() + ":" + raw(text(value, name), name) + "\r\n";
        }
        List<String> pieces = switch (property.form()) {
            case TEXT -> words(single(text(value, name), name));
            case ADDRESSES -> addresses(value, name);
            case GROUPED_ADDRESSES -> groups(value, name);
            case MESSAGE_IDS -> bracketed(value, name, "");
            case URLS -> bracketed(value, name, ",");
            default -> List.of(date(value, name));
        };
        return fold(property.field() + ":", pieces);
    }

    /** Raw values may hold folds, and nothing else that ends a line. */
    private static String raw(String value, String name) throws SetException {
        String unfolded = value.replaceAll("\r\n(?=[ \t])", "");
        single(unfolded, name);
        return value.startsWith(" ") || value.startsWith("\t") || value.startsWith("\r\n") ? value : " " + value;
    }

    static String single(String value, String name) throws SetException {
        if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw SetException.invalidProperties("a value may not have line ends", name);
        }
        return value;
    }

    private static String text(JsonNode value, String name) throws SetException {
        if (!value.isString()) {
            throw SetException.invalidProperties(name + " must be a string", name);
        }
        return value.stringValue();
    }

    private static JsonNode list(JsonNode value, String name) throws SetException {
        if (!value.isArray()) {
            throw SetException.invalidProperties(name + " must be a list", name);
        }
        return value;
    }

    private static String date(JsonNode value, String name) throws SetException {
        try {
            return DATE.format(OffsetDateTime.parse(text(value, name)));
        } catch (DateTimeException e) {
            throw SetException.invalidProperties("a date is such as 2026-11-30T12:00:00Z", name);
        }
    }

    private static List<String> bracketed(JsonNode value, String name, String separator) throws SetException {
        List<String> pieces = new ArrayList<>();
        for (JsonNode each : list(value, name)) {
            String text = single(text(each, name), name);
            if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c == '<' || c == '>')) {
                throw SetException.invalidProperties("not to be written in brackets: " + text, name);
            }
            pieces.add("<" + text + ">" + separator);
        }
        if (!pieces.isEmpty() && !separator.isEmpty()) {
            String last = pieces.removeLast();
            pieces.add(last.substring(0, last.length() - separator.length()));
        }
        return pieces;
    }

    private static List<String> addresses(JsonNode value, String name) throws SetException {
        List<String> pieces = new ArrayList<>();
        for (JsonNode address : list(value, name)) {
            if (!pieces.isEmpty()) {
                pieces.add(pieces.removeLast() + ",");
            }
            String email = address.path("email").stringValue("");
            boolean valid = !email.isEmpty() && email.chars().allMatch(c -> c > ' ' && c != '<' && c != '>' && c != ',' && c != 0x7f);
            JsonNode called = address.path("name");
            if (!valid || !(called.isMissingNode() || called.isNull() || called.isString())) {
                throw SetException.invalidProperties("an address is an object with a name and an email", name);
            }
            String display = single(called.stringValue(""), name).strip();
            if (display.isEmpty()) {
                pieces.add(email);
            } else {
                pieces.addAll(phrase(display));
                pieces.add("<" + email + ">");
            }
        }
        return pieces;
    }

    private static List<String> groups(JsonNode value, String name) throws SetException {
        List<String> pieces = new ArrayList<>();
        for (JsonNode group : list(value, name)) {
            if (!pieces.isEmpty()) {
                pieces.add(pieces.removeLast() + ",");
            }
            List<String> members = addresses(group.path("addresses"), name);
            String called = single(group.path("name").stringValue(""), name).strip();
            if (called.isEmpty()) {
                pieces.addAll(members);
                continue;
            }
            List<String> words = phrase(called);
            pieces.addAll(words.subList(0, words.size() - 1));
            pieces.add(words.getLast() + ":");
            pieces.addAll(members);
            pieces.add(pieces.removeLast() + ";");
        }
        return pieces;
    }

    /** RFC 5322 §3.2.5: atoms, or a quoted string, or encoded words. */
    private static List<String> phrase(String text) {
        if (!isAscii(text)) {
            return words(text);
        }
        boolean atoms = text.chars().allMatch(c -> c == ' ' || Character.isLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0);
        if (atoms && !text.contains("=?") && !text.contains("  ")) {
            return List.of(text.split(" ", -1));
        }
        return List.of(quoted(text));
    }

    /** RFC 5322 §3.2.4. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }

    /** Text that may be folded between pieces: words of ASCII as they are, all else as encoded words. */
    static List<String> words(String text) {
        if (isAscii(text) && !text.contains("=?")) {
            return List.of(text.split("(?<=[^ ]) (?=[^ ])", -1));
        }
        List<String> words = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int octets = 0;
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            String one = Character.toString(c);
            int more = one.getBytes(StandardCharsets.UTF_8).length;
            if (octets + more > WORD_OCTETS) {
                words.add(word(part.toString()));
                part.setLength(0);
                octets = 0;
            }
            part.append(one);
            octets += more;
        }
        words.add(word(part.toString()));
        return words;
    }

    private static String word(String text) {
        return "=?utf-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    static String fold(String start, List<String> pieces) {
        StringBuilder out = new StringBuilder(start);
        int column = start.length();
        for (String piece : pieces) {
            boolean fits = column + 1 + piece.length() <= LINE || column <= 1;
            out.append(fits ? " " : "\r\n ").append(piece);
            column = (fits ? column : 0) + 1 + piece.length();
        }
        return out.append("\r\n").toString();
    }

    /** A parameter of MIME (RFC 2045 §5.1), where need be as of RFC 2231 §4. */
    static String parameter(String name, String value) {
        if (isAscii(value)) {
            return name + "=" + quoted(value);
        }
        StringBuilder encoded = new StringBuilder(name).append("*=utf-8''");
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = octet > ' ' && octet < 0x7f && (Character.isLetterOrDigit(octet) || "-._~".indexOf(octet) >= 0);
            encoded.append(plain ? Character.toString(octet) : String.format(Locale.ROOT, "%%%02X", octet & 0xff));
        }
        return encoded.toString();
    }
}
