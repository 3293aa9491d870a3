package io.mailserver.imap;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates of commands and responses (RFC 9051 §9, date and date-time). */
public final class DateSyntax {
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    private static final Pattern DATE = Pattern.compile("(\\d{1,2})-(\\w{3})-(\\d{4})");
    private static final Pattern DATE_TIME =
            Pattern.compile(" ?(\\d{1,2})-(\\w{3})-(\\d{4}) (\\d\\d):(\\d\\d):(\\d\\d) ([+-])(\\d\\d)(\\d\\d)");

    private DateSyntax() {}

    /** {@code 1-Feb-2026}, quoted or not. */
    static LocalDate date(ImapCursor cursor) throws ImapSyntaxException {
        Matcher date = DATE.matcher(cursor.astringText("a date"));
        if (date.matches()) {
            try {
                return day(date);
            } catch (DateTimeException e) {
                throw cursor.bad("There is no such day");
            }
        }
        throw cursor.bad("A date is written like 1-Feb-2026");
    }

    /** {@code " 1-Feb-2026 12:00:00 +0100"}. */
    static Instant dateTime(ImapCursor cursor) throws ImapSyntaxException {
        Matcher time = DATE_TIME.matcher(cursor.text(cursor.string("a date"), "the date"));
        if (!time.matches()) {
            throw cursor.bad("A date and time is written like \" 1-Feb-2026 12:00:00 +0100\"");
        }
        try {
            // A leap second (RFC 5322 §3.3) is not known to java.time.
            LocalTime clock = LocalTime.of(number(time, 4), number(time, 5), Math.min(number(time, 6), 59));
            int sign = time.group(7).equals("-") ? -1 : 1;
            ZoneOffset zone = ZoneOffset.ofHoursMinutes(sign * number(time, 8), sign * number(time, 9));
            return OffsetDateTime.of(day(time), clock, zone).toInstant();
        } catch (DateTimeException e) {
            throw cursor.bad("There is no such date and time");
        }
    }

    private static LocalDate day(Matcher matcher) {
        String name = matcher.group(2);
        String month = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1).toLowerCase(Locale.ROOT);
        return LocalDate.of(number(matcher, 3), MONTHS.indexOf(month) + 1, number(matcher, 1));
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    /** Writes {@code " 1-Feb-2026 12:00:00 +0000"} with its quotes, as INTERNALDATE and SAVEDATE want it. */
    public static String dateTime(Instant instant) {
        OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(28).append('"');
        pair(text, time.getDayOfMonth(), ' ').append('-').append(MONTHS.get(time.getMonthValue() - 1)).append('-');
        int year = Math.clamp(time.getYear(), 0, 9999);
        pair(text, year / 100, '0');
        pair(text, year % 100, '0').append(' ');
        pair(text, time.getHour(), '0').append(':');
        pair(text, time.getMinute(), '0').append(':');
        return pair(text, time.getSecond(), '0').append(" +0000\"").toString();
    }

    private static StringBuilder pair(StringBuilder text, int number, char filler) {
        return text.append(number < 10 ? filler : (char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
