package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.net.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SpamAssassin's daemon with Debian's rules and no network: its score joins ours. */
@Tag("peer")
class SpamdTest {
    @TempDir
    Path folder;

    @Test
    void gtubeIsRefusedForItsScoreAlone() throws Exception {
        Program spamd = Program.require("spamd", "spamd");
        Program swaks = Program.require("swaks", "swaks");
        Path own = Files.createDirectories(folder.resolve("spamassassin"));
        Path socket = own.resolve("spamd.sock");
        List<String> arguments = new ArrayList<>(List.of("--local", "--nouser-config", "--max-children=1", "--syslog=stderr",
                "--siteconfigpath=" + own,
                "--pre=loadplugin Mail::SpamAssassin::Plugin::Check", "--socketpath=" + socket, "--socketmode=0666"));
        if (ProcessHandle.current().info().user().filter("root"::equals).isPresent()) {
            arguments.add("--username=nobody");
        }
        try (Daemon daemon = Daemon.start(spamd, own, new Endpoint(socket.toString()), arguments.toArray(String[]::new));
                ScannedServer server = new ScannedServer(folder.resolve("server"), swaks,
                        Map.of("scanners", "[{type: spamd, at: " + socket + ", failing: closed}]", "timeout", "60s"))) {
            String lunch = server.send("Lunch", "Shall we meet at noon?");
            assertThat(lunch).as(daemon.said()).contains("<-  250 2.0.0 ");
            assertThat(server.inbox()).singleElement().asString().contains("SPAMD=");
            assertThat(server.send("x", ScannedServer.GTUBE)).contains("<** 550 5.7.1 ", "GTUBE");
            assertThat(server.inbox()).hasSize(1);
        }
    }
}
