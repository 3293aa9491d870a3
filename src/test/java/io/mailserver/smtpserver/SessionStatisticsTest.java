package io.mailserver.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.metrics.Metrics;
import io.mailserver.simulation.SmtpWorld;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionStatisticsTest {
    @TempDir
    private Path folder;

    @Test
    void sessionsCommandsAndMessagesAreCounted() throws Exception {
        try (SmtpWorld world = new SmtpWorld(folder)) {
            try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), world.port("smtp"))) {
                socket.getOutputStream()
                        .write(("EHLO c\r\nFOO\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@other.example>\r\nRCPT TO:<x@example.com>\r\n"
                                        + "DATA\r\na\nb\r\n.\r\nQUIT\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).contains("221 ");
            }
            world.log().await("smtp.disconnected");
            assertThat(world.statistics().open()).isZero();
            assertThat(world.statistics().rejectedMessages()).isEqualTo(1);
            assertThat(world.statistics().refusedCommands()).as("FOO, RCPT and DATA").isEqualTo(3);
            Metrics metrics = new Metrics();
            world.statistics().measure(metrics);
            assertThat(metrics.text()).contains("mailserver_smtp_sessions_started_total 1.0", "mailserver_smtp_sessions 0.0");
        }
    }
}
