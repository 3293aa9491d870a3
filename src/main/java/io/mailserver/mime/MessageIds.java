package io.mailserver.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The message ids in Message-ID, References and In-Reply-To (RFC 5322 §3.6.4), with their angle brackets. */
public final class MessageIds {
    /** More than a thread has; those at the end count, being the nearest. */
    private static final int MAX_IDS = 1_000;

    private static final int MAX_ID_LENGTH = 998;

    private MessageIds() {}

    /** All ids in a value, in order, comments and other words between them left out; of more than 1,000 the last. */
    public static List<String> parse(String value) {
        List<String> ids = new ArrayList<>();
        int at = value.indexOf('<');
        while (at >= 0) {
            int end = value.indexOf('>', at);
            if (end < 0) {
                break;
            }
            int start = value.lastIndexOf('<', end); // "<broken <id@host>".
            String id = normalize(value, start + 1, end);
            if (!id.isEmpty() && id.length() <= MAX_ID_LENGTH) {
                ids.add('<' + id + '>');
            }
            at = value.indexOf('<', end);
        }
        return ids.size() <= MAX_IDS ? ids : ids.subList(ids.size() - MAX_IDS, ids.size());
    }

    /** All ids of a field of a header, empty where it is missing. */
    public static List<String> of(HeaderBlock header, String name) {
        return header.first(name).map(field -> parse(HeaderText.raw(field))).orElse(List.of());
    }

    /** The message's own id. */
    public static Optional<String> messageId(HeaderBlock header) {
        return of(header, "Message-ID").stream().findFirst();
    }

    /** Without white space, which folding puts into long ids, and without needless quotes (RFC 5256 §3: equal ids must compare equal). */
    private static String normalize(String value, int from, int to) {
        StringBuilder out = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            char c = value.charAt(i);
            if (c > ' ' && c != '"') {
                out.append(c);
            }
        }
        return out.toString();
    }
}
