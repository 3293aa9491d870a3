package io.mailserver.mime;

/** Reads the words of structured fields (RFC 5322 §3.2) off a text that is unfolded and decoded to characters. Never fails. */
final class HeaderScanner {
    static final char END = '\uffff';
    private static final int MAX_COMMENT_DEPTH = 1_000;

    private final String text;
    private int at;

    HeaderScanner(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    int position() {
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    String from(int start) {
        return text.substring(start, at);
    }

    /** The next character, not taken; {@link #END} at the end. */
    char peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    void skip() {
        at++;
    }

    boolean take(char c) {
        if (peek() == c && at < text.length()) {
            at++;
            return true;
        }
        return false;
    }

    /** White space and comments (RFC 5322 §3.2.2: CFWS). */
    void skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                comment();
            } else if (isSpace(c)) {
                at++;
            } else {
                return;
            }
        }
    }

    /** White space only. */
    void skipBlanks() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /** Up to the first of {@code ends} or the end. */
    String until(String ends) {
        int start = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    /** At a quote: its content without the backslashes; to the end where the closing quote is missing. */
    String quotedString() {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            out.append(c);
        }
        return out.toString();
    }

    /** At an opening parenthesis: the comment's content; one that is never closed goes to the end. */
    String comment() {
        StringBuilder out = new StringBuilder();
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                out.append(text.charAt(at++));
                continue;
            }
            if (c == '(' && ++depth == 1) {
                continue;
            }
            if (c == ')' && --depth == 0) {
                break;
            }
            if (depth > MAX_COMMENT_DEPTH) {
                at = text.length();
                break;
            }
            out.append(c);
        }
        return out.toString();
    }
}
