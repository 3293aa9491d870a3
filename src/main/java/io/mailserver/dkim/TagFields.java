package io.mailserver.dkim;

import java.util.ArrayList;
import java.util.List;

/** Writes the fields that hold tag lists, folded at 78 columns (RFC 5322 §2.1.1), with {@code b=} last. */
public final class TagFields {
    private static final int LINE_COLUMNS = 76;

    private final StringBuilder out;
    private int column;
    private boolean first = true;

    /** A field of a name, without tags yet. */
    public TagFields(String name) {
        out = new StringBuilder(name).append(':');
        column = out.length();
    }

    /** A tag; its value is broken only where it is too long for a line, which must not matter to it. */
    public TagFields tag(String name, String value) {
        String tag = name + "=" + value;
        if (!first) {
            out.append(';');
            column++;
        }
        first = false;
        place(" ", tag);
        return this;
    }

    /** A tag of several elements, broken between them. */
    public TagFields list(String name, List<String> elements, String separator) {
        List<String> written = new ArrayList<>(elements);
        if (written.isEmpty()) {
            return tag(name, "");
        }
        boolean single = written.size() == 1;
        tag(name, written.getFirst() + (single ? "" : separator));
        for (int i = 1; i < written.size(); i++) {
            boolean last = i == written.size() - 1;
            place("", written.get(i) + (last ? "" : separator));
        }
        return this;
    }

    /** The field up to {@code b=} with no value: what is signed. */
    public String unsigned() {
        return out + ";\r\n b=";
    }

    /** The whole field with its line end. */
    public String signed(String base64) {
        StringBuilder whole = new StringBuilder(unsigned());
        int at = 0;
        int room = LINE_COLUMNS - 3;
        while (at < base64.length()) {
            int end = Math.min(base64.length(), at + room);
            whole.append(at == 0 ? "" : "\r\n ").append(base64, at, end);
            at = end;
            room = LINE_COLUMNS - 1;
        }
        return whole.append("\r\n").toString();
    }

    private void place(String space, String text) {
        if (column + space.length() + text.length() > LINE_COLUMNS) {
            out.append("\r\n ");
            column = 1;
        } else {
            out.append(space);
            column += space.length();
        }
        out.append(text);
        column += text.length();
    }
}
