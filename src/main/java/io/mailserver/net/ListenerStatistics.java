package io.mailserver.net;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What a listener did since its start; counted by any thread. */
public final class ListenerStatistics {
    final LongAdder accepted = new LongAdder();
    final LongAdder proxyRefused = new LongAdder();
    final LongAdder broken = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder acceptFailures = new LongAdder();
    /** Filled when made and not changed since, so that any thread may read it. */
    private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);

    ListenerStatistics() {
        for (Refusal reason : Refusal.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    void countRefused(Refusal reason) {
        Objects.requireNonNull(refused.get(reason)).increment();
    }

    /** Connections taken from the kernel, whatever became of them. */
    public long accepted() {
        return accepted.sum();
    }

    /** Connections over a limit. */
    public long refused(Refusal reason) {
        return Objects.requireNonNull(refused.get(reason)).sum();
    }

    /** Connections from an address that is no proxy of this listener, or without a proper PROXY header. */
    public long proxyRefused() {
        return proxyRefused.sum();
    }

    /** Connections that ended by an error of the network or of the TLS handshake. */
    public long broken() {
        return broken.sum();
    }

    /** Sessions that ended by a bug. */
    public long failed() {
        return failed.sum();
    }

    /** How often the kernel had no connection to give, such as for lack of descriptors. */
    public long acceptFailures() {
        return acceptFailures.sum();
    }
}
