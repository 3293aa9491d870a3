package io.mailserver.mime;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/**
 * Dates in header fields (RFC 5322 §3.3 and the obsolete forms of §4.3), read tolerantly: comments, missing weekday, seconds or zone,
 * hyphens for spaces, month before day, the order of C's {@code ctime}. Zones are those of RFC 5322 §4.3; others count as UTC.
 */
public final class DateTimeText {
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
    private static final int MAX_WORDS = 12;
    private static final int MAX_LENGTH = 300;

    private DateTimeText() {}

    /** The date of a field's value; empty if it names no day. */
    public static Optional<OffsetDateTime> parse(String value) {
        Found found = new Found();
        int words = 0;
        for (String word : plain(value).split("[ \\t,]+", MAX_WORDS + 1)) {
            if (!word.isEmpty() && words++ < MAX_WORDS) {
                found.word(word.toLowerCase(Locale.ROOT));
            }
        }
        return found.date();
    }

    /** Without comments and without white space around colons (RFC 5322 §4.3 allows both anywhere). */
    private static String plain(String value) {
        HeaderScanner in = new HeaderScanner(value.substring(0, Math.min(value.length(), MAX_LENGTH)));
        StringBuilder out = new StringBuilder();
        while (!in.atEnd()) {
            out.append(in.until("("));
            if (in.peek() == '(') {
                in.comment();
            }
        }
        return out.toString().replaceAll("\\s*:\\s*", ":");
    }

    /** What the words said so far; -1 for nothing. */
    private static final class Found {
        private int day = -1;
        private int month = -1;
        private int year = -1;
        private int hour = -1;
        private int minute;
        private int second;
        private int zoneMinutes;

        void word(String word) {
            int dash = word.indexOf('-');
            if (hour >= 0 && (word.charAt(0) == '+' || word.charAt(0) == '-')) {
                zone(word);
            } else if (word.indexOf(':') > 0) {
                time(word);
            } else if (hour >= 0 && isZone(word)) {
                zone(word);
            } else if (dash > 0 && word.length() > dash + 1) { // 21-Nov-1997.
                for (String piece : word.split("-+", 4)) {
                    word(piece);
                }
            } else if (isNumber(word)) {
                number(word);
            } else if (month < 0 && word.length() >= 3 && monthOf(word) > 0) {
                month = monthOf(word);
            }
        }

        private static int monthOf(String word) {
            int at = MONTHS.indexOf(word.substring(0, 3));
            return at >= 0 && at % 3 == 0 ? at / 3 + 1 : -1;
        }

        private void number(String word) {
            int value = Integer.parseInt(word);
            if (day < 0 && word.length() <= 2) {
                day = value;
            } else if (year < 0) {
                // RFC 5322 §4.3: two digits are 1950 to 2049, three are years since 1900.
                year = word.length() == 2 ? value + (value < 50 ? 2000 : 1900) : word.length() == 3 ? value + 1900 : value;
            }
        }

        private void time(String word) {
            String clock = word;
            int sign = Math.max(word.indexOf('+'), word.indexOf('-'));
            if (sign > 0) { // 12:30:00+0100.
                clock = word.substring(0, sign);
                zone(word.substring(sign));
            }
            String[] pieces = clock.split("[:.]", 4);
            if (hour >= 0 || pieces.length < 2 || !isNumber(pieces[0]) || !isNumber(pieces[1])) {
                return;
            }
            hour = Integer.parseInt(pieces[0]);
            minute = Integer.parseInt(pieces[1]);
            second = pieces.length > 2 && isNumber(pieces[2]) ? Math.min(59, Integer.parseInt(pieces[2])) : 0; // A leap second is 59.
        }

        private static boolean isZone(String word) {
            char first = word.charAt(0);
            return first == '+' || first == '-' || (first >= 'a' && first <= 'z' && monthOf(word.length() < 3 ? "   " : word) < 0);
        }

        private void zone(String word) {
            char first = word.charAt(0);
            if (first == '+' || first == '-') {
                String digits = word.substring(1).replace(":", "");
                if (isNumber(digits) && digits.length() == 4) {
                    int value = Integer.parseInt(digits);
                    int minutes = value / 100 * 60 + value % 100;
                    zoneMinutes = minutes > 18 * 60 ? 0 : first == '-' ? -minutes : minutes;
                }
                return;
            }
            zoneMinutes = 60 * switch (word) {
                case "edt" -> -4;
                case "est", "cdt" -> -5;
                case "cst", "mdt" -> -6;
                case "mst", "pdt" -> -7;
                case "pst" -> -8;
                default -> 0; // RFC 5322 §4.3: military zones were written wrongly, unknown ones say nothing.
            };
        }

        private static boolean isNumber(String word) {
            return !word.isEmpty() && word.length() <= 4 && word.chars().allMatch(c -> c >= '0' && c <= '9');
        }

        Optional<OffsetDateTime> date() {
            if (day < 0 || month < 0 || year < 0) {
                return Optional.empty();
            }
            try {
                // A day the month does not have is met at its end.
                int last = YearMonth.of(year, month).lengthOfMonth();
                int existing = day > last && day <= 31 ? last : day;
                LocalDateTime local = LocalDateTime.of(year, month, existing, Math.max(hour, 0), minute, second);
                return Optional.of(local.atOffset(ZoneOffset.ofTotalSeconds(zoneMinutes * 60)));
            } catch (DateTimeException e) {
                return Optional.empty(); // A number out of its range: no date.
            }
        }
    }
}
