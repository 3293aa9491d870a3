package io.mailserver.spam;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.dns.DnsName;
import io.mailserver.net.Network;
import io.mailserver.simulation.ZoneText;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DnsListsTest {
    private final Failures failures = new Failures();

    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final DnsList ADDRESSES = new DnsList(DnsName.of("bl.example"), DnsList.Kind.ADDRESSES, 3, List.of());
    private static final DnsList DOMAINS = new DnsList(DnsName.of("dbl.example"), DnsList.Kind.DOMAINS, 4, List.of());

    @Test
    void aListedAddressGetsTheListsPoints() throws Exception {
        DnsLists lists = new DnsLists(List.of(ADDRESSES), new ZoneText("9.2.0.192.bl.example A 127.0.0.2"), failures);
        List<Finding> found = lists.ask(Optional.of(InetAddress.ofLiteral("192.0.2.9")), List.of(), WITHIN);
        assertThat(found).singleElement().satisfies(finding -> {
            assertThat(finding.name()).isEqualTo("LISTED:bl.example");
            assertThat(finding.points()).isEqualTo(3);
        });
        assertThat(lists.ask(Optional.of(InetAddress.ofLiteral("192.0.2.10")), List.of(), WITHIN)).isEmpty();
        assertThat(failures.counts()).isEmpty();
    }

    @Test
    void ipv6IsAskedByNibbles() {
        assertThat(DnsLists.reversed(InetAddress.ofLiteral("2001:db8::1")))
                .isEqualTo("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2");
    }

    @Test
    void aRefusalIsAnErrorAndNeverAListing() throws Exception {
        DnsLists lists = new DnsLists(List.of(ADDRESSES), new ZoneText("9.2.0.192.bl.example A 127.255.255.254"), failures);
        assertThat(lists.ask(Optional.of(InetAddress.ofLiteral("192.0.2.9")), List.of(), WITHIN)).isEmpty();
        assertThat(failures.counts()).isEqualTo(Map.of("list bl.example", 1L));
    }

    @Test
    void aListWhoseDomainWasSoldIsAnErrorToo() throws Exception {
        DnsLists lists = new DnsLists(List.of(ADDRESSES), new ZoneText("9.2.0.192.bl.example A 203.0.113.80"), failures);
        assertThat(lists.ask(Optional.of(InetAddress.ofLiteral("192.0.2.9")), List.of(), WITHIN)).isEmpty();
        assertThat(failures.counts()).containsEntry("list bl.example", 1L);
    }

    @Test
    void aListThatDoesNotAnswerIsLeftOutAndCounted() throws Exception {
        DnsLists lists = new DnsLists(List.of(ADDRESSES, DOMAINS), new ZoneText("$TIMEOUT bl.example\nbad.test.dbl.example A 127.0.1.2"),
                failures);
        assertThat(lists.ask(Optional.of(InetAddress.ofLiteral("192.0.2.9")), List.of("bad.test"), WITHIN))
                .extracting(Finding::name).containsExactly("LISTED:dbl.example");
        assertThat(failures.counts()).containsEntry("list bl.example", 1L);
    }

    @Test
    void domainsAreAskedByTheirRegisteredNameAndCountOnce() throws Exception {
        ZoneText zone = new ZoneText("bad.test.dbl.example A 127.0.1.2\nworse.co.uk.dbl.example A 127.0.1.2");
        List<Finding> found = new DnsLists(List.of(DOMAINS), zone, failures)
                .ask(Optional.empty(), List.of("www.bad.test", "a.b.worse.co.uk", "192.0.2.1"), WITHIN);
        assertThat(found).hasSize(1);
        assertThat(zone.asked()).containsExactlyInAnyOrder("bad.test.dbl.example A", "worse.co.uk.dbl.example A");
    }

    @Test
    void onlyTheAnswersThatCountDo() throws Exception {
        DnsList some = new DnsList(DnsName.of("bl.example"), DnsList.Kind.ADDRESSES, 3,
                List.of(Network.parse("127.0.0.4/32").orElseThrow()));
        DnsLists lists = new DnsLists(List.of(some), new ZoneText("""
                9.2.0.192.bl.example A 127.0.0.2
                8.2.0.192.bl.example A 127.0.0.4
                """), failures);
        assertThat(lists.ask(Optional.of(InetAddress.ofLiteral("192.0.2.9")), List.of(), WITHIN)).isEmpty();
        assertThat(lists.ask(Optional.of(InetAddress.ofLiteral("192.0.2.8")), List.of(), WITHIN)).hasSize(1);
    }
}
