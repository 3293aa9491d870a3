package io.mailserver.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.net.ConnectionLimits.Limits;
import io.mailserver.simulation.ManualTime;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
    private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress NEIGHBOUR = InetAddress.ofLiteral("192.0.2.2");
    private static final InetAddress FAR = InetAddress.ofLiteral("203.0.113.1");

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    void addressMayHaveAsManyAsAllowedAndAgainWhenOneLeft() {
        ConnectionLimits limits = limits(new Limits(2, 10, 10, 100));
        assertThat(limits.enter(ONE)).isEmpty();
        assertThat(limits.enter(ONE)).isEmpty();
        assertThat(limits.enter(ONE)).contains(Refusal.TOO_MANY_FROM_ADDRESS);
        assertThat(limits.enter(NEIGHBOUR)).isEmpty();

        limits.leave(ONE);

        assertThat(limits.enter(ONE)).isEmpty();
        assertThat(limits.open()).isEqualTo(3);
    }

    @Test
    void networkIsCountedTogether() {
        ConnectionLimits limits = limits(new Limits(2, 3, 10, 100));
        assertThat(limits.enter(ONE)).isEmpty();
        assertThat(limits.enter(ONE)).isEmpty();
        assertThat(limits.enter(NEIGHBOUR)).isEmpty();
        assertThat(limits.enter(InetAddress.ofLiteral("192.0.2.3"))).contains(Refusal.TOO_MANY_FROM_NETWORK);
        assertThat(limits.enter(InetAddress.ofLiteral("192.0.3.3"))).isEmpty();
    }

    @Test
    void ipv6NetworkIsA56() {
        ConnectionLimits limits = limits(new Limits(1, 1, 10, 100));
        assertThat(limits.enter(InetAddress.ofLiteral("2001:db8:0:1200::1"))).isEmpty();
        assertThat(limits.enter(InetAddress.ofLiteral("2001:db8:0:12ff::1"))).contains(Refusal.TOO_MANY_FROM_NETWORK);
        assertThat(limits.enter(InetAddress.ofLiteral("2001:db8:0:1300::1"))).isEmpty();
    }

    @Test
    void serverHasATotal() {
        ConnectionLimits limits = limits(new Limits(10, 10, 2, 100));
        assertThat(limits.enter(ONE)).isEmpty();
        assertThat(limits.enter(FAR)).isEmpty();
        assertThat(limits.enter(FAR)).contains(Refusal.SERVER_FULL);
        limits.leave(ONE);
        assertThat(limits.enter(FAR)).isEmpty();
    }

    @Test
    void newConnectionsOfAMinuteAreLimitedAndForgotten() {
        ConnectionLimits limits = limits(new Limits(10, 10, 10, 3));
        for (int i = 0; i < 3; i++) {
            assertThat(limits.enter(ONE)).isEmpty();
            limits.leave(ONE);
        }
        assertThat(limits.enter(ONE)).contains(Refusal.TOO_FAST);
        assertThat(limits.enter(NEIGHBOUR)).isEmpty();

        // Half of the last minute's four still count after a minute and a half.
        time.advance(Duration.ofSeconds(90));
        assertThat(limits.enter(ONE)).isEmpty();
        assertThat(limits.enter(ONE)).contains(Refusal.TOO_FAST);

        time.advance(Duration.ofMinutes(2));
        assertThat(limits.enter(ONE)).isEmpty();
    }

    @Test
    void addressesOfOneIpv6NetworkAreOneClientByMinute() {
        ConnectionLimits limits = limits(new Limits(10, 10, 10, 2));
        assertThat(limits.enter(InetAddress.ofLiteral("2001:db8::1"))).isEmpty();
        assertThat(limits.enter(InetAddress.ofLiteral("2001:db8::2"))).isEmpty();
        assertThat(limits.enter(InetAddress.ofLiteral("2001:db8::3"))).contains(Refusal.TOO_FAST);
        assertThat(limits.enter(InetAddress.ofLiteral("2001:db8:0:1::3"))).isEmpty();
    }

    @Test
    void floodOfAddressesDoesNotGrowMemoryNorShutOthersOut() {
        ConnectionLimits limits = limits(new Limits(10, 10, 10, 1));
        for (int i = 0; i < ConnectionLimits.MAX_COUNTED + 1000; i++) {
            InetAddress address = InetAddress.ofLiteral(String.format(Locale.ROOT, "10.%d.%d.%d", i >> 16, i >> 8 & 0xff, i & 0xff));
            limits.enter(address);
            limits.leave(address);
        }
        assertThat(limits.counted()).isEqualTo(ConnectionLimits.MAX_COUNTED);
        assertThat(limits.enter(FAR)).isEmpty();

        time.advance(Duration.ofMinutes(2));
        limits.enter(ONE);
        assertThat(limits.counted()).isEqualTo(1);
    }

    @Test
    void changedLimitsHoldFromNowOn() {
        ConnectionLimits limits = limits(new Limits(1, 10, 10, 100));
        assertThat(limits.enter(ONE)).isEmpty();
        limits.change(new Limits(2, 10, 10, 100));
        assertThat(limits.enter(ONE)).isEmpty();
    }

    private ConnectionLimits limits(Limits limits) {
        return new ConnectionLimits(limits, time);
    }
}
