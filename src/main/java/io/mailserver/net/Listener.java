package io.mailserver.net;

import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One listening port: accepts, counts, refuses what is too many, and serves every other connection on a virtual thread of its own.
 *
 * <p>Life: {@link #bind} (while the process may be root), {@link #start}, {@link #stopAccepting}, {@link #drain}, {@link #close}.
 * The accept loop survives whatever accept throws (no descriptors left, say) by waiting a little longer each time. Safe for use by
 * any thread.
 */
public final class Listener implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(2);

    private final ListenerSpec spec;
    private final ServerSocket serverSocket;
    private final int port;
    private final Reaper reaper;
    private final ConnectionLimits limits;
    private final EventLog log;
    private final RefusalLog refusals;

    private final ListenerStatistics statistics = new ListenerStatistics();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final Set<Connection> connections = new HashSet<>();
    /** Threads that serve a connection, those included that have not got as far as {@link #connections}. Guarded by lock. */
    private int serving;

    private volatile boolean stopping;

    Listener(ListenerSpec spec, ServerSocket serverSocket, Reaper reaper, ConnectionLimits limits, EventLog log) {
        this.spec = spec;
        this.serverSocket = serverSocket;
        this.port = serverSocket.getLocalPort();
        this.reaper = reaper;
        this.limits = limits;
        this.log = log;
        this.refusals = new RefusalLog(spec.name(), reaper.time(), log);
    }

    /**
     * Binds the port at once; nothing is accepted before {@link #start}.
     *
     * @throws OperatorException if the port cannot be bound, naming who holds it where that can be seen
     */
    public static Listener bind(ListenerSpec spec, Reaper reaper, ConnectionLimits limits, EventLog log) {
        try {
            return new Listener(spec, boundSocket(spec), reaper, limits, log);
        } catch (IOException e) {
            throw BindFailure.of(spec.name(), spec.address(), spec.port(), e);
        }
    }

    private static ServerSocket boundSocket(ListenerSpec spec) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            // The JDK's wildcard is :: with IPv4 included, or 0.0.0.0 on a machine without IPv6.
            socket.bind(
                    spec.address()
                            .map(address -> new InetSocketAddress(address, spec.port()))
                            .orElseGet(() -> new InetSocketAddress(spec.port())),
                    BACKLOG);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** For people, such as {@code SMTP inbound}. */
    public String name() {
        return spec.name();
    }

    /** The port that is really bound. */
    public int port() {
        return port;
    }

    /** How many connections are being served. */
    public int open() {
        lock.lock();
        try {
            return connections.size();
        } finally {
            lock.unlock();
        }
    }

    /** What it did so far. */
    public ListenerStatistics statistics() {
        return statistics;
    }

    /** Begins to accept. To be called once. */
    public void start(ConnectionHandler handler) {
        Thread.ofVirtual().name("accept-" + port).start(() -> acceptLoop(handler));
    }

    private void acceptLoop(ConnectionHandler handler) {
        Duration backoff = FIRST_BACKOFF;
        while (!stopping) {
            try {
                Socket socket = serverSocket.accept();
                backoff = FIRST_BACKOFF;
                arrived(socket, handler);
            } catch (IOException e) {
                if (!stopping) {
                    statistics.acceptFailures.increment();
                    log.error("listener.accept-failed", e, "listener", spec.name(), "port", port, "retry-ms", backoff.toMillis());
                    await(backoff);
                    backoff = backoff.compareTo(LONGEST_BACKOFF) < 0 ? backoff.multipliedBy(2) : LONGEST_BACKOFF;
                }
            }
        }
    }

    private void await(Duration duration) {
        CountDownLatch over = new CountDownLatch(1);
        Time.Scheduled timer = reaper.time().schedule(duration, over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but a JVM that ends.
            Thread.currentThread().interrupt();
            stopping = true;
        } finally {
            timer.cancel();
        }
    }

    private void arrived(Socket socket, ConnectionHandler handler) {
        statistics.accepted.increment();
        lock.lock();
        try {
            serving++;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name(spec.name()).start(() -> {
            try {
                serve(socket, handler);
            } finally {
                lock.lock();
                try {
                    serving--;
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        });
    }

    private void serve(Socket socket, ConnectionHandler handler) {
        try (Connection connection = Connection.over(socket, reaper)) {
            connection.deadline(spec.handshakeTimeout());
            track(connection);
            try {
                if (spec.proxies().isEmpty() || proxied(connection)) {
                    admit(connection, handler);
                }
            } finally {
                untrack(connection);
            }
        } catch (IOException e) {
            statistics.broken.increment();
            log.info("connection.broken", "listener", spec.name(), "address", addressOf(socket), "cause", e.toString());
        } catch (RuntimeException e) {
            // The edge of the session: a bug in it ends this connection and no other.
            statistics.failed.increment();
            log.error("connection.failed", e, "listener", spec.name(), "address", addressOf(socket));
        }
    }

    private void track(Connection connection) {
        lock.lock();
        try {
            connections.add(connection);
        } finally {
            lock.unlock();
        }
        // Read after it was added: a stop in between either sees the connection or is seen here.
        if (stopping) {
            connection.requestStop();
        }
    }

    private void untrack(Connection connection) {
        lock.lock();
        try {
            connections.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    /** Reads the PROXY header; whether there was a good one from a trusted proxy. */
    private boolean proxied(Connection connection) throws IOException {
        InetAddress proxy = connection.remoteAddress();
        if (spec.proxies().stream().noneMatch(network -> network.contains(proxy))) {
            proxyRefused(proxy, "not one of the proxies of this listener");
            return false;
        }
        try {
            ProxyHeader.read(connection.in()).client().ifPresent(connection::proxiedFor);
            return true;
        } catch (ProtocolException e) {
            boolean late = connection.endOfInput() == EndOfInput.TIMED_OUT;
            proxyRefused(proxy, late ? "no PROXY header in time" : String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void proxyRefused(InetAddress proxy, String reason) {
        statistics.proxyRefused.increment();
        refusals.refused(proxy, reason);
    }

    private void admit(Connection connection, ConnectionHandler handler) throws IOException {
        InetAddress address = connection.remoteAddress();
        Optional<Refusal> refusal = limits.enter(address);
        if (refusal.isPresent()) {
            refuse(connection, handler, refusal.get());
            return;
        }
        try {
            if (spec.implicitTls().isPresent()) {
                connection.startTls(spec.implicitTls().get());
            }
            handler.handle(connection);
        } finally {
            limits.leave(address);
        }
    }

    private static String addressOf(Socket socket) {
        return socket.getInetAddress().getHostAddress();
    }

    private void refuse(Connection connection, ConnectionHandler handler, Refusal reason) throws IOException {
        statistics.countRefused(reason);
        refusals.refused(connection.remoteAddress(), reason.toString());
        String line = handler.refusal(reason);
        if (spec.implicitTls().isEmpty() && !line.isEmpty()) {
            connection.writeDeadline(Reaper.GRACE);
            connection.out().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Closes the port: new clients are refused by the kernel, the open connections go on. Idempotent. */
    public void stopAccepting() {
        stopping = true;
        try {
            serverSocket.close();
        } catch (IOException e) {
            log.warn("listener.close-failed", "listener", spec.name(), "port", port, "cause", e.toString());
        }
    }

    /**
     * Stops accepting and ends the sessions: those that wait for a command at once, transfers at half time, all that are left hard when
     * {@code atMost} is over. Blocks until then or until no connection is left.
     *
     * @return whether all sessions ended by themselves
     * @throws InterruptedException if the calling thread is interrupted; the sessions go on ending
     */
    public boolean drain(Duration atMost) throws InterruptedException {
        stopAccepting();
        for (Connection connection : snapshot()) {
            connection.requestStop();
        }
        AtomicBoolean over = new AtomicBoolean();
        Time.Scheduled transfers = reaper.time().schedule(atMost.dividedBy(2), this::endTransfers);
        Time.Scheduled end = reaper.time().schedule(atMost, () -> signalOver(over));
        lock.lock();
        try {
            while (serving > 0 && !over.get()) {
                changed.await();
            }
            return serving == 0;
        } finally {
            lock.unlock();
            transfers.cancel();
            end.cancel();
            close();
        }
    }

    private void signalOver(AtomicBoolean over) {
        lock.lock();
        try {
            over.set(true);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void endTransfers() {
        for (Connection connection : snapshot()) {
            connection.interruptInput(EndOfInput.SERVER_STOPPING);
        }
    }

    /** Stops accepting and closes every connection hard. Idempotent. */
    @Override
    public void close() {
        stopAccepting();
        for (Connection connection : snapshot()) {
            connection.abort();
        }
    }

    private Set<Connection> snapshot() {
        lock.lock();
        try {
            return Set.copyOf(connections);
        } finally {
            lock.unlock();
        }
    }
}
