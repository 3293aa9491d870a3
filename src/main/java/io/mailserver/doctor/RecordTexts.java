package io.mailserver.doctor;

import io.mailserver.base.Domain;
import io.mailserver.dns.DnsName;
import io.mailserver.doctor.DnsEntry.Place;
import java.util.ArrayList;
import java.util.List;

/** Records as texts to paste: as a zone file (RFC 1035 §5), or block by block for the forms of web panels. */
public final class RecordTexts {
    /** The longest string in a TXT record (RFC 1035 §3.3). */
    private static final int MAX_STRING_OCTETS = 255;

    private RecordTexts() {}

    /** A zone file; what must be completed, and what belongs to somebody else's zone, is a comment. */
    public static List<String> zoneFile(List<DnsEntry> entries) {
        List<String> lines = new ArrayList<>();
        for (DnsEntry entry : entries) {
            String comment = entry.place() == Place.ZONE ? "" : "; ";
            lines.add(comment + line(entry));
        }
        return lines;
    }

    /** One record as in a zone file. */
    public static String line(DnsEntry entry) {
        String value = entry.type().equals("TXT") ? quoted(entry.value()) : entry.value();
        return "%-38s IN %-5s %s".formatted(entry.name() + ".", entry.type(), value);
    }

    /** One block a record, an empty line between them: the name relative to the zone and in full, the type, the value in one piece. */
    public static List<String> panel(List<DnsEntry> entries, Domain zone) {
        List<String> lines = new ArrayList<>();
        for (DnsEntry entry : entries) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.add("# " + entry.purpose());
            lines.add("name:      " + relative(entry.name(), zone));
            lines.add("full name: " + entry.name());
            lines.add("type:      " + entry.type());
            lines.add("value:     " + entry.value());
        }
        return lines;
    }

    /** As panels want it: without the zone's name; {@code @} for the zone itself. */
    private static String relative(DnsName name, Domain zone) {
        DnsName apex = DnsName.of(zone);
        if (name.equals(apex)) {
            return "@";
        }
        return name.isWithin(apex) ? name.text().substring(0, name.text().length() - apex.text().length() - 1) : name.text();
    }

    private static String quoted(String text) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at == 0 || at < text.length(); at += MAX_STRING_OCTETS) {
            String piece = text.substring(at, Math.min(text.length(), at + MAX_STRING_OCTETS));
            pieces.add("\"" + piece.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        }
        return String.join(" ", pieces);
    }
}
