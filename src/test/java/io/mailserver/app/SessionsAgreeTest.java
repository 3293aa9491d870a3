package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two IMAP sessions, delivery, and another program in the Maildir on one mailbox at the same time: each client builds what it believes from
 * nothing but what it is told, and in the end all agree. {@code -Dagree.seconds=60} takes a minute, as the issue asks.
 */
class SessionsAgreeTest {
    private static final int SECONDS = Integer.getInteger("agree.seconds", 3);

    private static final Map<String, String> SETTINGS =
            Map.of("imap.plaintext-login-from", "127.0.0.0/8", "limits.new-per-minute", "100000");

    @TempDir
    private Path folder;

    @Test
    void clientsBelieveWhatIsTrue() throws Exception {
        try (SystemTime time = new SystemTime();
                RunningServer server = RunningServer.start(folder.resolve("data"), SETTINGS);
                ImapConversation one = ImapConversation.loggedIn(server);
                ImapConversation other = ImapConversation.loggedIn(server)) {
            for (int i = 0; i < 10; i++) {
                ImapConversation.deliver(server, "first " + i);
            }
            BelievingClient first = new BelievingClient(one);
            BelievingClient second = new BelievingClient(other);
            long end = time.nanos() + Duration.ofSeconds(SECONDS).toNanos();
            BooleanSupplier over = () -> time.nanos() - end > 0;
            List<Callable<Void>> actors = List.of(
                    () -> talk(first, new Random(1), over),
                    () -> talk(second, new Random(2), over),
                    () -> deliver(server, over),
                    () -> mutt(server.maildir("postmaster"), new Random(3), over));
            // Mutt's part reads folders without a pause: on a virtual thread it would keep a carrier from the server.
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                for (Future<Void> actor : threads.invokeAll(actors)) {
                    actor.get();
                }
            }
            // What the other program did last is noticed within a second.
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                first.command("NOOP");
                second.command("NOOP");
                try (ImapConversation fresh = ImapConversation.loggedIn(server)) {
                    BelievingClient truth = new BelievingClient(fresh);
                    truth.command("UID FETCH 1:* FLAGS");
                    assertThat(first.complete()).isEqualTo(truth.complete());
                    assertThat(second.complete()).isEqualTo(truth.complete());
                }
            });
            assertThat(server.output()).doesNotContain("imap.bug").doesNotContain("connection.failed");
        }
    }

    private static Void talk(BelievingClient client, Random random, BooleanSupplier over) throws IOException {
        while (!over.getAsBoolean()) {
            int size = client.size();
            int number = size == 0 ? 1 : 1 + random.nextInt(size);
            client.command(
                    switch (random.nextInt(size == 0 ? 3 : 13)) {
                        case 0 -> "NOOP";
                        case 1 -> "APPEND INBOX (\\Seen) {18+}\r\nSubject: mine\r\n\r\nx";
                        case 2 -> "UID FETCH 1:* (FLAGS)";
                        case 3 -> "STORE " + number + " +FLAGS (\\Flagged)";
                        case 4 -> "STORE " + number + " -FLAGS (\\Flagged \\Seen)";
                        case 5 -> "FETCH " + number + " BODY[TEXT]";
                        case 6 -> size > 5 ? "STORE " + number + " +FLAGS (\\Deleted)" : "NOOP";
                        case 7 -> "EXPUNGE";
                        case 8 -> size > 5 ? "MOVE " + number + " Trash" : "NOOP";
                        case 9 -> "IDLE\r\nDONE";
                        case 10 -> size < 60 ? "COPY " + number + " INBOX" : "NOOP";
                        case 11 -> size > 10 ? "UID MOVE 1:* Trash" : "NOOP";
                        default -> "FETCH 1:" + number + " (UID FLAGS)";
                    });
        }
        return null;
    }

    private static Void deliver(RunningServer server, BooleanSupplier over) throws IOException {
        for (int i = 0; !over.getAsBoolean(); i++) {
            ImapConversation.deliver(server, "delivered " + i);
        }
        return null;
    }

    /** Does to files what mutt does: moves new ones to cur, sets flags, removes some. */
    private static Void mutt(Path maildir, Random random, BooleanSupplier over) throws IOException {
        while (!over.getAsBoolean()) {
            List<Path> files = new ArrayList<>();
            for (String sub : List.of("new", "cur")) {
                try (Stream<Path> all = Files.list(maildir.resolve(sub))) {
                    files.addAll(all.toList());
                }
            }
            if (files.isEmpty()) {
                continue;
            }
            Path file = files.get(random.nextInt(files.size()));
            String name = String.valueOf(file.getFileName());
            String base = name.contains(":2,") ? name.substring(0, name.indexOf(":2,")) : name;
            try {
                switch (random.nextInt(4)) {
                    case 0 -> Files.move(file, maildir.resolve("cur").resolve(base + ":2,S"));
                    case 1 -> Files.move(file, maildir.resolve("cur").resolve(base + ":2,FRS"));
                    case 2 -> {
                        if (files.size() > 20) {
                            Files.delete(file);
                        }
                    }
                    default -> {} // It only looks.
                }
            } catch (NoSuchFileException e) {
                Thread.onSpinWait(); // The server or an expunge was quicker, as happens to mutt.
            }
        }
        return null;
    }
}
