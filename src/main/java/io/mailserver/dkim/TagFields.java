package io.mailserver.dkim;

import java.util.List;

/**
 * Writes the fields that hold tag lists, folded at 78 columns (RFC 5322 §2.1.1). Where {@code b=} stands is said by {@link #signature};
 * what follows it starts on a line of its own, so that its length changes nothing else.
 */
public final class TagFields {
    private static final int LINE_COLUMNS = 76;

    private final StringBuilder head;
    private final StringBuilder tail = new StringBuilder();
    private int column;
    private boolean first = true;
    private boolean signatureWritten;

    /** A field of a name, without tags yet. */
    public TagFields(String name) {
        head = new StringBuilder(name).append(':');
        column = head.length();
    }

    /** A tag; its value is never broken. */
    public TagFields tag(String name, String value) {
        String tag = name + "=" + value;
        if (!first) {
            out().append(';');
            column++;
        }
        first = false;
        place(" ", tag);
        return this;
    }

    /** A tag of several elements, broken between them. */
    public TagFields list(String name, List<String> elements, String separator) {
        if (elements.isEmpty()) {
            return tag(name, "");
        }
        for (int i = 0; i < elements.size(); i++) {
            String element = elements.get(i) + (i == elements.size() - 1 ? "" : separator);
            if (i == 0) {
                tag(name, element);
            } else {
                place("", element);
            }
        }
        return this;
    }

    /** The place of {@code b=}, once. */
    public TagFields signature() {
        head.append(first ? "\r\n b=" : ";\r\n b=");
        signatureWritten = true;
        first = false;
        column = LINE_COLUMNS; // The next tag starts a line.
        return this;
    }

    /** The field with no value of {@code b=}, without a line end: what is signed. */
    public String unsigned() {
        return signed("", "");
    }

    /** The whole field with its line end, the signature on one line: for fields that others sign as they stand. */
    public String signedUnbroken(String base64) {
        return signed(base64, "\r\n");
    }

    /** The whole field with its line end. */
    public String signed(String base64) {
        StringBuilder value = new StringBuilder();
        int at = 0;
        int room = LINE_COLUMNS - 3;
        while (at < base64.length()) {
            int end = Math.min(base64.length(), at + room);
            value.append(at == 0 ? "" : "\r\n ").append(base64, at, end);
            at = end;
            room = LINE_COLUMNS - 1;
        }
        return signed(value.toString(), "\r\n");
    }

    private String signed(String value, String lineEnd) {
        if (!signatureWritten) {
            throw new IllegalStateException("nobody said where the signature stands");
        }
        return head + value + tail + lineEnd;
    }

    private StringBuilder out() {
        return signatureWritten ? tail : head;
    }

    private void place(String space, String text) {
        if (column + space.length() + text.length() > LINE_COLUMNS) {
            out().append("\r\n ");
            column = 1;
        } else {
            out().append(space);
            column += space.length();
        }
        out().append(text);
        column += text.length();
    }
}
