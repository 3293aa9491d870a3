package io.mailserver.imapserver;

import io.mailserver.imap.ImapWriter;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** Dates with times on the wire (RFC 9051 §9, date-time), in UTC. */
final class DateTimes {
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

    private DateTimes() {}

    static ImapWriter write(ImapWriter out, Instant instant) throws IOException {
        LocalDateTime at = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, ZoneOffset.UTC);
        out.ascii("\"").ascii(at.getDayOfMonth() < 10 ? " " : "").number(at.getDayOfMonth());
        out.ascii("-").ascii(MONTHS.get(at.getMonthValue() - 1)).ascii("-").number(at.getYear()).space();
        two(out, at.getHour()).ascii(":");
        two(out, at.getMinute()).ascii(":");
        return two(out, at.getSecond()).ascii(" +0000\"");
    }

    private static ImapWriter two(ImapWriter out, int number) throws IOException {
        return out.ascii(number < 10 ? "0" : "").number(number);
    }
}
