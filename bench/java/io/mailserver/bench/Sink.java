package io.mailserver.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that takes numbered messages, counts each, and keeps nothing. Messages of some numbers it puts off after DATA, always; as a tar
 * pit it takes connections and says nothing. Safe for use by any thread.
 */
final class Sink implements AutoCloseable {
    private static final int BACKLOG = 1000;
    private static final Pattern NUMBER = Pattern.compile("^Message-ID: <(\\d+)\\.", Pattern.CASE_INSENSITIVE);

    private final ServerSocket listening;
    private final IntPredicate putOff;
    private final boolean tarPit;
    private final AtomicIntegerArray copies;
    private final AtomicInteger distinct = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile long lastNanos;

    private Sink(InetAddress address, int port, int messages, IntPredicate putOff, boolean tarPit) throws IOException {
        this.listening = new ServerSocket(port, BACKLOG, address);
        this.putOff = putOff;
        this.tarPit = tarPit;
        this.copies = new AtomicIntegerArray(messages);
        Thread.ofVirtual().name("sink").start(this::accept);
    }

    /**
     * Listens on loopback.
     *
     * @param messages numbers are below
     * @param putOff numbers that get 451
     */
    static Sink start(int messages, IntPredicate putOff) throws IOException {
        return start(0, messages, putOff);
    }

    /** Listens on loopback at {@code port}; 0 for any. */
    static Sink start(int port, int messages, IntPredicate putOff) throws IOException {
        return new Sink(InetAddress.getLoopbackAddress(), port, messages, putOff, false);
    }

    /** One that never greets, at another address and the same port. */
    static Sink tarPit(String address, int port) throws IOException {
        return new Sink(InetAddress.ofLiteral(address), port, 1, number -> false, true);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    /** How many different messages were taken. */
    int distinct() {
        return distinct.get();
    }

    /** How often message {@code number} was taken. */
    int copies(int number) {
        return copies.get(number);
    }

    int refusals() {
        return refusals.get();
    }

    /** Connections now. */
    int connections() {
        return open.size();
    }

    /** Connections at a time, at most. */
    int mostAtOnce() {
        return mostAtOnce.get();
    }

    /** When the last message was taken that was not there yet, by {@link System#nanoTime}. */
    long lastNanos() {
        return lastNanos;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                open.add(socket);
                mostAtOnce.accumulateAndGet(open.size(), Math::max);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            closeAll();
        }
    }

    private void closeAll() {
        for (Socket each : List.copyOf(open)) {
            try {
                each.close();
            } catch (IOException e) {
                open.remove(each);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
            if (tarPit) {
                in.read();
                return;
            }
            OutputStream out = new BufferedOutputStream(socket.getOutputStream());
            say(out, "220 sink.test ESMTP");
            converse(in, out);
        } catch (IOException e) {
            refusals.getAndAdd(0); // the client went away: what it had no answer for it sends again
        } finally {
            open.remove(socket);
        }
    }

    private void converse(InputStream in, OutputStream out) throws IOException {
        while (true) {
            if (in.available() == 0) {
                out.flush();
            }
            String line = line(in);
            String verb = line.length() < 4 ? line : line.substring(0, 4).toUpperCase(Locale.ROOT);
            switch (verb) {
                case "EHLO" -> say(out, "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 100000000");
                case "DATA" -> {
                    say(out, "354 go on");
                    out.flush();
                    say(out, taken(message(in)));
                }
                case "QUIT" -> {
                    say(out, "221 bye");
                    out.flush();
                    return;
                }
                default -> say(out, "250 2.0.0 ok");
            }
        }
    }

    private String taken(int number) {
        if (number < 0 || number >= copies.length()) {
            return "554 5.6.0 no number";
        }
        if (putOff.test(number)) {
            refusals.incrementAndGet();
            return "451 4.2.1 not now";
        }
        if (copies.incrementAndGet(number) == 1) {
            lastNanos = System.nanoTime();
            distinct.incrementAndGet();
        }
        return "250 2.0.0 taken";
    }

    /** The number of a message, -1 where it has none. */
    private static int message(InputStream in) throws IOException {
        int number = -1;
        for (String line = line(in); !line.equals("."); line = line(in)) {
            Matcher found = number < 0 ? NUMBER.matcher(line) : null;
            if (found != null && found.find()) {
                number = Integer.parseInt(found.group(1));
            }
        }
        return number;
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(80);
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("closed");
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        closeAll();
    }
}
