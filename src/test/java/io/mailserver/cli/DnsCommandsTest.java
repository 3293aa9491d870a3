package io.mailserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.SystemTime;
import io.mailserver.dns.Zone;
import io.mailserver.dns.ZoneServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DnsCommandsTest {
    private static final String RECORDS = """
            {"domain": "example.com", "host": "mail.example.com", "services": [{"name": "smtp", "port": 1, "implicitTls": false}],
             "records": [
              {"name": "example.com", "type": "MX", "value": "10 mail.example.com.", "purpose": "mail comes here", "place": "zone"},
              {"name": "mail.example.com", "type": "A", "value": "<the address>", "purpose": "the server", "place": "to_complete"},
              {"name": "_dmarc.example.com", "type": "TXT", "value": "v=DMARC1; p=reject", "purpose": "policy", "place": "zone"},
              {"name": "1.2.0.192.in-addr.arpa", "type": "PTR", "value": "mail.example.com.", "purpose": "ask", "place": "provider"}]}
            """;

    private final FakeApplication application = new FakeApplication();
    private final SystemTime time = new SystemTime();
    private ZoneServer dns;

    @BeforeEach
    void start() throws IOException {
        application.time = time;
        application.outcome = new Outcome(true, List.of("a zone file"), new JsonMapper().readTree(RECORDS), "");
        Zone zone = Zone.parse("""
                example.com MX 20 mail.example.com.
                mail.example.com A 127.0.0.1
                _dmarc.example.com TXT "v=DMARC1; p=none"
                """);
        dns = ZoneServer.start(() -> zone, 0, time);
    }

    @AfterEach
    void stop() throws IOException {
        dns.close();
        time.close();
    }

    @Test
    void aZoneFileIsWhatTheServerSays() {
        assertThat(run(0, "dns", "example.com")).isEqualTo("a zone file\n");
        assertThat(application.asked).contains("dns.records {\"domain\":\"example.com\"}");
    }

    @Test
    void aPanelGetsABlockARecord() {
        assertThat(run(0, "dns", "example.com", "--panel")).contains("""
                # policy
                name:      _dmarc
                full name: _dmarc.example.com
                type:      TXT
                value:     v=DMARC1; p=reject
                """);
    }

    @Test
    void waitingEndsWhenAllIsSeenAndDoesNotWaitForOthers() {
        assertThat(run(0, "dns", "example.com", "--wait", "--dns", server()))
                .contains("seen     MX example.com\n", "every record is seen\n").doesNotContain("PTR");
    }

    @Test
    void doctorTellsWhatFailsAndHowToMendIt() {
        String told = run(1, "doctor", "example.com", "--dns", server());
        assertThat(told).contains("pass  MX", "warn  DMARC        p=none", "-> change it to quarantine", "fail  SPF");
        assertThat(new JsonMapper().readTree(run(1, "doctor", "example.com", "--json", "--dns", server())).path("findings").size())
                .isGreaterThan(5);
    }

    @Test
    void doctorTellsWhatTheServerKnowsOfErrorsAndOfABlockedPort() {
        String now = time.now().toString();
        application.outcomes.put("status", outcome("""
                {"hostname": "mail.example.com", "freeBytes": 99999999999, "errors": {"count": 2, "last": [
                 {"at": "2020-01-01T00:00:00Z", "text": "old.trouble"}, {"at": "%s", "text": "queue.not-recorded message=Q1"}]},
                 "warnings": [{"text": "running as root, since there is no user mailserver", "mend": "make one and start again"}]}
                """.formatted(now)));
        application.outcomes.put("queue.stats", outcome("""
                {"messages": 3, "advice": "none of 3 unrelated destinations could be connected to"}
                """));
        assertThat(run(1, "doctor", "example.com", "--dns", server()))
                .contains("warn  log          2 errors in the log since the start; the last: " + now + " queue.not-recorded message=Q1\n")
                .doesNotContain("old.trouble")
                .containsPattern("warn  server +running as root, since there is no user mailserver\n +-> make one and start again\n")
                .contains("fail  port 25      none of 3 unrelated destinations could be connected to\n")
                .contains("-> see docs/sending.md, \"Behind a provider who blocks port 25\"")
                .contains("warn  outside      no server could be tried: gmail.com");
        assertThat(run(1, "doctor", "example.com", "--dns", server(), "--outside", "example.org"))
                .contains("no server could be tried: example.org").doesNotContain("gmail");
    }

    private static Outcome outcome(String json) {
        return new Outcome(true, List.of(), new JsonMapper().readTree(json), "");
    }

    private String server() {
        return "127.0.0.1:" + dns.address().getPort();
    }

    private String run(int exit, String... words) {
        FakeTerminal terminal = FakeTerminal.piped("");
        assertThat(new Cli(application, terminal.terminal()).run(words)).as(terminal.err()).isEqualTo(exit);
        return terminal.out();
    }
}
