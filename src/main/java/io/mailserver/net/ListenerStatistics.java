package io.mailserver.net;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What a listener did since its start; counted by any thread. */
public final class ListenerStatistics {
    private static final int REFUSALS = Refusal.values().length;

    final LongAdder accepted = new LongAdder();
    final LongAdder proxyRefused = new LongAdder();
    final LongAdder broken = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder acceptFailures = new LongAdder();
    private final AtomicLongArray refused = new AtomicLongArray(REFUSALS);

    void countRefused(Refusal reason) {
        refused.incrementAndGet(reason.ordinal());
    }

    /** Connections taken from the kernel, whatever became of them. */
    public long accepted() {
        return accepted.sum();
    }

    /** Connections over a limit. */
    public long refused(Refusal reason) {
        return refused.get(reason.ordinal());
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
