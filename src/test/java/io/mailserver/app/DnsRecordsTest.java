package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.config.Config;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsRecordsTest {
    private static final Domain EXAMPLE = new Domain("example.com");

    @Test
    void namesHostPolicyAndServices() {
        List<String> records = DnsRecords.toPublish(EXAMPLE, new Domain("mail.example.com"), Config.defaults().listeners());
        assertThat(records.stream().map(line -> line.replaceAll(" +", " "))).containsExactly(
                "example.com. MX 10 mail.example.com.",
                "mail.example.com. A <the public IPv4 address of this machine>",
                "mail.example.com. AAAA <its IPv6 address, if it has one>",
                "example.com. TXT \"v=spf1 mx -all\"",
                "_dmarc.example.com. TXT \"v=DMARC1; p=quarantine; rua=mailto:postmaster@example.com\"",
                "_submission._tcp.example.com. SRV 0 1 587 mail.example.com.",
                "_submissions._tcp.example.com. SRV 0 1 465 mail.example.com.",
                "_imap._tcp.example.com. SRV 0 1 143 mail.example.com.",
                "_imaps._tcp.example.com. SRV 0 1 993 mail.example.com.");
    }

    @Test
    void leavesTheAddressOfAHostOfAnotherDomainToItsOwner() {
        assertThat(DnsRecords.toPublish(EXAMPLE, new Domain("mx.hoster.net"), List.of()))
                .noneMatch(line -> line.contains(" A "));
    }
}
