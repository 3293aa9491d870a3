package io.mailserver.delivery;

import io.mailserver.spam.Finding;
import io.mailserver.spam.SpamFilter;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the spam filter found, in words: for replies, the log, and the field that mail programs can show. */
final class SpamText {
    private static final int MAX_REASONS = 3;
    private static final int MAX_CHARS = 200;
    private static final int MAX_LINE = 76;

    private SpamText() {}

    /** For log and reports. */
    static String reason(SpamFilter.Report content, int limit) {
        return String.format(Locale.ROOT, "%.1f points of %d: %s", content.score(), limit, why(content));
    }

    /** What weighs most against it, for people. */
    static String why(SpamFilter.Report content) {
        return clean(content.findings().stream().filter(finding -> finding.points() > 0)
                .sorted(Comparator.comparingDouble(Finding::points).reversed()).limit(MAX_REASONS)
                .map(Finding::reason).collect(Collectors.joining("; ")));
    }

    /**
     * {@code X-Spam-Status: Yes, score=6.2 required=5 tests=…}: each rule with its points, as filters have written it for decades. Text of
     * the message never gets into it.
     */
    static String field(SpamFilter.Report content, int junk) {
        StringBuilder field = new StringBuilder(200);
        field.append(String.format(Locale.ROOT, "X-Spam-Status: %s, score=%.1f required=%d%n", content.score() >= junk ? "Yes" : "No",
                content.score(), junk).stripTrailing());
        StringBuilder line = new StringBuilder("tests=");
        String separator = "";
        for (Finding finding : content.findings()) {
            String next = separator + clean(finding.toString());
            if (line.length() + next.length() > MAX_LINE) {
                field.append("\r\n\t").append(line).append(separator);
                line.setLength(0);
                next = clean(finding.toString());
            }
            line.append(next);
            separator = ",";
        }
        return field.append("\r\n\t").append(content.findings().isEmpty() ? "tests=none" : line).append("\r\n").toString();
    }

    /** Printable ASCII, not too long: for a reply or a field. */
    static String clean(String text) {
        String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() > MAX_CHARS ? printable.substring(0, MAX_CHARS) : printable;
    }
}
