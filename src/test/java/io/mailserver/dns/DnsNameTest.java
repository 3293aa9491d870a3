package io.mailserver.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsNameTest {
    @Test
    void caseAndFinalDotDoNotMatter() {
        assertThat(DnsName.of("Mail.EXAMPLE.com.")).isEqualTo(DnsName.of("mail.example.com"));
    }

    @Test
    void unicodeLabelsBecomeALabels() {
        assertThat(DnsName.of("_dmarc.bücher.example").text()).isEqualTo("_dmarc.xn--bcher-kva.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", ".a", "a..", "nul\0.example"})
    void whatIsNoNameIsRefused(String text) {
        assertThat(DnsName.parse(text)).isEmpty();
    }

    @Test
    void labelsHaveSixtyThreeOctets() {
        assertThat(DnsName.parse("a".repeat(63) + ".example")).isPresent();
        assertThat(DnsName.parse("a".repeat(64) + ".example")).isEmpty();
    }

    @Test
    void namesHave253Octets() {
        String longest = ("a".repeat(49) + ".").repeat(5) + "abc";
        assertThat(longest).hasSize(253);
        assertThat(DnsName.parse(longest)).isPresent();
        assertThat(DnsName.parse(longest + "d")).isEmpty();
        assertThatThrownBy(() -> new DnsName(longest + "d")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oddOctetsAreEscapedForPeople() {
        assertThat(DnsName.of("a b\\.example")).hasToString("a\\032b\\092.example");
    }

    @Test
    void wireFormEndsWithTheRoot() {
        assertThat(DnsName.of("ab.c").wire()).isEqualTo("\2ab\1c\0".getBytes(StandardCharsets.US_ASCII));
        assertThat(new DnsName("").wire()).isEqualTo(new byte[1]);
    }

    @Test
    void reverseNamesOfBothFamilies() {
        assertThat(DnsName.reverse(InetAddress.ofLiteral("192.0.2.1")).text()).isEqualTo("1.2.0.192.in-addr.arpa");
        assertThat(DnsName.reverse(InetAddress.ofLiteral("2001:db8::ab")).text())
                .isEqualTo("b.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
    }

    @Test
    void withinMeansAtOrBelow() {
        DnsName zone = DnsName.of("example.com");
        assertThat(DnsName.of("a.example.com").isWithin(zone)).isTrue();
        assertThat(zone.isWithin(zone)).isTrue();
        assertThat(DnsName.of("badexample.com").isWithin(zone)).isFalse();
        assertThat(zone.isWithin(new DnsName(""))).isTrue();
    }
}
