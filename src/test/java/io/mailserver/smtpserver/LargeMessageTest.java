package io.mailserver.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.PlatformPool;
import io.mailserver.config.SmtpConfig;
import io.mailserver.log.Trace;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.Listener;
import io.mailserver.net.ListenerSpec;
import io.mailserver.net.Reaper;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client.Service;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Reply;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeMessageTest {
    private static final int MEGABYTES = 64;
    private static final int MEMORY_OCTETS = 2 << 20;

    @TempDir
    private Path folder;

    @Test
    void largeMessagePassesThroughBoundedMemory() throws Exception {
        ManualTime time = new ManualTime(Instant.EPOCH);
        RecordingLog log = new RecordingLog();
        try (PlatformPool pool = new PlatformPool("test", 2, 100)) {
            ContentSpool spool = new ContentSpool(folder, pool, 1 << 20, MEMORY_OCTETS);
            Sizes sizes = new Sizes(spool);
            SmtpServices services = new SmtpServices(
                    sizes, sizes, Optional.empty(), spool, SessionWatch.NONE, new Trace(folder, time, log), new SessionIds(Instant.EPOCH),
                    time, log);
            SmtpSettings settings =
                    SmtpSettings.of(Service.INBOUND, "mx.example.com").with(SmtpConfig.of(Map.of("max-message-size", "1GiB")));
            ConnectionLimits limits = new ConnectionLimits(ConnectionLimits.Limits.only(10), time);
            try (Listener listener = Listener.bind(ListenerSpec.onLoopback("test", 0), new Reaper(time), limits, log)) {
                listener.start(new SmtpServer(() -> settings, services));
                send(listener.port());
            }
            assertThat(sizes.delivered).hasValue(MEGABYTES * (1L << 20));
            assertThat(sizes.memory.get()).isLessThanOrEqualTo(MEMORY_OCTETS);
        }
    }

    private static void send(int port) throws Exception {
        byte[] line = ("x".repeat(1022) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            OutputStream out = socket.getOutputStream();
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            out.write("HELO c\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < megabyte.length; i += line.length) {
                System.arraycopy(line, 0, megabyte, i, line.length);
            }
            for (int i = 0; i < MEGABYTES; i++) {
                out.write(megabyte);
            }
            out.write(".\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(in.lines().toList()).anyMatch(reply -> reply.startsWith("250 2.0.0 Message accepted"));
        }
    }

    /** Takes everything and notes its size, and what memory the spool used then. */
    private static final class Sizes implements RecipientPolicy, MessageDelivery {
        private final ContentSpool spool;
        private final AtomicLong delivered = new AtomicLong();
        private final AtomicLong memory = new AtomicLong();

        Sizes(ContentSpool spool) {
            this.spool = spool;
        }

        @Override
        public Optional<Reply> refuseRecipient(Envelope envelope, Address recipient) {
            return Optional.empty();
        }

        @Override
        public Reply deliver(Envelope envelope, Content content) {
            delivered.set(content.size());
            memory.set(spool.memoryInUse());
            return Reply.of(250, "2.0.0", "Message accepted");
        }
    }
}
