package io.mailserver.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection of a client, in plain or under TLS, with deadlines that a slow drip cannot stretch.
 *
 * <p>A read that waits or begins after its {@link #deadline} passed returns the end of input, and {@link #endOfInput()} says why;
 * output stays open so that the session can say goodbye. While the session is busy elsewhere (a slow disk) nothing is ended. Whatever
 * still waits for the peer {@link Reaper#GRACE} after the end of input, and every single write that takes longer than the write
 * deadline, ends by a hard close of the raw socket: the waiting call throws an {@link IOException}.
 *
 * <p>Threads: one session thread reads, writes, starts TLS and closes (it owns the connection); {@link #interruptInput} and
 * {@link #abort} may be called by any thread.
 */
public final class Connection implements AutoCloseable {
    /** RFC 5321 §4.5.3.2 gives a server 5 minutes; the same patience for one write. */
    public static final Duration DEFAULT_WRITE_DEADLINE = Duration.ofMinutes(5);

    /** In {@link #reading} and {@link #writing}: no call waits for the peer. */
    private static final long IDLE = Long.MIN_VALUE;
    /** In {@link #reading} and {@link #writing}: the reaper or {@link #interruptInput} has ended the call. */
    private static final long ENDED = Long.MIN_VALUE + 1;
    /** As a deadline: none. Half the range away from every clock value is far enough (146 years). */
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE / 2);

    private static final int MAX_DISCARDED_OCTETS = 64 * 1024;

    private final Socket raw;
    private final Reaper reaper;
    private final InputStream in = new GuardedInput();
    private final OutputStream out = new GuardedOutput();
    private final AtomicReference<EndOfInput> endOfInput = new AtomicReference<>(EndOfInput.NONE);
    private final AtomicBoolean closed = new AtomicBoolean();

    /** {@link #IDLE}, {@link #ENDED}, or the deadline of the read that waits, in the clock's nanoseconds. */
    private final AtomicLong reading = new AtomicLong(IDLE);
    /** {@link #IDLE}, {@link #ENDED}, or the deadline of the write that waits, in the clock's nanoseconds. */
    private final AtomicLong writing = new AtomicLong(IDLE);
    /** When a connection whose input was ended is closed hard if it still waits; {@link #IDLE} before that. */
    private volatile long graceEnd = IDLE;
    /** The client; replaced once by what a trusted proxy says. */
    private volatile InetSocketAddress remote;
    private volatile boolean inTransfer;
    private volatile boolean stopRequested;

    // Only the session thread touches these.
    private InputStream plainIn;
    private OutputStream plainOut;
    private long readDeadline;
    private Duration writeDeadline = DEFAULT_WRITE_DEADLINE;
    private @Nullable SSLSocket tlsSocket;
    private Optional<TlsSession> tls = Optional.empty();

    private Connection(Socket raw, Reaper reaper) throws IOException {
        this.raw = raw;
        this.reaper = reaper;
        this.remote = new InetSocketAddress(raw.getInetAddress(), raw.getPort());
        this.plainIn = raw.getInputStream();
        this.plainOut = raw.getOutputStream();
        this.readDeadline = instant(FOREVER);
    }

    /**
     * Takes over a connected socket: the connection closes it.
     *
     * @throws IOException if the socket is closed already
     */
    public static Connection over(Socket raw, Reaper reaper) throws IOException {
        raw.setTcpNoDelay(true);
        raw.setKeepAlive(true);
        Connection connection = new Connection(raw, reaper);
        reaper.watch(connection);
        return connection;
    }

    /** Takes over what a trusted proxy said about the client, before the session begins. */
    void proxiedFor(InetSocketAddress client) {
        remote = client;
    }

    /** The client's address: that of the PROXY protocol where a trusted proxy gave one. */
    public InetAddress remoteAddress() {
        return remote.getAddress();
    }

    /** The client's port: that of the PROXY protocol where a trusted proxy gave one. */
    public int remotePort() {
        return remote.getPort();
    }

    /** The port of ours that the client (or its proxy) connected to. */
    public int localPort() {
        return raw.getLocalPort();
    }

    /**
     * What the client sends, without buffering of its own; under TLS once {@link #startTls} returned. Returns -1 for ever once
     * {@link #endOfInput()} is not {@code NONE}.
     */
    public InputStream in() {
        return in;
    }

    /** What the client gets, without buffering: the caller writes in large pieces. Under TLS once {@link #startTls} returned. */
    public OutputStream out() {
        return out;
    }

    /** The connection's TLS; empty while it is in plain. */
    public Optional<TlsSession> tls() {
        return tls;
    }

    /**
     * The octets that tie a login to this TLS connection (RFC 5056).
     *
     * @param type {@code tls-exporter} (RFC 9266; TLS 1.2 only with an extended master secret) or {@code tls-server-end-point} (RFC 5929)
     * @return empty in plaintext, and where this connection or this Java has no such binding
     */
    public Optional<byte[]> channelBinding(String type) {
        SSLSocket socket = tlsSocket;
        return socket == null || tls.isEmpty() ? Optional.empty() : ChannelBinding.of(socket.getSession(), type);
    }

    /** Why there is no more input; {@code NONE} while there may be. */
    public EndOfInput endOfInput() {
        return endOfInput.get();
    }

    /**
     * Sets the time by which reads must be done, counted from now and however many there are. Replaces the one before; without any,
     * reads wait for ever.
     */
    public void deadline(Duration fromNow) {
        readDeadline = instant(fromNow);
    }

    /** Sets how long any single write may take; {@link #DEFAULT_WRITE_DEADLINE} at first. */
    public void writeDeadline(Duration perWrite) {
        writeDeadline = perWrite;
    }

    /**
     * Says that a message is being received from now on ({@code true}) or no longer. A server that stops lets a transfer go on for
     * part of its time, while all other waiting for input ends at once.
     */
    public void inTransfer(boolean now) {
        inTransfer = now;
        if (!now && stopRequested) {
            interruptInput(EndOfInput.SERVER_STOPPING);
        }
    }

    /**
     * Makes this the server's side of TLS: the handshake, then everything through it. The caller must not hold input received before:
     * whatever it buffered in plain has to be thrown away (RFC 3207 §4.2). Runs under the current {@link #deadline}.
     *
     * @throws IOException if the handshake fails or takes too long; the connection is of no use then and must be closed
     */
    public void startTls(ServerTls serverTls) throws IOException {
        if (tlsSocket != null) {
            throw new IllegalStateException("TLS is active already");
        }
        SSLSocket socket = serverTls.layerOver(new SocketBelowTls(raw, () -> endOfInput.get() != EndOfInput.NONE));
        tlsSocket = socket;
        boolean success = false;
        beginRead();
        try {
            socket.startHandshake();
            success = endOfInput.get() == EndOfInput.NONE;
        } finally {
            endRead();
            serverTls.count(success);
        }
        if (!success) {
            throw new SocketException("ended during the TLS handshake: " + endOfInput.get());
        }
        SSLSession session = socket.getSession();
        plainIn = socket.getInputStream();
        plainOut = socket.getOutputStream();
        tls = Optional.of(new TlsSession(session.getProtocol(), session.getCipherSuite()));
    }

    /**
     * Ends the input for the session, at once if it waits for some, else at its next read. It may still write: a goodbye has
     * {@link Reaper#GRACE}. Any thread.
     *
     * @param reason not {@code NONE}
     */
    public void interruptInput(EndOfInput reason) {
        if (!endOfInput.compareAndSet(EndOfInput.NONE, reason)) {
            return;
        }
        graceEnd = instant(Reaper.GRACE);
        if (reading.getAndUpdate(waiting -> waiting == IDLE ? IDLE : ENDED) != IDLE) {
            shutdownRawInput();
        }
    }

    /** Asks for the end of input because the server stops; a transfer may go on ({@link #inTransfer}). Any thread. */
    void requestStop() {
        stopRequested = true;
        if (!inTransfer) {
            interruptInput(EndOfInput.SERVER_STOPPING);
        }
    }

    /** Closes the raw socket at once, whatever any thread does with it; such calls throw {@link IOException}. Any thread. */
    public void abort() {
        try {
            raw.close();
        } catch (IOException e) {
            // The descriptor is released in any case; nobody could do more about it.
            endOfInput.compareAndSet(EndOfInput.NONE, EndOfInput.PEER_CLOSED);
        }
    }

    /**
     * Says TLS's goodbye where there is TLS and closes. Input that came but was not read is discarded first, since closing over it
     * would reset the connection and the client might lose our last reply. Idempotent.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        writeDeadline = Reaper.GRACE;
        beginWrite();
        try {
            if (tlsSocket != null) {
                tlsSocket.shutdownOutput();
            }
            raw.shutdownOutput();
            discardReceived();
        } catch (IOException e) {
            // The peer is gone already, which is what we want.
            endOfInput.compareAndSet(EndOfInput.NONE, EndOfInput.PEER_CLOSED);
        } finally {
            endWrite();
            reaper.forget(this);
            abort();
        }
    }

    private void discardReceived() throws IOException {
        if (raw.isInputShutdown()) {
            return;
        }
        InputStream received = raw.getInputStream();
        int discarded = 0;
        int available = received.available();
        while (available > 0 && discarded < MAX_DISCARDED_OCTETS) {
            discarded += (int) received.skip(available);
            available = received.available();
        }
    }

    /** The reaper's look at this connection. */
    void endOverdue(long now) {
        long readUntil = reading.get();
        if (readUntil != IDLE && readUntil != ENDED && readUntil - now <= 0 && reading.compareAndSet(readUntil, ENDED)) {
            endOfInput.compareAndSet(EndOfInput.NONE, EndOfInput.TIMED_OUT);
            graceEnd = instant(Reaper.GRACE);
            shutdownRawInput();
        }
        long writeUntil = writing.get();
        if (writeUntil != IDLE && writeUntil != ENDED && writeUntil - now <= 0 && writing.compareAndSet(writeUntil, ENDED)) {
            abort();
        }
        long grace = graceEnd;
        if (grace != IDLE && grace - now <= 0 && (waitsForInput() || waitsForOutput())) {
            abort();
        }
    }

    /** Whether a read or handshake waits for the peer. */
    boolean waitsForInput() {
        return reading.get() != IDLE;
    }

    /** Whether a read waits, and there is nothing for it. */
    boolean waitsInVain() {
        try {
            return waitsForInput() && raw.getInputStream().available() == 0;
        } catch (IOException e) {
            return true; // Closed or broken: nothing will come.
        }
    }

    /** Whether a write waits for the peer. */
    boolean waitsForOutput() {
        return writing.get() != IDLE;
    }

    private void shutdownRawInput() {
        try {
            raw.shutdownInput();
        } catch (IOException e) {
            // Closed or broken already: the waiting read ends by that.
            endOfInput.compareAndSet(EndOfInput.NONE, EndOfInput.PEER_CLOSED);
        }
    }

    private long instant(Duration fromNow) {
        long at = reaper.time().nanos() + fromNow.toNanos();
        return at <= ENDED ? ENDED + 1 : at;
    }

    private void beginRead() {
        reading.set(readDeadline);
        // The reaper's last look and an interrupt either saw the flag (and shut the input down) or are seen here.
        if (readDeadline - reaper.time().nanos() <= 0) {
            interruptInput(EndOfInput.TIMED_OUT);
        }
        if (endOfInput.get() != EndOfInput.NONE) {
            shutdownRawInput();
        }
    }

    /** Ends a read; whether it was ended from outside. */
    private boolean endRead() {
        return reading.getAndSet(IDLE) == ENDED;
    }

    private void beginWrite() {
        writing.set(instant(writeDeadline));
    }

    private void endWrite() {
        writing.set(IDLE);
    }

    /** Reads under the deadline. */
    private final class GuardedInput extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) == -1 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (endOfInput.get() == EndOfInput.NONE && readDeadline - reaper.time().nanos() <= 0) {
                // Without this a client whose octets are always there already would never be late.
                interruptInput(EndOfInput.TIMED_OUT);
            }
            if (endOfInput.get() != EndOfInput.NONE) {
                return -1;
            }
            int count = -1;
            boolean ended;
            IOException failure = null;
            beginRead();
            try {
                count = plainIn.read(buffer, offset, length);
            } catch (IOException e) {
                failure = e;
            } finally {
                ended = endRead();
            }
            if (ended || endOfInput.get() != EndOfInput.NONE) {
                endOfInput.compareAndSet(EndOfInput.NONE, EndOfInput.TIMED_OUT);
                return -1;
            }
            if (failure != null) {
                endOfInput.set(EndOfInput.PEER_CLOSED);
                throw failure;
            }
            if (count == -1) {
                endOfInput.set(EndOfInput.PEER_CLOSED);
            }
            return count;
        }

        @Override
        public int available() throws IOException {
            return endOfInput.get() == EndOfInput.NONE ? plainIn.available() : 0;
        }

        @Override
        public void close() {
            Connection.this.close();
        }
    }

    /** Writes under the write deadline. */
    private final class GuardedOutput extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            beginWrite();
            try {
                plainOut.write(buffer, offset, length);
            } finally {
                endWrite();
            }
        }

        @Override
        public void close() {
            Connection.this.close();
        }
    }
}
