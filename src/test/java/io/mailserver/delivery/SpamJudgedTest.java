package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.SpamConfig;
import io.mailserver.metrics.Metrics;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.simulation.ZoneText;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import io.mailserver.spam.BayesClassifier;
import io.mailserver.spam.SpamFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SpamJudgedTest {
    private static final String LONG = "We met last week and talked about the garden, the fence and the bench by the pond.\r\n".repeat(4);

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final ZoneText zone = new ZoneText("sender.example TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\nsender.example A 192.0.2.7\n"
            + "7.2.0.192.in-addr.arpa PTR sender.example\n");
    private IntakeWorld world;

    @BeforeEach
    void openWorld() throws IOException {
        world = new IntakeWorld(disk.root(), 0);
        configure(Map.of());
    }

    @AfterEach
    void closeWorld() {
        world.close();
    }

    private void configure(Map<String, String> changes) {
        SpamConfig config = SpamConfig.of(changes);
        SpamFilter filter = new SpamFilter(config, new SpamFilter.Parts(
                BayesClassifier.empty(Path.of("unused"), 1 << 10), zone, HttpClient::newHttpClient, JsonMapper.shared(), world.time));
        ChecksConfig checks = ChecksConfig.defaults();
        Judge judge = new Judge(new Examiner(zone, world.pool, world.time), () -> new Judge.Settings("mx.example.com", checks, config),
                world.time);
        world.checks = new InboundChecks(judge, new SpamCheck(() -> filter, domain -> true, world.log)::look, () -> checks,
                new CheckStatistics(new Metrics()), judgement -> { }, world.time, world.log);
    }

    @Test
    void goodMailGoesToTheInboxWithItsScore() throws IOException {
        assertThat(deliver("Lunch", LONG).code()).isEqualTo(250);
        assertThat(only(folder(""))).contains("X-Spam-Status: No, score=0.0 required=5\r\n\ttests=none").contains("Subject: Lunch")
                .satisfies(text -> assertThat(text.indexOf("X-Spam-Status")).isLessThan(text.indexOf("From: Ann")));
    }

    @Test
    void junkGoesToJunkWithEveryRuleNamed() throws IOException {
        assertThat(deliver("CHEAP OFFER!!!", "Viagra without prescription, online casino, act now.\r\n" + LONG).code()).isEqualTo(250);
        assertThat(folder("")).isEmpty();
        assertThat(only(folder(".Junk"))).contains("X-Spam-Status: Yes, score=").contains("ABOUT_PHARMACY=2.0");
    }

    @Test
    void theWorstIsRefusedWithReasons() throws IOException {
        Reply reply = deliver("x", "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n" + LONG);
        assertThat(reply.code()).isEqualTo(550);
        assertThat(reply.lines().getFirst()).contains("looks like junk mail: it is the test message for spam filters");
        assertThat(folder("")).isEmpty();
        assertThat(folder(".Junk")).isEmpty();
    }

    @Test
    void theRecipientsDomainMayHaveOtherLimits() throws IOException {
        configure(Map.of("domains", "[{domain: example.com, junk: 50, reject: 60}]"));
        assertThat(deliver("CHEAP OFFER!!!", "Viagra without prescription, online casino, act now.\r\n" + LONG).code()).isEqualTo(250);
        assertThat(folder("")).hasSize(1);
    }

    @Test
    void aScannerThatDoesNotAnswerIsLeftOutOrWaitedForAsConfigured() throws IOException {
        configure(Map.of("scanners", "[{type: clamd, at: /nonexistent/clamd.sock}]"));
        assertThat(deliver("Lunch", LONG).code()).isEqualTo(250);
        configure(Map.of("scanners", "[{type: clamd, at: /nonexistent/clamd.sock, failing: closed}]"));
        Reply reply = deliver("Lunch", LONG);
        assertThat(reply.code()).isEqualTo(451);
        assertThat(folder("")).hasSize(1);
    }

    @Test
    void aListedDomainInALinkCounts() throws IOException {
        zone.add("bad.test.dbl.example A 127.0.1.2\n");
        configure(Map.of("dns-lists", "[{zone: dbl.example, of: domains, points: 7}]"));
        assertThat(deliver("Lunch", LONG + "https://www.bad.test/x\r\n").code()).isEqualTo(250);
        assertThat(only(folder(".Junk"))).contains("LISTED:dbl.example=7.0");
    }

    private Reply deliver(String subject, String body) throws IOException {
        Client client = new Client("s1", Client.Service.INBOUND, InetAddress.ofLiteral("192.0.2.7"), 4711, 25, "sender.example", true,
                Optional.empty(), Optional.empty());
        Envelope envelope = new Envelope("s1-1", client, Optional.of(Address.of("ann", new Domain("sender.example"))), MailParameters.NONE,
                List.of()).with(Recipient.of(IntakeWorld.address("alice")));
        return world.deliver(envelope, ("From: Ann <ann@sender.example>\r\nTo: alice@example.com\r\nSubject: %s\r\n"
                + "Date: Sun, 22 Nov 2026 04:00:00 +0000\r\nMessage-ID: <1@sender.example>\r\n\r\n%s").formatted(subject, body));
    }

    private List<Path> folder(String name) throws IOException {
        Path maildir = disk.root().resolve("accounts/example.com/alice/Maildir").resolve(name).resolve("new");
        if (!Files.isDirectory(maildir)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(maildir)) {
            return files.toList();
        }
    }

    private static String only(List<Path> files) throws IOException {
        assertThat(files).hasSize(1);
        return Files.readString(files.getFirst(), StandardCharsets.UTF_8);
    }
}
