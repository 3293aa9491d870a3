package io.mailserver.authres;

import io.mailserver.authres.AuthenticationResults.SyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the payload of Authentication-Results (RFC 8601 §2.2): comments may stand nearly everywhere. */
final class PayloadParser {
    private static final int MAX_RESULTS = 200;
    private static final int MAX_PROPERTIES = 50;
    private static final int MAX_COMMENT_DEPTH = 20;

    private final String text;
    private int at;
    /** What the comments said since it was last emptied. */
    private final StringBuilder comments = new StringBuilder();

    PayloadParser(String text) {
        this.text = text;
    }

    AuthenticationResults parse() throws SyntaxException {
        skipComments();
        String id = value();
        skipComments();
        if (at < text.length() && text.charAt(at) != ';') {
            checkVersion(word());
        }
        List<MethodResult> results = new ArrayList<>();
        boolean none = false;
        skipComments();
        while (at < text.length()) {
            expect(';');
            skipComments();
            if (at == text.length()) {
                break; // A semicolon at the end is met.
            }
            String method = keyword();
            skipComments();
            if (method.equals("none") && (at == text.length() || text.charAt(at) == ';') && results.isEmpty()) {
                none = true;
                continue;
            }
            results.add(result(method));
            if (none || results.size() > MAX_RESULTS) {
                throw new SyntaxException("results after none, or too many");
            }
        }
        if (!none && results.isEmpty()) {
            throw new SyntaxException("no results");
        }
        return new AuthenticationResults(id, results);
    }

    private static void checkVersion(String version) throws SyntaxException {
        if (!version.equals("1")) {
            throw new SyntaxException("another version");
        }
    }

    private MethodResult result(String method) throws SyntaxException {
        if (at < text.length() && text.charAt(at) == '/') {
            at++;
            skipComments();
            checkVersion(word());
            skipComments();
        }
        expect('=');
        skipComments();
        String result = keyword();
        comments.setLength(0);
        Optional<String> reason = Optional.empty();
        List<MethodResult.Property> properties = new ArrayList<>();
        skipComments();
        while (at < text.length() && text.charAt(at) != ';') {
            String name = keyword();
            skipComments();
            if (name.equals("reason") && at < text.length() && text.charAt(at) == '=') {
                at++;
                skipComments();
                reason = Optional.of(value());
            } else {
                expect('.');
                skipComments();
                String property = keyword();
                skipComments();
                expect('=');
                skipComments();
                properties.add(new MethodResult.Property(name, property, propertyValue()));
            }
            if (properties.size() > MAX_PROPERTIES) {
                throw new SyntaxException("too many properties");
            }
            skipComments();
        }
        return new MethodResult(method, result, comments.toString().strip(), reason, properties);
    }

    /** Letters, digits, hyphens, underscores; in lower case. */
    private String keyword() throws SyntaxException {
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || "-_".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (at == start) {
            throw new SyntaxException("a word is missing");
        }
        return text.substring(start, at).toLowerCase(Locale.ROOT);
    }

    /** A token or a quoted string. */
    private String value() throws SyntaxException {
        return at < text.length() && text.charAt(at) == '"' ? quotedString() : word();
    }

    /** A value, or an address whose local part may be quoted, or what is met beside: anything up to white space or a semicolon. */
    private String propertyValue() throws SyntaxException {
        String value = at < text.length() && text.charAt(at) == '"' ? quotedString() : "";
        int start = at;
        while (at < text.length() && " \t;(".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String rest = text.substring(start, at);
        if (value.isEmpty() && rest.isEmpty() && (start == 0 || text.charAt(start - 1) != '"')) {
            throw new SyntaxException("a value is missing");
        }
        return value + rest;
    }

    private String word() throws SyntaxException {
        int start = at;
        while (at < text.length() && AuthenticationResults.isTokenChar(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw new SyntaxException("a value is missing");
        }
        return text.substring(start, at);
    }

    private String quotedString() throws SyntaxException {
        StringBuilder out = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return out.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                c = text.charAt(++at);
            }
            out.append(c);
        }
        throw new SyntaxException("a quoted string without end");
    }

    private void expect(char c) throws SyntaxException {
        if (at >= text.length() || text.charAt(at) != c) {
            throw new SyntaxException("'" + c + "' is missing");
        }
        at++;
    }

    private void skipComments() throws SyntaxException {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                comment();
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                at++;
            } else {
                return;
            }
        }
    }

    private void comment() throws SyntaxException {
        int depth = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                comments.append(text.charAt(++at));
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth > MAX_COMMENT_DEPTH) {
                throw new SyntaxException("comments too deep");
            }
            if (depth == 0) {
                at++;
                comments.append(' ');
                return;
            }
            if (c != '(' || depth > 1) {
                comments.append(c);
            }
        }
        throw new SyntaxException("a comment without end");
    }
}
