package io.mailserver.net;

import io.mailserver.base.Time;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where another program listens: {@code host:port}, or the path of a Unix socket.
 *
 * @param text as configured
 */
public record Endpoint(String text) {
    private static final int MAX_PORT = 65_535;

    public Endpoint {
        if (!valid(text)) {
            throw new IllegalArgumentException("not host:port and not an absolute path");
        }
    }

    /** Reads one; empty if it is none. */
    public static Optional<Endpoint> parse(String text) {
        return valid(text) ? Optional.of(new Endpoint(text)) : Optional.empty();
    }

    private static boolean valid(String text) {
        if (text.startsWith("/")) {
            try {
                return text.equals(Path.of(text).normalize().toString());
            } catch (InvalidPathException e) {
                return false;
            }
        }
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("\\d{1,5}") || text.substring(0, colon).chars().anyMatch(c -> c <= ' ')) {
            return false;
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        return port > 0 && port <= MAX_PORT;
    }

    /** What is done over a connection. */
    @FunctionalInterface
    public interface Talk<T> {
        T over(SocketChannel channel) throws IOException;
    }

    /**
     * Connects, talks, closes; a talk that takes too long is cut by closing under it.
     *
     * @throws IOException nobody there, or late
     */
    public <T> T talk(Time time, Duration within, Talk<T> talk) throws IOException {
        AtomicBoolean late = new AtomicBoolean();
        try (SocketChannel channel = open()) {
            Time.Scheduled cut = time.schedule(within, () -> {
                late.set(true);
                cut(channel);
            });
            try {
                channel.connect(address());
                return talk.over(channel);
            } finally {
                cut.cancel();
            }
        } catch (IOException e) {
            throw late.get() ? new IOException("no answer from " + text + " within " + within.toMillis() + " ms", e)
                    : new IOException(text + ": " + e.getMessage(), e);
        }
    }

    private static void cut(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }

    private SocketChannel open() throws IOException {
        return text.startsWith("/") ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    }

    private SocketAddress address() {
        if (text.startsWith("/")) {
            return UnixDomainSocketAddress.of(text);
        }
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return text;
    }
}
