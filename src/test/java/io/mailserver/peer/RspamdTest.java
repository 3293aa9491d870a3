package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.net.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rspamd without rules of its own, network and Redis, asked by HTTP and as a milter: what it says of GTUBE's three strings is done. */
@Tag("peer")
class RspamdTest {
    /** Rspamd knows two more, for what it would mark and for what it would put off. */
    private static final String MARKED = "YJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";
    private static final String REWRITTEN = "ZJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

    private final Program swaks = Program.require("swaks", "swaks");

    @TempDir
    Path folder;

    private Path socket;
    private int port;
    private Daemon rspamd;

    @BeforeEach
    void start() throws Exception {
        Program program = Program.require("rspamd", "rspamd");
        Path own = Files.createDirectories(folder.resolve("rspamd"));
        socket = own.resolve("milter.sock");
        port = Daemon.freePort();
        Path config = Files.writeString(own.resolve("rspamd.conf"), """
                options {
                  filters = "";
                  tempdir = "%1$s"; hs_cache_dir = "%1$s"; control_socket = "%1$s/control.sock"; rrd = "";
                  url_tld = "%1$s/suffixes";
                  dns { nameserver = ["127.0.0.1:1"]; timeout = 1s; retransmits = 1; }
                  enable_test_patterns = true;
                }
                logging { type = "console"; level = "info"; }
                actions { reject = 15; add_header = 6; rewrite_subject = 10; }
                worker "normal" { bind_socket = "127.0.0.1:%2$d"; count = 1; }
                worker "rspamd_proxy" {
                  bind_socket = "%3$s mode=0666"; count = 1; milter = yes; timeout = 20s;
                  upstream "local" { default = yes; self_scan = yes; }
                }
                """.formatted(own, port, socket));
        Files.writeString(own.resolve("suffixes"), "com\nexample\n");
        rspamd = Daemon.start(program, own, new Endpoint("127.0.0.1:" + port), "-f", "-i", "-c", config.toString());
    }

    @AfterEach
    void stop() {
        rspamd.close();
    }

    @Test
    void whatItRejectsIsRefusedAndItsScoreJoinsOurs() throws Exception {
        try (ScannedServer server = server("{type: rspamd, at: '127.0.0.1:" + port + "', failing: closed}")) {
            assertThat(server.send("Lunch", "Shall we meet at noon?")).as(rspamd.said()).contains("<-  250 2.0.0 ");
            assertThat(server.inbox()).singleElement().asString().contains("X-Spam-Status: No", "Subject: Lunch");
            assertThat(server.send("x", ScannedServer.GTUBE)).as(rspamd.said()).contains("<** 550 5.7.1 ", "Gtube pattern");
            assertThat(server.send("x", MARKED)).contains("<-  250 2.0.0 ");
            assertThat(server.junk()).contains("X-Spam-Status: Yes", "RSPAMD=6.0");
            // Marked by decree, with a score of 0.
            assertThat(server.send("x", REWRITTEN)).contains("<-  250 2.0.0 ");
            assertThat(server.inbox()).as(server.output()).hasSize(1);
        }
    }

    @Test
    void asAMilterItRefusesAndLetsPass() throws Exception {
        try (ScannedServer server = server("{type: milter, at: " + socket + ", failing: closed}")) {
            assertThat(server.send("Lunch", "Shall we meet at noon?")).as(rspamd.said()).contains("<-  250 2.0.0 ");
            assertThat(server.send("x", ScannedServer.GTUBE)).as(rspamd.said()).contains("<** 550 5.7.1 ", "Gtube pattern");
            assertThat(server.send("x", REWRITTEN)).as(rspamd.said()).contains("<-  250 2.0.0 ");
            assertThat(server.inbox()).hasSize(2);
        }
    }

    private ScannedServer server(String scanner) {
        return new ScannedServer(folder.resolve("server"), swaks, Map.of("scanners", "[" + scanner + "]", "timeout", "60s"));
    }
}
