package io.mailserver.bench;

import io.mailserver.base.Time;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Sends numbered messages over many sessions at a time to {@code user1@bench.test} and on, each session on a thread of its own. A
 * session that fails connects again until the time is over or {@link #stop} is called. One load, one use.
 */
public final class SmtpLoad {
    /** The domain of all recipients. */
    public static final String DOMAIN = "bench.test";

    private static final int MESSAGE_FAILED = -1;
    private static final int THREAD_STACK_OCTETS = 256 * 1024;
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 20;

    private final InetSocketAddress server;
    private final LoadPlan plan;
    private final Ledger ledger;
    private final int mailboxes;
    private final Time time;
    private final byte[][] groups;
    private final UnaryOperator<String> onTop;
    private final LongAdder acceptedCount = new LongAdder();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}. */
    private final TreeMap<String, Integer> failures = new TreeMap<>();
    /** Guarded by {@link #lock}; one per session that has ended. */
    private final List<long[]> latencies = new ArrayList<>();

    private volatile long end;

    /** @param mailboxes how many recipients there are, from {@code user1} on */
    public SmtpLoad(InetSocketAddress server, LoadPlan plan, Ledger ledger, int mailboxes, Time time) {
        this(server, plan, ledger, mailboxes, time, message -> "");
    }

    /** @param onTop makes what stands above each message */
    SmtpLoad(InetSocketAddress server, LoadPlan plan, Ledger ledger, int mailboxes, Time time, UnaryOperator<String> onTop) {
        this.onTop = onTop;
        this.server = server;
        this.plan = plan;
        this.ledger = ledger;
        this.mailboxes = mailboxes;
        this.time = time;
        groups = new byte[mailboxes][];
        for (int i = 0; i < mailboxes; i++) {
            groups[i] = "MAIL FROM:<sender@bench.example>\r\nRCPT TO:<user%d@%s>\r\nDATA\r\n".formatted(i + 1, DOMAIN)
                    .getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Sends for the time of the plan; returns when the last session has ended. */
    public LoadResult run() throws InterruptedException {
        long start = time.nanos();
        end = start + plan.duration().toNanos();
        List<Thread> sessions = new ArrayList<>();
        for (int i = 0; i < plan.sessions(); i++) {
            sessions.add(new Thread(null, this::session, "session-" + i, THREAD_STACK_OCTETS));
        }
        sessions.forEach(Thread::start);
        for (Thread session : sessions) {
            session.join();
        }
        double seconds = (time.nanos() - start) / 1e9;
        long[] all = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new LoadResult(acceptedCount.intValue(), seconds, millis(all, 0.50), millis(all, 0.99), failures);
    }

    /** Begins no new message; {@link #run} returns soon after. */
    public void stop() {
        stopped.countDown();
    }

    private boolean running() {
        return stopped.getCount() > 0 && time.nanos() - end < 0;
    }

    private void session() {
        Latencies taken = new Latencies();
        NumberedMessage message = new NumberedMessage(ledger.run(), plan.octets(), onTop);
        try {
            while (running()) {
                try {
                    connection(message, taken);
                } catch (IOException e) {
                    failed(String.valueOf(e.getMessage()));
                    stopped.await(PAUSE_AFTER_FAILURE_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.lock();
            try {
                latencies.add(taken.toArray());
            } finally {
                lock.unlock();
            }
        }
    }

    private void connection(NumberedMessage message, Latencies taken) throws IOException {
        try (SmtpWire wire = new SmtpWire(server)) {
            wire.hello(plan.startTls());
            do {
                int number = ledger.next();
                long begun = time.nanos();
                int code = message(wire, number, message);
                if (code == 250) {
                    ledger.accepted(number);
                    acceptedCount.increment();
                    taken.add(time.nanos() - begun);
                }
            } while (plan.keepConnections() && running());
            wire.send("QUIT\r\n");
            wire.expect(221);
        }
    }

    private int message(SmtpWire wire, int number, NumberedMessage message) throws IOException {
        int mailbox = number % mailboxes;
        if (plan.pipelining()) {
            wire.send(groups[mailbox]);
            int mail = wire.reply();
            int recipient = wire.reply();
            int data = wire.reply();
            if (data != 354) {
                failed("refused with " + Math.max(mail, recipient));
                return MESSAGE_FAILED;
            }
        } else {
            wire.send("MAIL FROM:<sender@bench.example>\r\n");
            wire.expect(250);
            wire.send("RCPT TO:<user%d@%s>\r\n".formatted(mailbox + 1, DOMAIN));
            wire.expect(250);
            wire.send("DATA\r\n");
            wire.expect(354);
        }
        wire.send(message.numbered(number));
        int code = wire.reply();
        if (code != 250) {
            failed("refused with " + code + " after the message");
        }
        return code;
    }

    private void failed(String what) {
        lock.lock();
        try {
            failures.merge(what, 1, Integer::sum);
        } finally {
            lock.unlock();
        }
    }

    private static double millis(long[] sortedNanos, double quantile) {
        return sortedNanos.length == 0 ? Double.NaN : sortedNanos[(int) ((sortedNanos.length - 1) * quantile)] / 1e6;
    }

    /** A growing array of nanoseconds. */
    private static final class Latencies {
        private long[] nanos = new long[4096];
        private int size;

        void add(long value) {
            if (size == nanos.length) {
                nanos = Arrays.copyOf(nanos, size * 2);
            }
            nanos[size++] = value;
        }

        long[] toArray() {
            return Arrays.copyOf(nanos, size);
        }
    }
}
