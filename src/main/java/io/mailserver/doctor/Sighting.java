package io.mailserver.doctor;

import io.mailserver.account.DkimRotation;
import io.mailserver.dns.Answer;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.doctor.DnsEntry.Place;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Whether the DNS shows a record.
 *
 * @param seen whether it is there, with that value
 * @param unknown whether the DNS did not answer
 * @param instead what is there otherwise, or why nothing is known; for people
 */
public record Sighting(DnsEntry entry, boolean seen, boolean unknown, String instead) {
    private static final Duration QUESTION = Duration.ofSeconds(10);

    /** Looks. Blocks for the DNS. */
    public static Sighting of(DnsEntry entry, Resolver resolver) {
        return switch (entry.type()) {
            case "MX" -> look(entry, RecordType.MX, resolver);
            case "A" -> look(entry, RecordType.A, resolver);
            case "AAAA" -> look(entry, RecordType.AAAA, resolver);
            case "TXT" -> look(entry, RecordType.TXT, resolver);
            case "SRV" -> look(entry, RecordType.SRV, resolver);
            case "CNAME" -> look(entry, RecordType.CNAME, resolver);
            case "CAA" -> look(entry, RecordType.CAA, resolver);
            case "PTR" -> look(entry, RecordType.PTR, resolver);
            default -> throw new IllegalArgumentException("no record of type " + entry.type() + " is published");
        };
    }

    private static <R extends Rdata> Sighting look(DnsEntry entry, RecordType<R> type, Resolver resolver) {
        Answer<R> answer = resolver.resolve(entry.name(), type, QUESTION);
        if (answer.temporary()) {
            return new Sighting(entry, false, true, answer.summary());
        }
        List<String> found = answer.records().stream().map(Rdata::presentation).toList();
        // What nobody filled in is there if anything is.
        boolean seen = entry.place() == Place.TO_COMPLETE ? !found.isEmpty() : found.stream().anyMatch(value -> same(entry, value));
        return new Sighting(entry, seen, false, found.isEmpty() ? answer.summary() : String.join(", ", found));
    }

    private static boolean same(DnsEntry entry, String found) {
        return switch (entry.type()) {
            // Preference and weight are the operator's.
            case "MX" -> last(entry.value()).equals(last(found));
            case "SRV" -> afterTwoWords(entry.value()).equals(afterTwoWords(found));
            case "TXT" -> entry.name().text().contains("._domainkey.") ? DkimRotation.sameKey(entry.value(), found)
                    : version(entry.value()).equals(version(found)); // What the policy says is the owner's choice.
            case "A", "AAAA" -> InetAddress.ofLiteral(entry.value()).equals(InetAddress.ofLiteral(found));
            default -> entry.value().equalsIgnoreCase(found);
        };
    }

    private static String last(String value) {
        return value.substring(value.lastIndexOf(' ') + 1);
    }

    private static String afterTwoWords(String value) {
        return value.substring(value.indexOf(' ', value.indexOf(' ') + 1) + 1);
    }

    /** Such as {@code v=spf1}. */
    private static String version(String text) {
        return text.strip().split("[ ;]", 2)[0].toLowerCase(Locale.ROOT);
    }
}
