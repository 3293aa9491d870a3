package io.mailserver.authres;

import io.mailserver.base.Domain;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import java.util.List;
import java.util.Locale;

/**
 * The results of one server (RFC 8601 §2.2).
 *
 * @param id who says so: the authserv-id
 * @param results in order; none is written as "none"
 */
public record AuthenticationResults(String id, List<MethodResult> results) {
    /** The name of the field. */
    public static final String FIELD = "Authentication-Results";

    private static final int LINE_COLUMNS = 78;
    private static final int MAX_VALUE_CHARS = 400;

    public AuthenticationResults {
        results = List.copyOf(results);
    }

    /** A payload that breaks the grammar. Without a stack: it describes the input. */
    public static final class SyntaxException extends Exception {
        SyntaxException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Reads the payload of an Authentication-Results field.
     *
     * @throws SyntaxException if it breaks the grammar
     */
    public static AuthenticationResults parse(HeaderField field) throws SyntaxException {
        return parse(field.text());
    }

    /** As above from unfolded text: id, results. */
    public static AuthenticationResults parse(String payload) throws SyntaxException {
        return new PayloadParser(payload).parse();
    }

    /**
     * The fields that bear our id without being ours: to be taken out before we add our own (RFC 8601 §5). Ids compare without regard
     * to case and to U- or A-labels; of a field that cannot be read, our id anywhere before the first result is enough.
     */
    public static List<HeaderField> impostors(HeaderBlock header, String id) {
        return header.all(FIELD).stream().filter(field -> claims(field, id)).toList();
    }

    /** Whether a field bears an id, as far as anybody could take it so. */
    public static boolean claims(HeaderField field, String id) {
        String text = field.text();
        try {
            return sameId(parse(text).id(), id);
        } catch (SyntaxException e) {
            int semicolon = text.indexOf(';');
            String head = semicolon < 0 ? text : text.substring(0, semicolon);
            return head.toLowerCase(Locale.ROOT).contains(id.toLowerCase(Locale.ROOT));
        }
    }

    /** Whether two authserv-ids name the same server. */
    public static boolean sameId(String one, String other) {
        return canonical(one).equals(canonical(other));
    }

    private static String canonical(String id) {
        return Domain.parse(id).map(Domain::ascii).orElse(id.toLowerCase(Locale.ROOT));
    }

    /** The field with its name and line end, folded. */
    public String toField() {
        return toField(FIELD, "");
    }

    /**
     * The payload as a field of another name.
     *
     * @param before what stands before it, such as the instance of RFC 8617 §4.1.1
     */
    public String toField(String name, String before) {
        return fold(name + ": " + before + payload()) + "\r\n";
    }

    /** What follows the field's name, without folds: also what ARC records after its instance (RFC 8617 §4.1.1). */
    public String payload() {
        StringBuilder out = new StringBuilder(value(id));
        if (results.isEmpty()) {
            return out.append("; none").toString();
        }
        for (MethodResult result : results) {
            out.append("; ").append(keyword(result.method())).append('=').append(keyword(result.result()));
            if (!result.comment().isEmpty()) {
                out.append(" (").append(comment(result.comment())).append(')');
            }
            result.reason().ifPresent(reason -> out.append(" reason=").append(quoted(reason)));
            for (MethodResult.Property property : result.properties()) {
                out.append(' ').append(keyword(property.type())).append('.').append(keyword(property.name())).append('=')
                        .append(property(property.value()));
            }
        }
        return out.toString();
    }

    /** Breaks before the results, then at spaces, where a line would be too long; never inside quotes. */
    static String fold(String line) {
        StringBuilder out = new StringBuilder(line.length() + 32);
        int lineStart = 0;
        int lastSpace = -1;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                boolean result = i > 0 && line.charAt(i - 1) == ';';
                if (i - lineStart > LINE_COLUMNS && lastSpace > lineStart) {
                    out.append(line, lineStart, lastSpace).append("\r\n");
                    lineStart = lastSpace;
                }
                lastSpace = i;
                if (result) {
                    out.append(line, lineStart, i).append("\r\n");
                    lineStart = i;
                }
            }
        }
        if (line.length() - lineStart > LINE_COLUMNS && lastSpace > lineStart) {
            out.append(line, lineStart, lastSpace).append("\r\n");
            lineStart = lastSpace;
        }
        return out.append(line, lineStart, line.length()).toString();
    }

    /** A Keyword (RFC 5321 §4.1.2): ours always are. */
    private static String keyword(String word) {
        boolean valid = !word.isEmpty() && word.chars().allMatch(c -> isAlphanumeric((char) c) || c == '-' || c == '_');
        if (!valid) {
            throw new IllegalArgumentException("not a keyword of Authentication-Results");
        }
        return word;
    }

    /** A token where it is one, else a quoted string (RFC 2045 §5.1). */
    private static String value(String text) {
        boolean token = !text.isEmpty() && text.length() <= MAX_VALUE_CHARS && text.chars().allMatch(c -> isTokenChar((char) c));
        return token ? text : quoted(text);
    }

    /** As a value, but an address may stand as it is: {@code [[local-part] "@"] domain} (RFC 8601 §2.2). */
    private static String property(String text) {
        int at = text.lastIndexOf('@');
        boolean address = at >= 0 && text.length() <= MAX_VALUE_CHARS
                && text.chars().limit(at).allMatch(c -> isTokenChar((char) c))
                && Domain.parse(text.substring(at + 1)).isPresent();
        return address ? text : value(text);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), MAX_VALUE_CHARS); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(isControl(c) ? '?' : c);
        }
        return out.append('"').toString();
    }

    private static String comment(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), MAX_VALUE_CHARS); i++) {
            char c = text.charAt(i);
            if (c == '(' || c == ')' || c == '\\') {
                out.append('\\');
            }
            out.append(isControl(c) || c == '"' || c == ';' ? ' ' : c);
        }
        return out.toString();
    }

    private static boolean isControl(char c) {
        return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029';
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** RFC 2045 §5.1; UTF-8 besides (RFC 8601 §2.2 with RFC 6532). */
    static boolean isTokenChar(char c) {
        return c > 0x20 && c != 0x7f && !isControl(c) && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
    }
}
