package io.mailserver.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.SystemTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * kill -9 in the middle of two IMAP sessions, delivery, and a program that works in the Maildir as mutt does, all on one INBOX. After each
 * start again: what was accepted and not removed is there once, what was removed is gone, no UID that anybody was told is another
 * message's now, and UIDVALIDITY is what it was.
 *
 * <p>One kill after a second of work, or with {@code -Dkill.seconds=60} three in as many seconds; on a machine that is slow, not before
 * some messages were accepted.
 */
@Tag("kill")
@Isolated("it takes the whole machine")
class ImapKillTest {
    private static final int SHORT_SECONDS = 1;
    private static final int SECONDS = Integer.getInteger("kill.seconds", SHORT_SECONDS);
    /** Each is a start of a server and a login, which take longer than the work of the short form. */
    private static final int KILLS = SECONDS > SHORT_SECONDS ? 3 : 1;

    private static final String USER = "user1@" + SmtpLoad.DOMAIN;
    private static final Pattern APPENDED = Pattern.compile("\\[APPENDUID (\\d+) (\\d+)]");
    private static final Pattern FETCHED = Pattern.compile("\\* \\d+ FETCH \\(UID (\\d+) BODY\\[.*");
    private static final Pattern UID_NEXT = Pattern.compile("\\[UIDNEXT (\\d+)]");
    private static final Pattern UID_VALIDITY = Pattern.compile("\\[UIDVALIDITY (\\d+)]");
    private static final int ENOUGH_ACCEPTED = 50;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    @TempDir
    private Path folder;

    /** What clients know; the server's process does not live as long. */
    private final Map<Long, String> told = new ConcurrentHashMap<>();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Set<String> removing = ConcurrentHashMap.newKeySet();
    private final Set<String> removed = ConcurrentHashMap.newKeySet();
    private final Set<String> uidValidities = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void nothingIsLostAndNoNumberGivenTwice() throws Exception {
        long roundNanos = TimeUnit.SECONDS.toNanos(SECONDS) / KILLS;
        Path data = folder.resolve("data");
        try (SystemTime time = new SystemTime()) {
            ThisServer server = ThisServer.startNew(KillTest.command(), data, 1);
            for (int round = 1; round <= KILLS; round++) {
                int before = accepted.size();
                killAtWork(server, ThisServer.maildirs(data, 1).getFirst(), round, time.nanos() + roundNanos, time);
                assertThat(accepted.size() - before).as("accepted in round %d", round).isPositive();
                server = ThisServer.start(KillTest.command(), data, 0, 1);
                compare(server);
            }
            server.close();
        }
        System.out.printf(
                "%d kills, %d messages accepted, %d removed, %d numbers told%n", KILLS, accepted.size(), removed.size(), told.size());
    }

    private void killAtWork(ThisServer server, Path maildir, int round, long end, SystemTime time) throws Exception {
        over = false;
        // Platform threads: they wait for a process, and in pipes and sockets of their own.
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Callable<Void>> actors = List.of(
                    () -> session(server, "one-" + round),
                    () -> session(server, "two-" + round),
                    () -> deliver(server, "mail-" + round),
                    () -> mutt(maildir));
            List<Future<Void>> running = new ArrayList<>();
            for (Callable<Void> actor : actors) {
                running.add(threads.submit(actor));
            }
            int before = accepted.size();
            while (time.nanos() < end || (accepted.size() - before < ENOUGH_ACCEPTED && time.nanos() < end + LONGEST_NANOS)) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            server.kill();
            over = true;
            for (Future<Void> actor : running) {
                actor.get();
            }
        }
    }

    /** Appends, looks, removes some of its own, until the server is gone. */
    private Void session(ThisServer server, String name) throws IOException {
        try (Wire wire = Wire.loggedIn(server)) {
            selected(wire);
            List<Long> own = new ArrayList<>();
            for (int i = 0; !over; i++) {
                String subject = name + "-" + i;
                String message = "Subject: " + subject + "\r\n\r\ntext\r\n";
                Matcher appended = APPENDED.matcher(wire.say("APPEND INBOX {" + message.length() + "+}\r\n" + message).getLast());
                if (appended.find()) {
                    accepted.add(subject);
                    told.put(Long.parseLong(appended.group(2)), subject);
                    own.add(Long.parseLong(appended.group(2)));
                }
                if (i % 3 == 2) {
                    remove(wire, own.remove(own.size() / 2));
                }
                if (i % 10 == 9) {
                    subjects(wire);
                }
            }
            return null;
        } catch (IOException e) {
            return null; // killed, as intended; without that too few messages would be accepted
        }
    }

    private void remove(Wire wire, long uid) throws IOException {
        String subject = told.getOrDefault(uid, "");
        removing.add(subject);
        wire.say("UID STORE " + uid + " +FLAGS.SILENT (\\Deleted)");
        if (wire.say("UID EXPUNGE " + uid).getLast().contains(" OK ")) {
            removed.add(subject);
        }
    }

    private Void deliver(ThisServer server, String name) throws IOException {
        for (int i = 0; !over; i++) {
            String subject = name + "-" + i;
            try (Wire smtp = new Wire(server.smtp().getPort())) {
                smtp.send("EHLO c.example\r\nMAIL FROM:<a@sender.example>\r\nRCPT TO:<" + USER + ">\r\nDATA\r\nSubject: " + subject
                        + "\r\n\r\ntext\r\n.\r\nQUIT\r\n");
                for (String line = smtp.readLine(); !line.startsWith("221"); line = smtp.readLine()) {
                    if (line.startsWith("250 2.0.0")) {
                        accepted.add(subject);
                    }
                }
            } catch (IOException e) {
                return null; // killed
            }
        }
        return null;
    }

    /** Moves new messages to cur, as seen. */
    private Void mutt(Path maildir) throws IOException {
        while (!over) {
            try (Stream<Path> fresh = Files.list(maildir.resolve("new"))) {
                for (Path file : fresh.toList()) {
                    Files.move(file, maildir.resolve("cur").resolve(file.getFileName() + ":2,S"));
                }
            } catch (NoSuchFileException e) {
                Thread.onSpinWait(); // The server or an expunge was quicker, as happens to mutt.
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return null;
    }

    private void compare(ThisServer server) throws IOException {
        try (Wire wire = Wire.loggedIn(server)) {
            long uidNext = selected(wire);
            Map<Long, String> before = Map.copyOf(told);
            Map<Long, String> now = subjects(wire);
            List<String> there = now.values().stream().sorted().toList();
            assertThat(there).doesNotHaveDuplicates();
            List<String> wanted = accepted.stream().filter(subject -> !removing.contains(subject)).toList();
            assertThat(there).containsAll(wanted);
            assertThat(there).doesNotContainAnyElementsOf(removed.isEmpty() ? List.of("none") : removed);
            before.forEach((uid, subject) -> {
                assertThat(now.getOrDefault(uid, subject)).as("UID " + uid).isEqualTo(subject);
                assertThat(uidNext).isGreaterThan(uid);
            });
            assertThat(uidValidities).hasSize(1);
        }
    }

    /** The next UID. */
    private long selected(Wire wire) throws IOException {
        String answer = String.join("\n", wire.say("SELECT INBOX"));
        Matcher validity = UID_VALIDITY.matcher(answer);
        Matcher next = UID_NEXT.matcher(answer);
        assertThat(validity.find() && next.find()).as(answer).isTrue();
        uidValidities.add(validity.group(1));
        return Long.parseLong(next.group(1));
    }

    /** Of all messages, by UID; every client is told the same. */
    private Map<Long, String> subjects(Wire wire) throws IOException {
        Map<Long, String> subjects = new HashMap<>();
        long uid = 0;
        for (String line : wire.say("UID FETCH 1:* (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])")) {
            Matcher fetched = FETCHED.matcher(line);
            if (fetched.matches()) {
                uid = Long.parseLong(fetched.group(1));
            } else if (line.startsWith("Subject: ")) {
                String subject = line.substring("Subject: ".length());
                subjects.put(uid, subject);
                String earlier = told.putIfAbsent(uid, subject);
                assertThat(earlier == null ? subject : earlier).as("UID " + uid).isEqualTo(subject);
            }
        }
        return subjects;
    }

    /** Lines over a socket. */
    private static final class Wire implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Wire(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(60_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        static Wire loggedIn(ThisServer server) throws IOException {
            Wire wire = new Wire(server.imapPort());
            wire.readLine();
            wire.say("LOGIN " + USER + " \"" + ImapServer.PASSWORD + "\"");
            return wire;
        }

        void send(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        String readLine() throws IOException {
            String line = in.readLine();
            if (line == null) {
                throw new IOException("the server is gone");
            }
            return line;
        }

        /** All lines of the answer. */
        List<String> say(String command) throws IOException {
            send("t " + command + "\r\n");
            List<String> lines = new ArrayList<>();
            do {
                lines.add(readLine());
            } while (!lines.getLast().startsWith("t "));
            if (lines.getLast().startsWith("t BAD")) {
                throw new AssertionError(command + ": " + lines.getLast());
            }
            return lines;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
