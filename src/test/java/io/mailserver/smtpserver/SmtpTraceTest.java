package io.mailserver.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.log.Trace;
import io.mailserver.simulation.SmtpWorld;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmtpTraceTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    private Path folder;

    @Test
    void traceShowsTheDialogueWithoutSecretsAndBodies() throws Exception {
        String trace = trace("EHLO c\r\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\nMAIL FROM:<alice@example.com>\r\nRCPT TO:<user@example.com>\r\n"
                + "DATA\r\nSubject: nobody's business\r\n.\r\nQUIT\r\n");
        assertThat(trace)
                .contains("C: EHLO c", "S: 250-PIPELINING", "C: AUTH PLAIN (secret", "S: 235 2.7.0", "C: RCPT TO:<user@example.com>")
                .contains("S: 354 ", "(content, 28 octets)", "S: 250 2.0.0 Message accepted", "C: QUIT")
                .doesNotContain("AGFsaWNl", "business");
    }

    @Test
    void traceHidesTheResponsesOfLogin() throws Exception {
        String trace = trace("EHLO c\r\nAUTH LOGIN\r\nYWxpY2U=\r\nc2VjcmV0\r\nQUIT\r\n");
        assertThat(trace).contains("C: AUTH LOGIN", "S: 334 ", "(secret, 8 octets)").doesNotContain("YWxpY2U=", "c2VjcmV0");
    }

    @Test
    void traceHidesLinesThatMayBePasswordsGoneAstray() throws Exception {
        String trace = trace("EHLO c\r\nAUTH NTLM\r\nc2VjcmV0\r\nAUTH PLAIN a c2VjcmV0\r\nQUIT\r\n");
        assertThat(trace).contains("S: 504 ").doesNotContain("c2VjcmV0");
    }

    private String trace(String text) throws Exception {
        try (SmtpWorld world = new SmtpWorld(folder)) {
            world.act(List.of("set-auth", "require-tls", "false"));
            world.act(List.of("password", "alice", "secret"));
            world.trace().on(new Trace.Subject.Client(LOOPBACK), Duration.ofMinutes(1));
            talk(world.port("submission"), text);
            Path file = Path.of(world.log().await("trace.file").field("path"));
            world.log().await("smtp.disconnected");
            return Files.readString(file);
        }
    }

    private static void talk(int port, String text) throws IOException {
        try (Socket socket = new Socket(LOOPBACK, port)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).contains("221 ");
        }
    }
}
