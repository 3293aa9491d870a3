package io.mailserver.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.dns.ResolverSettings.Limits;
import io.mailserver.dns.ResolverSettings.NameServer;
import io.mailserver.simulation.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;

/** Our own validation, from an anchor above a zone signed here. */
class DnssecTest {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Name ZONE = Name.fromConstantString("example.");

    private final ManualTime time = new ManualTime(NOW);
    private final KeyPair pair;
    private final DNSKEYRecord key;

    DnssecTest() throws GeneralSecurityException, DNSSEC.DNSSECException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        pair = generator.generateKeyPair();
        key = new DNSKEYRecord(ZONE, DClass.IN, 300, 0x101, DNSKEYRecord.Protocol.DNSSEC,
                DNSSEC.Algorithm.ECDSAP256SHA256, pair.getPublic());
    }

    private String signature(Record record) throws DNSSEC.DNSSECException {
        return DNSSEC.sign(new RRset(record), key, pair.getPrivate(), NOW.minusSeconds(60), NOW.plusSeconds(3_600)).toString();
    }

    private Record address(String name, String address) {
        return new ARecord(Name.fromConstantString(name), DClass.IN, 300, InetAddress.ofLiteral(address));
    }

    private Answer<Rdata.A> resolve(String zoneText, String name) throws IOException {
        Zone zone = Zone.parse(zoneText);
        try (ZoneServer server = ZoneServer.start(() -> zone, 0, time)) {
            NameServers servers = new NameServers(List.of(new NameServer(server.address(), true)), WAIT, true);
            CachingResolver resolver =
                    new CachingResolver(Validator.withAnchors(servers, key.toString(), time), Limits.DEFAULTS, time);
            return resolver.resolve(DnsName.of(name), RecordType.A, WAIT);
        }
    }

    @Test
    void signedRecordsAreAuthentic() throws Exception {
        Record record = address("a.example.", "192.0.2.1");
        String zone = String.join("\n", key.toString(), signature(key), record.toString(), signature(record));
        assertThat(resolve(zone, "a.example")).isInstanceOfSatisfying(Answer.Found.class,
                found -> assertThat(found.authentic()).isTrue());
    }

    @Test
    void changedRecordsAreBogus() throws Exception {
        Record record = address("a.example.", "192.0.2.1");
        Record forged = address("a.example.", "192.0.2.66");
        String zone = String.join("\n", key.toString(), signature(key), forged.toString(), signature(record));
        assertThat(resolve(zone, "a.example")).isInstanceOf(Answer.Bogus.class);
    }

    @Test
    void aSignatureOutOfDateIsBogus() throws Exception {
        Record record = address("a.example.", "192.0.2.1");
        String zone = String.join("\n", key.toString(), signature(key), record.toString(), signature(record));
        time.advance(Duration.ofHours(2));
        assertThat(resolve(zone, "a.example")).isInstanceOf(Answer.Bogus.class);
    }

    @Test
    void aZoneWithoutAnchorIsNotAuthenticThoughTheServerSaysSo() throws Exception {
        String zone = "$AUTHENTIC a.test\na.test A 192.0.2.1";
        assertThat(resolve(zone, "a.test")).isInstanceOfSatisfying(Answer.Found.class,
                found -> assertThat(found.authentic()).isFalse());
    }

    @Test
    void anUnprovenDenialIsBogus() throws Exception {
        String zone = String.join("\n", key.toString(), signature(key));
        assertThat(resolve(zone, "no.example")).isInstanceOf(Answer.Bogus.class);
    }

    @Test
    void theRootAnchorsCanBeRead() {
        assertThat(Validator.withAnchors(new NameServers(List.of(), WAIT, true), Validator.ROOT_ANCHORS, time)).isNotNull();
    }
}
