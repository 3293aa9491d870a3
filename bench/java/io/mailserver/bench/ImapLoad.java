package io.mailserver.bench;

import io.mailserver.base.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;

/** What several clients do at once, and what takes many connections. */
final class ImapLoad {
    private static final int FILL_TOGETHER = 50;

    private final Corpus corpus;
    private final Time time;

    ImapLoad(Corpus corpus, Time time) {
        this.corpus = corpus;
        this.time = time;
    }

    /** What one of several clients does until it is done; returns how often. */
    @FunctionalInterface
    interface Client {
        long run(int number) throws IOException;
    }

    /** Puts messages into a user's INBOX, some by each command (RFC 3502). */
    void fill(ImapServer server, int user, int messages) throws IOException {
        try (ImapWire wire = server.login(user)) {
            for (int sent = 0; sent < messages; sent += FILL_TOGETHER) {
                List<String> flags = new ArrayList<>();
                List<byte[]> texts = new ArrayList<>();
                for (int i = sent; i < Math.min(messages, sent + FILL_TOGETHER); i++) {
                    flags.add(i % 10 == 0 ? "" : " (\\Seen)");
                    texts.add(corpus.message(i));
                }
                wire.sendAppends("INBOX", flags, texts);
                answer(wire);
            }
        }
    }

    /** Runs clients side by side. @return how often they did it, a second */
    double rate(int clients, Client client) throws IOException, InterruptedException {
        long start = time.nanos();
        long done = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                running.add(threads.submit(() -> client.run(number)));
            }
            for (Future<Long> one : running) {
                done += one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        return done / seconds(start);
    }

    double logins(ImapServer server, int clients, Duration duration) throws IOException, InterruptedException {
        return rate(clients, number -> until(duration, () -> {
            try (ImapWire wire = server.login(1 + number)) {
                wire.command("LOGOUT");
            }
        }));
    }

    double tlsLogins(ImapServer server, int clients, boolean resumed, Duration duration) throws IOException, InterruptedException {
        SSLContext shared = ImapWire.trustingTls();
        return rate(clients, number -> until(duration, () -> {
            try (ImapWire wire = ImapWire.connect(server.imaps(), resumed ? shared : ImapWire.trustingTls())) {
                wire.command("LOGIN user" + (1 + number) + "@bench.test " + ImapServer.PASSWORD);
                wire.command("LOGOUT");
            }
        }));
    }

    /** @param user of the mailbox; with {@code ownMailboxes} that of the first client, the others have those after it */
    double appends(ImapServer server, int clients, int each, int user, boolean ownMailboxes) throws IOException, InterruptedException {
        byte[] message = corpus.message(11);
        return rate(clients, number -> {
            try (ImapWire wire = server.login(ownMailboxes ? user + number : user)) {
                for (int i = 0; i < each; i++) {
                    wire.sendAppend("INBOX", "", message);
                    wire.drain();
                }
            }
            return each;
        });
    }

    /** What programs do all day, each client on the mailbox of one of five users. */
    double mixed(ImapServer server, int clients, int messages, Duration duration) throws IOException, InterruptedException {
        return rate(clients, number -> {
            Random random = new Random(number);
            try (ImapWire wire = server.login(2 + number % 5)) {
                wire.command("SELECT INBOX");
                return until(duration, () -> oneOfMixed(wire, random, messages));
            }
        });
    }

    private void oneOfMixed(ImapWire wire, Random random, int messages) throws IOException {
        int n = 1 + random.nextInt(messages);
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> wire.command("FETCH " + n + " (FLAGS BODY.PEEK[])");
            case 5, 6, 7, 8 -> wire.command("FETCH " + n + ":" + Math.min(messages, n + 50) + " (UID FLAGS ENVELOPE BODYSTRUCTURE)");
            case 9, 10, 11 -> wire.command("STORE " + n + (random.nextBoolean() ? " +" : " -") + "FLAGS (\\Flagged)");
            case 12 -> wire.command("SEARCH UNSEEN");
            case 13 -> wire.command("SEARCH SUBJECT " + Corpus.SUBJECT_WORD);
            case 14, 15 -> wire.command("NOOP");
            case 16 -> wire.command("STATUS INBOX (MESSAGES UNSEEN UIDNEXT)");
            case 17 -> wire.command("LIST \"\" *");
            case 18 -> wire.command("SELECT INBOX");
            default -> {
                wire.sendAppend("INBOX", "", corpus.message(n));
                wire.drain();
            }
        }
    }

    /** From the octets of an APPEND leaving to EXISTS at an idle session, in milliseconds: the median. */
    double existsMillis(ImapServer server, int user, int times) throws IOException {
        List<Double> millis = new ArrayList<>();
        try (ImapWire idle = server.login(user); ImapWire other = server.login(user)) {
            idle.command("SELECT INBOX");
            idle.send("IDLE");
            idle.line();
            for (int i = 0; i < times; i++) {
                long start = time.nanos();
                other.sendAppend("INBOX", "", corpus.message(i));
                while (!idle.line().endsWith("EXISTS")) {
                    // RECENT or FETCH.
                }
                millis.add(seconds(start) * 1e3);
                other.drain();
            }
            idle.write("DONE\r\n".getBytes(StandardCharsets.US_ASCII));
            idle.drain();
        }
        return ImapCell.median(millis);
    }

    /** How much the server's processes grow by a session that idles in a mailbox through TLS, in KiB. */
    double idleKibibytes(ImapServer server, int sessions) throws IOException, InterruptedException {
        SSLContext tls = ImapWire.trustingTls();
        List<ImapWire> open = new ArrayList<>();
        long before = server.processes().pssOctets();
        try {
            for (int i = 0; i < sessions; i++) {
                ImapWire wire = ImapWire.connect(server.imaps(), tls);
                wire.command("LOGIN user" + (2 + i % 5) + "@bench.test " + ImapServer.PASSWORD);
                wire.command("SELECT INBOX");
                wire.send("IDLE");
                wire.line();
                wire.slim();
                open.add(wire);
            }
            return (server.processes().pssOctets() - before) / 1024.0 / sessions;
        } finally {
            for (ImapWire wire : open) {
                wire.close();
            }
        }
    }

    double seconds(long startNanos) {
        return (time.nanos() - startNanos) / 1e9;
    }

    private interface Step {
        void run() throws IOException;
    }

    private long until(Duration duration, Step step) throws IOException {
        long end = time.nanos() + duration.toNanos();
        long done = 0;
        while (time.nanos() < end) {
            step.run();
            done++;
        }
        return done;
    }

    private static void answer(ImapWire wire) throws IOException {
        String line = wire.line();
        while (line.startsWith("*")) {
            line = wire.line();
        }
        if (!line.contains(" OK ")) {
            throw new IOException("APPEND answered: " + line);
        }
    }
}
