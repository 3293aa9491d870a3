package io.mailserver.delivery;

import io.mailserver.spam.Finding;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the spam filter found, in words: for replies, the log, and the field that mail programs can show. */
final class SpamText {
    private static final int MAX_REASONS = 3;
    private static final int MAX_CHARS = 200;
    private static final int MAX_LINE = 76;

    private SpamText() {}

    /** For log and reports. */
    static String reason(List<Finding> findings, double score, int limit) {
        return String.format(Locale.ROOT, "%.1f points of %d: %s", score, limit, why(findings));
    }

    /** What weighs most against it, for people. */
    static String why(List<Finding> findings) {
        return clean(findings.stream().filter(finding -> finding.points() > 0)
                .sorted(Comparator.comparingDouble(Finding::points).reversed()).limit(MAX_REASONS)
                .map(Finding::reason).collect(Collectors.joining("; ")));
    }

    /**
     * {@code X-Spam-Status: Yes, score=6.2 required=5 tests=…}: each rule with its points, as filters have written it for decades. Text
     * of the message never gets into it. What the server puts into Junk has {@code X-Spam-Flag: YES} too, whatever the reason, as filters
     * of people's own look for it.
     */
    static String field(SpamLimits limits, boolean toJunk) {
        StringBuilder field = new StringBuilder(200);
        field.append(String.format(Locale.ROOT, "%sX-Spam-Status: %s, score=%.1f required=%d",
                toJunk ? "X-Spam-Flag: YES\r\n" : "", limits.score() >= limits.junk() ? "Yes" : "No", limits.score(), limits.junk()));
        StringBuilder line = new StringBuilder("tests=");
        String separator = "";
        for (Finding finding : limits.findings()) {
            String next = separator + clean(finding.toString());
            if (line.length() + next.length() > MAX_LINE) {
                field.append("\r\n\t").append(line).append(separator);
                line.setLength(0);
                next = clean(finding.toString());
            }
            line.append(next);
            separator = ",";
        }
        return field.append("\r\n\t").append(limits.findings().isEmpty() ? "tests=none" : line).append("\r\n").toString();
    }

    /** Printable ASCII, not too long: for a reply or a field. */
    static String clean(String text) {
        String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() > MAX_CHARS ? printable.substring(0, MAX_CHARS) : printable;
    }
}
