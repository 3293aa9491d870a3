package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.store.Arrivals.Arrival;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private final Arrivals arrivals = new Arrivals(1, 100);

    @Test
    void messagesAreShownInTheOrderOfTheirUids() {
        int first = take();
        int second = take();
        arrivals.arrived(arrival(second));
        assertThat(arrivals.ready()).isEmpty();
        assertThat(arrivals.any()).isTrue();
        arrivals.arrived(arrival(first));
        assertThat(arrivals.ready()).extracting(Arrival::uid).containsExactly(first, second);
    }

    @Test
    void whoLooksWhileMessagesAreBeingShownMustWaitForThem() {
        arrivals.arrived(arrival(take()));
        List<Arrival> ready = arrivals.ready();
        assertThat(ready).hasSize(1);
        assertThat(arrivals.any()).as("being shown").isTrue();
        arrivals.shown();
        assertThat(arrivals.any()).as("shown").isFalse();
    }

    @Test
    void whatCouldNotBeShownWaitsAgain() {
        arrivals.arrived(arrival(take()));
        arrivals.restore(arrivals.ready());
        assertThat(arrivals.any()).isTrue();
        assertThat(arrivals.ready()).hasSize(1);
    }

    @Test
    void anAbandonedUidHoldsUpNobody() {
        int first = take();
        arrivals.arrived(arrival(take()));
        arrivals.abandoned(first);
        assertThat(arrivals.ready()).hasSize(1);
    }

    private int take() {
        assertThat(arrivals.promise(1)).isTrue();
        return arrivals.take();
    }

    private static Arrival arrival(int uid) {
        return new Arrival(uid, 0, 1, 1, "new/x", Optional.empty(), Optional.empty());
    }
}
