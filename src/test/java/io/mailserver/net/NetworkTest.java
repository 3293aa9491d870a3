package io.mailserver.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.simulation.Fuzz;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.4/30, 192.0.2.7, true",
        "192.0.2.4/30, 192.0.2.8, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 192.0.2.1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "192.0.2.0/24, ::ffff:192.0.2.9, true"
    })
    void containsItsAddresses(String network, String address, boolean expected) {
        assertThat(Network.parse(network).orElseThrow().contains(InetAddress.ofLiteral(address))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "/", "/8", "10", "10.1", "10.0.0/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.1/8",
        "010.0.0.0/8", "256.0.0.0/8", "localhost", "localhost/8", "::/129", "2001:db8::1/32", "fe80::1%eth0", "1:2:3", " 10.0.0.0/8",
        "[::1]", "0x7f000001"
    })
    void otherTextsAreNoNetworks(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }

    @Test
    void bitsAfterThePrefixAreRefusedByTheRecord() {
        InetAddress address = InetAddress.ofLiteral("192.0.2.1");
        assertThatThrownBy(() -> new Network(address, 24)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Network(address, 33)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textOfANetworkReadsBackAsTheSame() {
        Fuzz.texts(List.of("192.0.2.0/24", "2001:db8::/32", "::/0", "203.0.113.7", "::ffff:192.0.2.1"), text ->
                Network.parse(text).ifPresent(network -> {
                    assertThat(Network.parse(network.toString())).contains(network);
                    assertThat(network.contains(network.base())).isTrue();
                }));
    }
}
