package io.mailserver.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LineWriterTest {
    @Test
    void linesOfEachThreadStayInOrderAndNoneIsLostOnClose() throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LineWriter writer = new LineWriter(out, 16 * 1024 * 1024, n -> "dropped\n")) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int number = t;
                threads.add(Thread.startVirtualThread(() -> {
                    for (int i = 0; i < 2000; i++) {
                        writer.add(number + " " + i + "\n");
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(16_000);
        for (int t = 0; t < 8; t++) {
            String prefix = t + " ";
            List<Integer> numbers = lines.stream().filter(l -> l.startsWith(prefix)).map(l -> Integer.valueOf(l.substring(2))).toList();
            assertThat(numbers).isSorted().hasSize(2000);
        }
    }

    @Test
    void aStalledReaderStallsNobodyAndDroppedLinesAreCounted() {
        StalledStream out = new StalledStream();
        try (LineWriter writer = new LineWriter(out, 1000, n -> "dropped " + n + "\n")) {
            writer.add("first\n");
            out.awaitWrite();
            for (int i = 0; i < 1000; i++) {
                writer.add("0123456789 0123456\n");
            }
            out.release();
        }
        List<String> lines = out.text().lines().toList();
        assertThat(lines).hasSize(1 + 52 + 1).startsWith("first").endsWith("dropped " + (1000 - 52));
    }

    @Test
    void aLineIsWrittenWhileNobodyClosesTheLog() {
        StalledStream out = new StalledStream();
        out.release();
        try (LineWriter writer = new LineWriter(out, 1000, n -> "")) {
            writer.add("now\n");
            out.awaitWrite();
        }
        assertThat(out.text()).isEqualTo("now\n");
    }

    @Test
    void aBrokenStreamEndsTheWriterQuietly() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        };
        LineWriter writer = new LineWriter(broken, 1000, n -> "");
        writer.add("a\n");
        writer.close();
        writer.add("b\n");
        writer.close();
    }

    /** A stream that waits in its first write until released. */
    private static final class StalledStream extends OutputStream {
        private final CountDownLatch writing = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            written.write(b);
        }

        @Override
        public void write(byte[] octets, int from, int length) throws IOException {
            writing.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            written.write(octets, from, length);
        }

        void awaitWrite() {
            try {
                writing.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        void release() {
            released.countDown();
        }

        String text() {
            return written.toString(StandardCharsets.UTF_8);
        }
    }
}
