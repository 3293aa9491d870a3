package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long one waits, on a slow machine behind a slow line, with a full mailbox. {@code ./dev web-test} prints the figures, which are
 * written to {@code target/webmail-speed.txt}; {@code -Dwebmail.messages=N} says how many messages there are.
 */
@Tag("peer")
@Timeout(600)
class WebmailSpeed {
    private static final int MESSAGES = Integer.getInteger("webmail.messages", 100_000);
    private static final Path FIGURES = Path.of("target/webmail-speed.txt");

    @TempDir
    private Path folder;

    @Test
    void firstListAndScrolling() throws Exception {
        List<String> figures = new ArrayList<>();
        try (WebmailServer server = new WebmailServer(folder)) {
            long begin = System.nanoTime();
            fill(server);
            figures.add(MESSAGES + " messages put into the Maildir in " + seconds(begin) + " s");
            begin = System.nanoTime();
            Chromium.Page page = server.signedIn();
            page.patience(240);
            page.waitForText(".list .bar", "conversation");
            page.waitForText(".row .subject", "Number ");
            figures.add("read by the server for the first time, and listed, in " + seconds(begin) + " s");
            page.patience(60);
            scrolling(page, figures);
            firstList(server, page, figures);
        } finally {
            // Also when a figure was too high: which one is to be seen.
            Files.write(FIGURES, figures);
        }
    }

    /** As another program would put them there, old enough that nobody waits for them to be finished. */
    private static void fill(WebmailServer server) throws Exception {
        Path cur = Files.createDirectories(server.maildir().resolve("cur"));
        for (int i = 0; i < MESSAGES; i++) {
            String message = "From: Person " + i % 900 + " <p" + i % 900 + "@remote.example>\r\nTo: <" + MailServer.USER + ">\r\n"
                    + "Subject: Number " + i + "\r\nMessage-ID: <" + i + "@remote.example>\r\n"
                    + "Date: Sun, 22 Nov 2026 12:00:00 +0000\r\n\r\nThis is the text of message " + i + ".\r\n";
            Files.write(cur.resolve(1_700_000_000 + i + ".M1P1Q" + i + ".remote.example:2,S"),
                    message.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Nothing cached; a processor of a quarter, 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back. */
    private static void firstList(WebmailServer server, Chromium.Page page, List<String> figures) throws Exception {
        List<Double> taken = new ArrayList<>();
        page.slow(true);
        for (int i = 0; i < 3; i++) {
            page.begin("about:blank");
            page.waitFor("location.href === 'about:blank'");
            page.begin(server.base() + "/mail/inbox");
            taken.add(page.measure("document.querySelector('.row:not(.skeleton)') && performance.now()"));
        }
        page.slow(false);
        double best = taken.stream().min(Double::compare).orElseThrow();
        figures.add("first list painted after " + Math.round(best) + " ms (of " + taken.stream().map(Math::round).toList()
                + "), 4 times slower processor, 1.6 Mbit/s, 150 ms");
        assertThat(best).as("milliseconds").isLessThan(2500);
    }

    private static void scrolling(Chromium.Page page, List<String> figures) throws Exception {
        List<Long> taken = new ArrayList<>();
        for (double part : new double[] {0.5, 0.25, 0.9, 0.999}) {
            taken.add(Math.round(page.measure("""
                    (async () => {
                      const rows = document.querySelector('.rows');
                      const begin = performance.now();
                      rows.scrollTop = %s * rows.scrollHeight;
                      await new Promise(done => requestAnimationFrame(done));
                      const there = () => {
                        const box = rows.getBoundingClientRect();
                        const row = document.elementFromPoint(box.left + 120, box.top + 200)?.closest('.row');
                        return row && !row.classList.contains('skeleton') && Math.abs(rows.scrollTop - %s * rows.scrollHeight) < 1000; };
                      while (!there()) await new Promise(done => setTimeout(done, 10));
                      return performance.now() - begin;
                    })()""".formatted(part, part))));
        }
        figures.add("rows are there " + taken + " ms after a jump to the middle, a quarter, nine tenths, and the end");
        assertThat(page.value("document.querySelectorAll('.row').length").asInt()).as("only what is seen is drawn").isLessThan(100);
        assertThat(page.value("document.querySelector('.rows ul').getBoundingClientRect().height").asDouble())
                .isGreaterThan(50.0 * MESSAGES);
        page.waitForText(".row .subject", "Number ");
    }

    private static String seconds(long begin) {
        return String.valueOf(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) / 1000.0);
    }
}
