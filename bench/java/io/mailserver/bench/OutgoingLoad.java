package io.mailserver.bench;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands numbered messages for elsewhere to a server, over several connections that are kept, until so many were accepted. A connection that
 * fails is made again, to wherever the server then is. One load, one use.
 */
final class OutgoingLoad {
    /** Whose messages they are. */
    static final String SENDER = "user1@" + SmtpLoad.DOMAIN;

    private static final long PAUSE_MILLIS = 20;

    private final Supplier<InetSocketAddress> server;
    private final boolean login;
    private final int octets;
    private final Ledger ledger;
    private final IntFunction<String> recipient;
    private final AtomicLong firstAccepted = new AtomicLong();
    private final AtomicReference<@Nullable String> refusal = new AtomicReference<>();
    private volatile boolean stopped;

    /**
     * @param server asked for each connection
     * @param login whether as a user, which both begins with STARTTLS
     * @param recipient of each number
     */
    OutgoingLoad(Supplier<InetSocketAddress> server, boolean login, int octets, Ledger ledger, IntFunction<String> recipient) {
        this.server = server;
        this.login = login;
        this.octets = octets;
        this.ledger = ledger;
        this.recipient = recipient;
    }

    /** Sends until {@code messages} numbers were given out and answered, or {@link #stop} is called. */
    void run(int sessions, int messages) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            threads.add(Thread.ofPlatform().name("outgoing-" + i).start(() -> session(messages)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        String refused = refusal.get();
        if (refused != null) {
            throw new OperatorException("a message was refused: " + refused, "look at the server's log (--keep)");
        }
    }

    void stop() {
        stopped = true;
    }

    /** When the first message was accepted, by {@link System#nanoTime}. */
    long firstAccepted() {
        return firstAccepted.get();
    }

    private boolean isRunning(int messages) {
        return !stopped && refusal.get() == null && ledger.begun() < messages;
    }

    private void session(int messages) {
        NumberedMessage message = new NumberedMessage(ledger.run(), octets, SENDER, text -> "");
        while (isRunning(messages)) {
            try (SmtpWire wire = new SmtpWire(server.get())) {
                wire.hello(login);
                if (login) {
                    wire.login(SENDER, ImapServer.PASSWORD);
                }
                while (isRunning(messages)) {
                    int number = ledger.next();
                    if (number < messages) {
                        send(wire, number, message);
                    }
                }
                wire.send("QUIT\r\n");
                wire.expect(221);
            } catch (IOException e) {
                pause();
            }
        }
    }

    private void send(SmtpWire wire, int number, NumberedMessage message) throws IOException {
        wire.send(("MAIL FROM:<" + SENDER + ">\r\nRCPT TO:<" + recipient.apply(number) + ">\r\nDATA\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        int mail = wire.reply();
        int rcpt = wire.reply();
        int data = wire.reply();
        if (data != 354) {
            refusal.compareAndSet(null, "message " + number + ": " + mail + ", " + rcpt + ", " + data);
            throw new IOException("refused");
        }
        wire.send(message.numbered(number));
        if (wire.reply() == 250) {
            firstAccepted.compareAndSet(0, System.nanoTime());
            ledger.accepted(number);
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }
}
