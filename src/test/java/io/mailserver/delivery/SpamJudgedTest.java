package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.AccountSystem;
import io.mailserver.account.Resolution;
import io.mailserver.account.SenderLists;
import io.mailserver.account.TestAccounts;
import io.mailserver.base.Domain;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.NamePattern;
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
import io.mailserver.spam.Failures;
import io.mailserver.spam.Learning;
import io.mailserver.spam.SpamFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class SpamJudgedTest {
    private static final String LONG = "We met last week and talked about the garden, the fence and the bench by the pond.\r\n".repeat(4);

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final ZoneText zone = new ZoneText("sender.example TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\nsender.example A 192.0.2.7\n"
            + "7.2.0.192.in-addr.arpa PTR sender.example\n");
    private final Failures failures = new Failures();
    private IntakeWorld world;
    private AccountSystem accounts;
    private Learning learning;

    @TempDir
    Path data;

    @BeforeEach
    void openWorld() throws IOException {
        world = new IntakeWorld(disk.root(), 0);
        accounts = TestAccounts.open(data, world.time, world.log);
        learning = Learning.open(new Learning.Parts(data, account -> data, world.pool, world.time, world.log));
        configure(Map.of());
    }

    @AfterEach
    void closeWorld() throws IOException {
        accounts.close();
        world.close();
    }

    private void configure(Map<String, String> changes) {
        SpamConfig config = SpamConfig.of(changes);
        SpamFilter filter = new SpamFilter(config, new SpamFilter.Parts(
                learning.server(), zone, HttpClient::newHttpClient, JsonMapper.shared(), failures,
                world.time));
        ChecksConfig checks = ChecksConfig.defaults();
        Judge judge = new Judge(new Examiner(zone, world.pool, world.time), () -> new Judge.Settings("mx.example.com", checks, config),
                world.time);
        SpamCheck spam = new SpamCheck(() -> filter, domain -> true, new SpamPeople(
                address -> world.directory.getOrDefault(address, new Resolution.UnknownUser()), accounts.senderLists(),
                accounts.senderMemory(), learning, world.log), world.log);
        world.checks = new InboundChecks(judge, spam::look, () -> checks, new CheckStatistics(new Metrics()), spam::judged, world.time,
                world.log);
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

    private static final String DOUBTFUL = "Buy replica watches and online casino, act now.\r\n";

    @Test
    void doubtfulMailOfStrangersHasToComeAgainOnce() throws IOException {
        Reply first = deliver("Hello", DOUBTFUL + LONG);
        assertThat(first.code()).isEqualTo(451);
        assertThat(first.lines().getFirst()).isEqualTo("Greylisted: mail from there is new here and looks doubtful; come again in 300 s");
        assertThat(deliver("Hello", DOUBTFUL + LONG).code()).isEqualTo(451);
        world.time.advance(Duration.ofMinutes(5));
        assertThat(deliver("Hello", DOUBTFUL + LONG).code()).isEqualTo(250);
        assertThat(deliver("Another", DOUBTFUL + LONG).code()).isEqualTo(250);
        assertThat(folder("")).hasSize(2);
        world.time.advance(Duration.ofDays(40));
        assertThat(deliver("Hello", DOUBTFUL + LONG).code()).isEqualTo(451);
    }

    @Test
    void greylistingCanBeSwitchedOffAndIsNotForWhomSomebodyKnows() throws IOException {
        accounts.senderMemory().wrote("alice@example.com", "ann@sender.example");
        assertThat(deliver("Hello", DOUBTFUL + LONG).code()).isEqualTo(250);
        assertThat(only(folder(""))).contains("KNOWN_AUTHOR=-4.0");
        configure(Map.of("greylisting.enabled", "false"));
        assertThat(deliver("Hello", DOUBTFUL + LONG).code()).isEqualTo(250);
    }

    @Test
    void knownIsOnlyWhoIsProven() throws IOException {
        accounts.senderMemory().wrote("alice@example.com", "ann@other.example");
        assertThat(deliverFrom("ann@other.example", "Hello", LONG).code()).isEqualTo(250);
        assertThat(only(folder(""))).doesNotContain("KNOWN_AUTHOR");
    }

    @Test
    void listsOfTheAccountTheDomainAndTheServer() throws IOException {
        list("", "sender.example", false);
        assertThat(deliver("Lunch", LONG).code()).isEqualTo(550);
        list("example.com", "*@sender.example", true);
        assertThat(deliver("CHEAP OFFER!!!", "Viagra without prescription, online casino, act now.\r\n" + LONG).code()).isEqualTo(250);
        assertThat(only(folder(""))).contains("WANTED_SENDER=-100.0");
        list("alice@example.com", "ann@sender.example", false);
        Reply refused = deliver("Lunch", LONG);
        assertThat(refused.code()).isEqualTo(550);
        assertThat(refused.lines().getFirst()).contains("its sender is one of the unwanted ones");
    }

    @Test
    void anUnprovenSenderIsNotLetInByAnyList() throws IOException {
        list("alice@example.com", "other.example", true);
        assertThat(deliverFrom("ann@other.example", "CHEAP OFFER!!!",
                "Viagra without prescription, online casino, act now.\r\n" + LONG).code()).isEqualTo(250);
        assertThat(folder(".Junk")).hasSize(1);
    }

    @Test
    void anAccountHasLimitsOfItsOwnAndSeesThem() throws IOException {
        accounts.senderLists().set("alice@example.com", SenderLists.Setting.JUNK, OptionalInt.of(2));
        assertThat(deliver("Hello", DOUBTFUL + LONG).code()).isEqualTo(250);
        assertThat(only(folder(".Junk"))).contains("X-Spam-Flag: YES\r\nX-Spam-Status: Yes, score=").contains("required=2");
    }

    @Test
    void theNameOfADomainGetsWorseAndBetter() throws IOException {
        for (int i = 0; i < 12; i++) {
            assertThat(deliver("CHEAP OFFER!!!", "Viagra without prescription, online casino, act now.\r\n" + LONG).code()).isEqualTo(250);
        }
        assertThat(deliver("Lunch", LONG).code()).isEqualTo(250);
        assertThat(only(folder(""))).contains("REPUTATION_BAD=2.0");
        accounts.senderMemory().write();
        assertThat(accounts.senderMemory().reputation("domain sender.example").bad()).isEqualTo(12);
        world.time.advance(Duration.ofDays(60));
        assertThat(accounts.senderMemory().reputation("domain sender.example").bad()).isEqualTo(3);
        assertThat(accounts.senderMemory().reputation("192.0.2.0/24").bad()).isEqualTo(3);
    }

    @Test
    void whatIsJunkBeyondDoubtTeachesTheServerButTestStringsDoNot() throws IOException {
        deliver("x", "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n" + LONG);
        assertThat(learning.server().statistics().spamMessages()).isZero();
        configure(Map.of("reject", "5"));
        assertThat(deliver("CHEAP OFFER!!!", "Viagra without prescription, online casino, act now.\r\n" + LONG).code()).isEqualTo(550);
        assertThat(learning.server().statistics().spamMessages()).isOne();
        accounts.senderMemory().wrote("alice@example.com", "ann@sender.example");
        deliver("Lunch", LONG);
        assertThat(learning.server().statistics().hamMessages()).isOne();
        configure(Map.of("reject", "5", "learn-clear-cases", "false"));
        deliver("Lunch", LONG);
        assertThat(learning.server().statistics().hamMessages()).isOne();
    }

    private void list(String owner, String pattern, boolean wanted) throws IOException {
        accounts.senderLists().put(
                new SenderLists.Entry(owner, NamePattern.parse(pattern).orElseThrow(), wanted, world.time.now()));
    }

    private Reply deliver(String subject, String body) throws IOException {
        return deliverFrom("ann@sender.example", subject, body);
    }

    private Reply deliverFrom(String author, String subject, String body) throws IOException {
        Client client = new Client("s1", Client.Service.INBOUND, InetAddress.ofLiteral("192.0.2.7"), 4711, 25, "sender.example", true,
                Optional.empty(), Optional.empty());
        Envelope envelope = new Envelope("s1-1", client, Optional.of(Address.of("ann", new Domain("sender.example"))), MailParameters.NONE,
                List.of()).with(Recipient.of(IntakeWorld.address("alice")));
        return world.deliver(envelope, ("From: Ann <" + author + ">\r\nTo: alice@example.com\r\nSubject: %s\r\n"
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
