package io.mailserver.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.SystemTime;
import io.mailserver.dns.ResolverSettings.Limits;
import io.mailserver.dns.ResolverSettings.NameServer;
import io.mailserver.simulation.Unbound;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A zone signed by ldns, served by unbound: once by an unbound that validates and whose AD bit we believe, once by one that does not, under
 * our own validation. One record was changed after signing.
 */
@Tag("peer")
@TestInstance(Lifecycle.PER_CLASS)
class UnboundPeerTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final String SIGNED = """
            $ORIGIN signed.example.
            @ 300 IN SOA ns hostmaster 1 3600 600 86400 60
            @ 300 IN NS ns
            ns 300 IN A 127.0.0.1
            a 300 IN A 192.0.2.1
            alias 300 IN CNAME a
            bad 300 IN A 192.0.2.2
            *.wild 300 IN A 192.0.2.3
            """;
    private static final String PLAIN = """
            $ORIGIN plain.example.
            @ 300 IN SOA ns hostmaster 1 3600 600 86400 60
            @ 300 IN NS ns
            ns 300 IN A 127.0.0.1
            a 300 IN A 192.0.2.9
            """;

    private final SystemTime time = new SystemTime();
    private final List<Unbound> running = new ArrayList<>();
    private CachingResolver trusting;
    private CachingResolver ourselves;

    private Path folder;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        Files.writeString(folder.resolve("plain"), PLAIN);
        Path unsigned = Files.writeString(folder.resolve("signed.example"), SIGNED);
        Unbound.sign(folder, unsigned.getFileName().toString(), "good");
        Files.writeString(folder.resolve("changed"),
                Files.readString(folder.resolve("good")).replaceAll("(?m)^(bad\\..*192\\.0\\.2\\.)2$", "$1" + "66"));
        assertThat(Files.readString(folder.resolve("changed"))).contains("192.0.2.66");
        String anchor = Files.readString(folder.resolve("anchor"));
        trusting = new CachingResolver(ResolverSettings.of(List.of(new NameServer(unbound("validator iterator", false), true))), time);
        NameServers plain = new NameServers(List.of(new NameServer(unbound("iterator", true), true)), WAIT, true);
        ourselves = new CachingResolver(Validator.withAnchors(plain, anchor, time), Limits.DEFAULTS, time);
        for (CachingResolver resolver : List.of(trusting, ourselves)) {
            Awaitility.await().atMost(WAIT).until(() -> resolver.resolve(DnsName.of("plain.example"), RecordType.SOA, WAIT),
                    answer -> answer instanceof Answer.Found<Rdata.Soa>);
        }
    }

    @AfterAll
    void stop() {
        running.forEach(Unbound::close);
        time.close();
    }

    @Test
    void signedRecordsAreAuthentic() {
        for (CachingResolver resolver : List.of(trusting, ourselves)) {
            for (String name : List.of("a.signed.example", "alias.signed.example")) {
                assertThat(a(resolver, name)).as(name).isInstanceOfSatisfying(Answer.Found.class,
                        found -> assertThat(found.authentic()).as(name).isTrue());
            }
        }
    }

    @Test
    void aWildcardIsAuthenticOrNotKnown() {
        assertThat(a(trusting, "x.wild.signed.example")).isInstanceOfSatisfying(Answer.Found.class,
                found -> assertThat(found.authentic()).isTrue());
        // dnsjava 3.7.1 fails over the expanded NSEC with which unbound proves that the name itself does not exist: never a wrong answer.
        assertThat(a(ourselves, "x.wild.signed.example").temporary()).isTrue();
    }

    @Test
    void denialsAreAuthentic() {
        for (CachingResolver resolver : List.of(trusting, ourselves)) {
            assertThat(a(resolver, "nobody.signed.example")).isEqualTo(new Answer.NxDomain<Rdata.A>(true));
            assertThat(resolver.resolve(DnsName.of("a.signed.example"), RecordType.MX, WAIT)).isEqualTo(new Answer.NoData<Rdata.Mx>(true));
        }
    }

    @Test
    void aChangedRecordIsBogusForBoth() {
        assertThat(a(ourselves, "bad.signed.example")).isInstanceOf(Answer.Bogus.class);
        assertThat(a(trusting, "bad.signed.example")).isInstanceOfAny(Answer.Bogus.class, Answer.ServFail.class);
        assertThat(a(trusting, "bad.signed.example").temporary()).isTrue();
    }

    @Test
    void anUnsignedZoneIsAnsweredAndNotAuthentic() {
        for (CachingResolver resolver : List.of(trusting, ourselves)) {
            assertThat(a(resolver, "a.plain.example")).isInstanceOfSatisfying(Answer.Found.class,
                    found -> assertThat(found.authentic()).isFalse());
            assertThat(a(resolver, "nobody.plain.example")).isEqualTo(new Answer.NxDomain<Rdata.A>(false));
        }
    }

    private static Answer<Rdata.A> a(CachingResolver resolver, String name) {
        return resolver.resolve(DnsName.of(name), RecordType.A, WAIT);
    }

    /** @param downstream whether clients are answered from the zones themselves, without any validation */
    private InetSocketAddress unbound(String modules, boolean downstream) throws IOException, InterruptedException {
        Unbound one = Unbound.start(
                folder, Unbound.freePort(), modules, downstream, List.of("signed.example changed", "plain.example plain"));
        running.add(one);
        return one.address();
    }
}
