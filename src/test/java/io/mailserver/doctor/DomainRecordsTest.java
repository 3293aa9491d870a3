package io.mailserver.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.DkimKey;
import io.mailserver.account.DkimKey.State;
import io.mailserver.base.Domain;
import io.mailserver.dkim.SigningAlgorithm;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Zone;
import io.mailserver.simulation.ZoneText;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DomainRecordsTest {
    private static final Domain EXAMPLE = new Domain("example.com");
    private static final List<ServerFacts.Service> SERVICES = List.of(
            new ServerFacts.Service("smtp", 25, false),
            new ServerFacts.Service("submission", 587, false),
            new ServerFacts.Service("submissions", 465, true),
            new ServerFacts.Service("imaps", 993, true));
    private static final ServerFacts SERVER = new ServerFacts(new Domain("mail.example.com"), SERVICES,
            List.of(InetAddress.ofLiteral("198.51.100.7"), InetAddress.ofLiteral("2001:db8::7")));

    @Test
    void namesEverythingToPublish() {
        List<String> lines = RecordTexts.zoneFile(DomainRecords.of(EXAMPLE, SERVER, List.of(key("r1", State.ACTIVE, "v=DKIM1; p=AA"))));
        assertThat(lines.stream().map(line -> line.replaceAll(" +", " "))).containsExactly(
                "example.com. IN MX 10 mail.example.com.",
                "mail.example.com. IN A 198.51.100.7",
                "mail.example.com. IN AAAA 2001:db8::7",
                "example.com. IN TXT \"v=spf1 mx -all\"",
                "mail.example.com. IN TXT \"v=spf1 a -all\"",
                "r1._domainkey.example.com. IN TXT \"v=DKIM1; p=AA\"",
                "_dmarc.example.com. IN TXT \"v=DMARC1; p=quarantine; rua=mailto:dmarc-reports@example.com\"",
                "_smtp._tls.example.com. IN TXT \"v=TLSRPTv1; rua=mailto:tls-reports@example.com\"",
                "_submission._tcp.example.com. IN SRV 0 1 587 mail.example.com.",
                "_submissions._tcp.example.com. IN SRV 0 1 465 mail.example.com.",
                "_imaps._tcp.example.com. IN SRV 0 1 993 mail.example.com.",
                "autoconfig.example.com. IN CNAME mail.example.com.",
                "mail.example.com. IN CAA 0 issue \"letsencrypt.org\"",
                "; 7.100.51.198.in-addr.arpa. IN PTR mail.example.com.",
                "; 7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. IN PTR mail.example.com.");
    }

    @Test
    void theZoneFileIsOneAndSaysWhatIsWanted() {
        String key = "v=DKIM1; k=rsa; p=" + "A".repeat(392);
        List<DnsEntry> entries = DomainRecords.of(EXAMPLE, SERVER, List.of(key("r1", State.ACTIVE, key)));
        String text = String.join("\n", RecordTexts.zoneFile(entries));
        assertThat(Zone.parse(text)).isNotNull();
        ZoneText zone = new ZoneText(text);
        assertThat(entries).filteredOn(entry -> entry.place() == DnsEntry.Place.ZONE && !entry.name().text().contains("_domainkey"))
                .allSatisfy(entry -> assertThat(Sighting.of(entry, zone).seen()).as(entry.toString()).isTrue());
        assertThat(Sighting.of(entries.getFirst(), new ZoneText("")).instead()).isEqualTo("no such name");
        assertThat(Sighting.of(entries.getFirst(), new ZoneText("$SERVFAIL example.com")).unknown()).isTrue();
    }

    @Test
    void leavesTheAddressOfAHostOfAnotherDomainToItsOwner() {
        ServerFacts elsewhere = new ServerFacts(new Domain("mx.hoster.net"), List.of(), List.of());
        assertThat(DomainRecords.of(EXAMPLE, elsewhere, List.of())).noneMatch(entry -> entry.type().equals("A"));
    }

    @Test
    void whatNobodyCanKnowIsToBeFilledIn() {
        ServerFacts behindNat = new ServerFacts(new Domain("mail.example.com"), List.of(), List.of());
        assertThat(RecordTexts.zoneFile(DomainRecords.of(EXAMPLE, behindNat, List.of())))
                .anyMatch(line -> line.startsWith("; mail.example.com. ") && line.endsWith("<the public IPv4 address of this machine>"));
    }

    @Test
    void keysThatMayGoAreNotPublished() {
        assertThat(DomainRecords.of(EXAMPLE, SERVER, List.of(key("old", State.REMOVED, "v=DKIM1; p=AA"))))
                .noneMatch(entry -> entry.name().text().contains("_domainkey"));
    }

    @Test
    void aPanelGetsOneUnbrokenValueABlock() {
        String key = "v=DKIM1; k=rsa; p=" + "A".repeat(392);
        List<String> lines = RecordTexts.panel(DomainRecords.of(EXAMPLE, SERVER, List.of(key("r1", State.ACTIVE, key))), EXAMPLE);
        assertThat(lines).startsWith("# mail for the domain goes to this server", "name:      @", "full name: example.com",
                "type:      MX", "value:     10 mail.example.com.", "");
        assertThat(lines).contains("name:      r1._domainkey", "value:     " + key);
    }

    private static DkimKey key(String selector, State state, String record) {
        return new DkimKey(1, EXAMPLE, DnsName.of(selector), SigningAlgorithm.RSA_SHA256, record, state, Instant.EPOCH, Instant.EPOCH);
    }
}
