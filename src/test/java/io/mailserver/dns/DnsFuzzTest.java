package io.mailserver.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.OperatorException;
import io.mailserver.simulation.Fuzz;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

class DnsFuzzTest {
    private static final String ZONE = """
            example.com 300 SOA ns.example.com. root.example.com. 7 1 1 1 60
            example.com MX 10 mail.example.com
            mail.example.com A 192.0.2.1
            *.example.com TXT "a" "b\\000c"
            alias.example.com CNAME mail.example.com
            _25._tcp.mail.example.com TLSA 3 1 1 00ff
            $TIMEOUT silent.example
            """;

    @Test
    void anyResponseIsAnAnswer() throws IOException {
        Zone zone = Zone.parse(ZONE);
        List<byte[]> responses = new ArrayList<>();
        for (String name : List.of("example.com", "alias.example.com", "x.example.com", "no.example")) {
            for (RecordType<?> type : RecordType.all()) {
                Name question = new Name(DnsName.of(name).wire());
                responses.add(zone.respond(Message.newQuery(Record.newRecord(question, type.code(), DClass.IN))).orElseThrow().toWire());
            }
        }
        Fuzz.octets(responses, octets -> {
            Message response;
            try {
                response = new Message(octets);
            } catch (IOException e) {
                return; // The transport counts it as a failure.
            }
            for (RecordType<?> type : RecordType.all()) {
                Reading<?> reading = Reading.of(response, DnsName.of("alias.example.com"), type, 8);
                assertThat(reading.answer().summary()).doesNotContain("\r", "\n");
                assertThat(reading.ttlSeconds()).isNotNegative();
            }
        });
    }

    @Test
    void anyZoneTextIsReadOrRefused() {
        Fuzz.texts(List.of(ZONE), text -> {
            try {
                Zone.parse(text).lookup(DnsName.of("alias.example.com"), RecordType.A);
            } catch (OperatorException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        });
    }

    @Test
    void anyNameAndAnyResolvConfIsReadOrRefused() {
        Fuzz.texts(List.of("_dmarc.a-b.example.com.", "b\u00fccher.example", "nameserver 127.0.0.1\noptions trust-ad\n"), text -> {
            DnsName.parse(text).ifPresent(name -> assertThat(name.wire().length).isLessThanOrEqualTo(255));
            SystemResolvers.parse(text);
            SystemResolvers.parseServer(text);
        });
    }
}
