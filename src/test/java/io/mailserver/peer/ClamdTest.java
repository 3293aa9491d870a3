package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.net.Endpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ClamAV's daemon with a signature of EICAR's test file alone: what is infected is refused, and what becomes of mail while it hangs. */
@Tag("peer")
class ClamdTest {
    /** EICAR's file in two parts, so that no scanner finds it in here. */
    private static final String EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

    private final Program clamd = Program.require("clamd", "clamav-daemon");
    private final Program swaks = Program.require("swaks", "swaks");

    @TempDir
    Path folder;

    @Test
    void infectedMailIsRefusedAndCleanMailPasses() throws Exception {
        try (Daemon daemon = clamd(); ScannedServer server = server("{type: clamd, at: " + socket() + "}", "20s")) {
            assertThat(daemon.said()).contains("Self checking");
            assertThat(server.send("Lunch", "Shall we meet at noon?")).contains("<-  250 2.0.0 ");
            assertThat(server.sendRaw(withAttachment(EICAR))).contains("<-  354 ", "<** 550 5.7.1 ", "Eicar-Test-Signature");
            assertThat(server.inbox()).singleElement().asString().contains("Subject: Lunch");
            assertThat(server.sendRaw(withAttachment("something else"))).contains("<-  250 2.0.0 ");
        }
    }

    @Test
    void whileItHangsMailPassesUnseenOrIsPutOff() throws Exception {
        try (Daemon daemon = clamd()) {
            daemon.hang();
            try (ScannedServer open = server("{type: clamd, at: " + socket() + "}", "300ms")) {
                assertThat(open.sendRaw(withAttachment(EICAR))).contains("<-  250 2.0.0 ");
                assertThat(open.output()).contains("spam.trouble", "no answer from " + socket() + " within 300 ms");
            }
            try (ScannedServer closed = server("{type: clamd, at: " + socket() + ", failing: closed}", "300ms")) {
                assertThat(closed.send("Lunch", "Shall we meet at noon?")).contains("<** 451 4.");
                assertThat(closed.inbox()).isEmpty();
            }
        }
    }

    private ScannedServer server(String scanner, String timeout) throws Exception {
        return new ScannedServer(Files.createTempDirectory(folder, "server"), swaks,
                Map.of("scanners", "[" + scanner + "]", "timeout", timeout));
    }

    private Path socket() {
        return folder.resolve("clamav/clamd.sock");
    }

    private Daemon clamd() throws Exception {
        Path own = Files.createDirectories(folder.resolve("clamav"));
        Path signatures = Files.createDirectories(own.resolve("signatures"));
        // Name, any file, at its start, the octets (clamav's signature manual).
        Files.writeString(signatures.resolve("eicar.ndb"), "Eicar-Test-Signature:0:0:"
                + HexFormat.of().formatHex(EICAR.getBytes(StandardCharsets.US_ASCII)) + "\n");
        Path config = Files.writeString(own.resolve("clamd.conf"), """
                Foreground yes
                DatabaseDirectory %s
                LocalSocket %s
                FixStaleSocket yes
                TemporaryDirectory %s
                MaxThreads 2
                """.formatted(signatures, socket(), own));
        return Daemon.start(clamd, own, new Endpoint(socket().toString()), "--config-file=" + config);
    }

    private static String withAttachment(String content) {
        return """
                From: Ann <ann@sender.example>\r
                To: postmaster@example.com\r
                Subject: the file\r
                Date: Mon, 30 Nov 2026 04:00:00 +0000\r
                Message-ID: <2@sender.example>\r
                MIME-Version: 1.0\r
                Content-Type: multipart/mixed; boundary=b\r
                \r
                --b\r
                Content-Type: text/plain\r
                \r
                Here it is.\r
                --b\r
                Content-Type: application/octet-stream\r
                Content-Disposition: attachment; filename=data.bin\r
                Content-Transfer-Encoding: base64\r
                \r
                %s\r
                --b--\r
                """.formatted(Base64.getMimeEncoder().encodeToString(content.getBytes(StandardCharsets.US_ASCII)));
    }
}
