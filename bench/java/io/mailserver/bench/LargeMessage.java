package io.mailserver.bench;

import io.mailserver.base.Time;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** One message far larger than the server's heap. */
final class LargeMessage {
    private static final int BLOCK = 64 << 10;
    private static final double MIB = 1 << 20;

    private LargeMessage() {}

    /**
     * Sends {@code octets} (a multiple of 64 KiB) to {@code user1} and prints how it went.
     *
     * @return whether it was accepted and lies in the Maildir with every octet
     */
    static boolean send(MeasuredServer server, long octets, Time time, PrintStream out) throws IOException {
        byte[] line = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] block = new byte[BLOCK];
        for (int at = 0; at < BLOCK; at += line.length) {
            System.arraycopy(line, 0, block, at, line.length);
        }
        byte[] first = block.clone();
        byte[] head = "Subject: large\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(first, 0, line.length - 2, (byte) 'x');
        System.arraycopy(head, 0, first, 0, head.length);
        long start = time.nanos();
        int code;
        try (SmtpWire wire = new SmtpWire(server.smtp())) {
            wire.hello(false);
            wire.send("MAIL FROM:<sender@bench.example>\r\nRCPT TO:<user1@" + SmtpLoad.DOMAIN + ">\r\nDATA\r\n");
            wire.expect(250);
            wire.expect(250);
            wire.expect(354);
            wire.send(first);
            for (long sent = BLOCK; sent < octets; sent += BLOCK) {
                wire.send(block);
            }
            wire.send(".\r\n");
            code = wire.reply();
        }
        double seconds = (time.nanos() - start) / 1e9;
        long stored = stored(server.maildirs());
        boolean good = code == 250 && stored >= octets;
        out.printf("a message of %.0f MiB: reply %d after %.1f s (%.0f MiB/s), %.0f MiB in the Maildir, server PSS now %.0f MiB: %s%n",
                octets / MIB, code, seconds, octets / MIB / seconds, stored / MIB, server.processes().pssOctets() / MIB,
                good ? "PASS" : "MISS");
        return good;
    }

    private static long stored(List<Path> maildirs) throws IOException {
        try (Stream<Path> files = Files.list(maildirs.getFirst().resolve("new"))) {
            long octets = 0;
            for (Path file : files.toList()) {
                octets += Files.size(file);
            }
            return octets;
        }
    }
}
