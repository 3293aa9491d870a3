package io.mailserver.imap;

import java.io.ByteArrayOutputStream;

/**
 * Cuts the extension data out of a BODYSTRUCTURE that {@link BodyStructure} rendered (RFC 9051 §9: body-ext-1part, body-ext-mpart).
 * What it is given comes from there, so what is not well-formed is a bug or a damaged index, and throws.
 */
final class StructureCut {
    /** Type, subtype, parameters, id, description, encoding, octets. */
    private static final int BASIC_FIELDS = 7;

    private final byte[] structure;
    private final ByteArrayOutputStream out;
    private int at;

    StructureCut(byte[] structure) {
        this.structure = structure;
        this.out = new ByteArrayOutputStream(structure.length);
    }

    byte[] body() {
        part();
        return out.toByteArray();
    }

    private void part() {
        expect('(');
        out.write('(');
        if (peek() == '(') {
            while (peek() == '(') {
                part();
            }
            copyWithSpace(); // the subtype
        } else {
            single();
        }
        while (peek() != ')') {
            skipElement();
        }
        at++;
        out.write(')');
    }

    private void single() {
        int typeStart = at;
        copyElement();
        boolean text = isWord(typeStart, "\"text\"");
        boolean message = isWord(typeStart, "\"message\"");
        int subtypeStart = at + 1;
        copyWithSpace();
        message &= isWord(subtypeStart, "\"rfc822\"") || isWord(subtypeStart, "\"global\"");
        for (int i = 2; i < BASIC_FIELDS; i++) {
            copyWithSpace();
        }
        if (message) {
            copyWithSpace(); // the envelope
            expect(' ');
            out.write(' ');
            part();
        }
        if (text || message) {
            copyWithSpace(); // lines
        }
    }

    private void copyWithSpace() {
        expect(' ');
        out.write(' ');
        copyElement();
    }

    private void copyElement() {
        int start = at;
        skip();
        out.write(structure, start, at - start);
    }

    private void skipElement() {
        if (peek() == ' ') {
            at++;
        }
        skip();
    }

    /** Over one string, literal, number, NIL or list, whatever is in it. */
    private void skip() {
        int depth = 0;
        do {
            switch (peek()) {
                case '(' -> {
                    depth++;
                    at++;
                }
                case ')' -> {
                    depth--;
                    at++;
                }
                case '"' -> skipQuoted();
                case '{' -> skipLiteral();
                default -> at++;
            }
        } while (depth > 0 || (peek() != ' ' && peek() != ')' && peek() != '('));
    }

    private void skipQuoted() {
        at++;
        while (peek() != '"') {
            at += peek() == '\\' ? 2 : 1;
        }
        at++;
    }

    private void skipLiteral() {
        at++;
        int size = 0;
        while (peek() != '}') {
            size = 10 * size + (peek() - '0');
            at++;
        }
        at += "}\r\n".length() + size;
    }

    private boolean isWord(int start, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (start + i >= structure.length || structure[start + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void expect(char octet) {
        if (peek() != octet) {
            throw new IllegalArgumentException("not a body structure, at octet " + at);
        }
        at++;
    }

    private byte peek() {
        if (at < 0 || at >= structure.length) {
            throw new IllegalArgumentException("a body structure without an end");
        }
        return structure[at];
    }
}
