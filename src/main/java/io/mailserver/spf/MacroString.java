package io.mailserver.spf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A text with macros (RFC 7208 §7), parsed.
 *
 * @param parts in order; two literals never follow each other
 */
record MacroString(List<Part> parts) {
    /** What a macro letter stands for during one check. */
    @FunctionalInterface
    interface Values {
        /** The value for a letter in lower case. */
        String of(char letter);
    }

    sealed interface Part {
        /** Text that stands for itself. */
        record Literal(String text) implements Part {}

        /**
         * A macro in braces.
         *
         * @param letter in lower case
         * @param escape whether it was written in upper case: URL-escape the value
         * @param keep how many right-hand parts to use
         * @param delimiters where to split the value
         */
        record Macro(char letter, boolean escape, int keep, boolean reverse, String delimiters) implements Part {}
    }

    private static final String LETTERS = "slodipvh";
    private static final String EXPLANATION_LETTERS = "crt";
    private static final String DELIMITERS = ".-+,/_=";
    /** RFC 7208 §7.3: at least 127 must be understood. More parts than this no name has. */
    private static final int MAX_KEEP = 1_000;

    MacroString {
        parts = List.copyOf(parts);
    }

    /** A domain-spec (RFC 7208 §7.1): a macro-string that ends in a top label or a macro. */
    static MacroString domainSpec(String text) throws SpfSyntaxException {
        Parser parser = new Parser(text, false);
        MacroString parsed = parser.parse();
        if (parsed.parts.isEmpty()) {
            throw new SpfSyntaxException("a domain is missing");
        }
        if (!parser.endsWithMacro && !endsWithTopLabel(parsed)) {
            throw new SpfSyntaxException("'" + text + "' does not end in a top-level domain");
        }
        return parsed;
    }

    /** The value of a modifier that we do not know: only its syntax matters. */
    static void checkSyntax(String text) throws SpfSyntaxException {
        new Parser(text, false).parse();
    }

    /** An explain-string: macros for people too, and spaces. */
    static MacroString explanation(String text) throws SpfSyntaxException {
        return new Parser(text, true).parse();
    }

    /** Whether a letter occurs whose value may hold what is no ASCII. */
    boolean usesLocalPart() {
        return parts.stream().anyMatch(part -> part instanceof Part.Macro macro && (macro.letter == 's' || macro.letter == 'l'));
    }

    /** The text with the macros replaced. */
    String expand(Values values) {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Literal literal -> out.append(literal.text());
                case Part.Macro macro -> out.append(expand(macro, values.of(macro.letter())));
            }
        }
        return out.toString();
    }

    private static String expand(Part.Macro macro, String value) {
        List<String> pieces = split(value, macro.delimiters());
        if (macro.reverse()) {
            Collections.reverse(pieces);
        }
        String kept = String.join(".", pieces.subList(Math.max(0, pieces.size() - macro.keep()), pieces.size()));
        return macro.escape() ? urlEscape(kept) : kept;
    }

    private static List<String> split(String value, String delimiters) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || delimiters.indexOf(value.charAt(i)) >= 0) {
                pieces.add(value.substring(start, i));
                start = i + 1;
            }
        }
        return pieces;
    }

    /** All but the unreserved characters of RFC 3986 §2.3. */
    private static String urlEscape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            if (isAlphanumeric(c) || "-._~".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return out.toString();
    }

    private static boolean endsWithTopLabel(MacroString parsed) {
        if (!(parsed.parts.getLast() instanceof Part.Literal literal)) {
            return true;
        }
        String text = literal.text().endsWith(".") ? literal.text().substring(0, literal.text().length() - 1) : literal.text();
        int dot = text.lastIndexOf('.');
        return dot >= 0 && isTopLabel(text.substring(dot + 1));
    }

    /** Letters, digits, hyphens inside; not digits alone (RFC 7208 §7.1, RFC 3696 §2). */
    private static boolean isTopLabel(String label) {
        if (label.isEmpty() || label.startsWith("-") || label.endsWith("-")) {
            return false;
        }
        boolean notOnlyDigits = false;
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            if (!isAlphanumeric(c) && c != '-') {
                return false;
            }
            notOnlyDigits |= !isDigit(c);
        }
        return notOnlyDigits;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Reads one text. */
    private static final class Parser {
        private final String text;
        private final boolean explanation;
        private final List<Part> parts = new ArrayList<>();
        private final StringBuilder literal = new StringBuilder();
        private int at;
        private boolean endsWithMacro;

        Parser(String text, boolean explanation) {
            this.text = text;
            this.explanation = explanation;
        }

        MacroString parse() throws SpfSyntaxException {
            while (at < text.length()) {
                char c = text.charAt(at++);
                endsWithMacro = c == '%';
                if (c == '%') {
                    macroExpand();
                } else if ((c > 0x20 && c < 0x7f) || (explanation && c == ' ')) {
                    literal.append(c);
                } else {
                    throw new SpfSyntaxException("a character that is not visible ASCII");
                }
            }
            endLiteral();
            return new MacroString(parts);
        }

        private void macroExpand() throws SpfSyntaxException {
            char c = at < text.length() ? text.charAt(at++) : 0;
            switch (c) {
                case '%' -> literal.append('%');
                case '_' -> literal.append(' ');
                case '-' -> literal.append("%20");
                case '{' -> macro();
                default -> throw new SpfSyntaxException("'%' before neither '{', '%', '_' nor '-'");
            }
        }

        private void macro() throws SpfSyntaxException {
            char written = next();
            char letter = Character.toLowerCase(written);
            if (LETTERS.indexOf(letter) < 0 && !(explanation && EXPLANATION_LETTERS.indexOf(letter) >= 0)) {
                throw new SpfSyntaxException("a macro with the letter '" + printable(written) + "'");
            }
            char c = next();
            int keep = 0;
            boolean digits = false;
            for (; isDigit(c); c = next()) {
                digits = true;
                keep = Math.min(MAX_KEEP, keep * 10 + (c - '0'));
            }
            if (digits && keep == 0) {
                throw new SpfSyntaxException("a macro that keeps 0 parts");
            }
            boolean reverse = c == 'r' || c == 'R';
            if (reverse) {
                c = next();
            }
            StringBuilder delimiters = new StringBuilder();
            for (; DELIMITERS.indexOf(c) >= 0; c = next()) {
                delimiters.append(c);
            }
            if (c != '}') {
                throw new SpfSyntaxException("a macro with '" + printable(c) + "' in it");
            }
            endLiteral();
            parts.add(new Part.Macro(letter, written != letter, digits ? keep : MAX_KEEP, reverse,
                    delimiters.isEmpty() ? "." : delimiters.toString()));
        }

        private char next() throws SpfSyntaxException {
            if (at >= text.length()) {
                throw new SpfSyntaxException("a macro without its closing brace");
            }
            return text.charAt(at++);
        }

        private void endLiteral() {
            if (!literal.isEmpty()) {
                parts.add(new Part.Literal(literal.toString()));
                literal.setLength(0);
            }
        }

        private static char printable(char c) {
            return c > 0x20 && c < 0x7f ? c : '?';
        }
    }
}
