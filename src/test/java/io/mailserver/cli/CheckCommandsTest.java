package io.mailserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.SystemTime;
import io.mailserver.dkim.KeyFiles;
import io.mailserver.dkim.SignedMail;
import io.mailserver.dns.Zone;
import io.mailserver.dns.ZoneServer;
import io.mailserver.spam.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckCommandsTest {
    private static final String MESSAGE = """
            Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=alice@example.com
            From: Alice <alice@example.com>
            To: bob@example.net
            Subject: Hello

            Hi Bob
            """;

    private final FakeApplication application = new FakeApplication();
    private final SystemTime time = new SystemTime();
    private ZoneServer dns;
    private Path file;
    private Path rsa;
    private Path ed25519;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        application.time = time;
        String zone = """
                example.com TXT "v=spf1 ip4:192.0.2.0/24 exp=why.example.com -all"
                why.example.com TXT "%%{i} is not one of %%{d}, says %%{r}"
                _dmarc.example.com TXT "v=DMARC1; p=reject"
                $SERVFAIL broken.example
                """ + record("r", SignedMail.RSA) + record("e", SignedMail.ED25519);
        Zone parsed = Zone.parse(zone.replace("%%", "%"));
        dns = ZoneServer.start(() -> parsed, 0, time);
        file = Files.writeString(folder.resolve("message.eml"), MESSAGE);
        rsa = key("rsa.pem", SignedMail.RSA);
        ed25519 = key("ed25519.pem", SignedMail.ED25519);
    }

    @AfterEach
    void stop() throws IOException {
        dns.close();
        time.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.1    | alice@example.com    | pass
            198.51.100.1 | alice@example.com    | fail
            198.51.100.1 | <alice@example.com>  | fail
            192.0.2.1    | alice@nothing.example| none
            192.0.2.1    | a@broken.example     | temperror
            ::1          | ''                   | none
            """)
    void theFirstWordOfSpfIsItsResult(String ip, String sender, String result) {
        FakeTerminal terminal = run("check", "spf", "--ip", ip, "--helo", "mail.example.org", "--mail-from", sender);
        assertThat(terminal.out().lines().findFirst()).contains(result);
    }

    @Test
    void theSecondLineOfAFailIsWhatTheOwnerSays() {
        FakeTerminal terminal = run("check", "spf", "--ip", "198.51.100.1", "--helo", "h", "--mail-from",
                "a@example.com", "--receiver", "us");
        assertThat(terminal.out().lines()).element(1).isEqualTo("198.51.100.1 is not one of example.com, says us");
    }

    @Test
    void theSpamFilterNamesItsRulesAndWhatTheyFindInAMessage() throws IOException {
        FakeTerminal rules = FakeTerminal.piped("");
        assertThat(new Cli(application, rules.terminal()).run("spam", "rules")).isEqualTo(Command.DONE);
        assertThat(rules.out()).contains("PROGRAM_ATTACHED").contains("GTUBE");
        Path junk = Files.writeString(folder.resolve("junk.eml"), MESSAGE
                + "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n");
        FakeTerminal terminal = run("spam", "test", "--ip", "192.0.2.1", "--helo", "mail.example.org", "--mail-from",
                "alice@example.com", junk.toString());
        assertThat(terminal.out()).startsWith("reject\n").contains("points 1000.0 GTUBE: it is the test message for spam filters");
    }

    @Test
    void theContentIsLookedAtAlsoWhereTheDnsFails() throws IOException {
        Path junk = Files.writeString(folder.resolve("broken.eml"), MESSAGE.replace("alice@example.com", "alice@broken.example")
                + "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n");
        FakeTerminal terminal = run("spam", "test", "--ip", "192.0.2.1", "--helo", "mail.example.org", "--mail-from",
                "alice@broken.example", junk.toString());
        assertThat(terminal.out()).startsWith("defer\n").contains("broken.example: server failure")
                .contains("the sender alone decides this").contains("points 1000.0 GTUBE: ");
    }

    @Test
    void whatWasLearnedCountsAndItsWordsAreNamed() throws IOException {
        Path letter = Files.writeString(folder.resolve("letter.eml"), MESSAGE + "marvellous pills\n");
        Tokens tokens = new Tokens();
        tokens.text("body", "marvellous");
        application.outcome = new Outcome(true, List.of(), JsonMapper.shared().readTree("""
                {"finding": {"name": "LEARNED_JUNK", "points": 5.8, "reason": "learned"},
                 "tokens": [{"token": "%x", "spam": 7, "ham": 1, "probability": 0.9}]}""".formatted(tokens.hashes()[0])), "");
        FakeTerminal terminal = run("spam", "test", "--ip", "192.0.2.1", "--helo", "mail.example.org", "--mail-from",
                "alice@example.com", "--account", "bob@example.com", letter.toString());
        assertThat(terminal.out()).startsWith("junk\n").contains("points 5.8 LEARNED_JUNK: learned")
                .contains("   90.0 %  in 7 of junk and 1 wanted  body: marvellous");
        assertThat(application.asked).anyMatch(asked -> asked.startsWith("spam.weigh ") && asked.contains("bob@example.com"))
                .noneMatch(asked -> asked.contains("marvellous"));
    }

    @ParameterizedTest
    @CsvSource({"rsa.pem, r, rsa-sha256", "ed25519.pem, e, ed25519-sha256"})
    void whatIsSignedIsVerified(String key, String selector, String algorithm) throws IOException {
        FakeTerminal signed = run("sign", "dkim", "--key", folder.resolve(key).toString(), "--selector", selector,
                "--domain", "example.com", "--time", "1700000000", file.toString());
        assertThat(signed.out()).startsWith("DKIM-Signature: v=1; a=" + algorithm).contains("t=1700000000").endsWith("\n" + MESSAGE)
                .doesNotContain("\r");
        Path signedFile = Files.writeString(folder.resolve("signed.eml"), signed.out());
        FakeTerminal checked = run("check", "dkim", signedFile.toString());
        assertThat(checked.out()).startsWith("pass\nsignature 1: pass d=example.com s=" + selector + " a=" + algorithm);
        Files.writeString(signedFile, signed.out().replace("Hi Bob", "Hi Rob"));
        assertThat(run("check", "dkim", signedFile.toString()).out()).startsWith("fail\n").contains("the body was changed");
    }

    @Test
    void anArcSetTakesTheResultsOfItsIdAndIsVerified() throws IOException {
        FakeTerminal sealed = run("sign", "arc", "--key", rsa.toString(), "--selector", "r", "--domain", "example.com",
                "--auth-serv-id", "mx.example.net", "--headers", "from:to:subject", "--time", "12345", file.toString());
        assertThat(sealed.out()).startsWith("ARC-Seal: a=rsa-sha256;").contains("cv=none; d=example.com; i=1; s=r; t=12345")
                .contains("h=from:to:subject; i=1;").contains("ARC-Authentication-Results: i=1;\n mx.example.net;\n spf=pass");
        Path sealedFile = Files.writeString(folder.resolve("sealed.eml"), sealed.out());
        assertThat(run("check", "arc", sealedFile.toString()).out()).startsWith("pass\n").contains("instance 1: d=example.com s=r cv=none");
        assertThat(run("check", "arc", file.toString()).out()).startsWith("none\n");
    }

    @Test
    void whatTheChainWasWorthIsTakenFromTheResultsOfTheId() throws IOException {
        String[] seal = {"sign", "arc", "--key", rsa.toString(), "--selector", "r", "--domain", "example.com", "--auth-serv-id",
            "mx.example.net", "--headers", "from:to:subject"};
        String once = run(withFile(seal, file)).out();
        Path changed = Files.writeString(folder.resolve("changed.eml"),
                "Authentication-Results: mx.example.net; arc=pass\n" + once.replace("mx.example.net; spf=pass", "other.example; spf=pass")
                        .replace("Hi Bob", "Hi everybody"));
        String twice = run(withFile(seal, changed)).out();
        assertThat(twice).contains("cv=pass; d=example.com; i=2;")
                .contains("ARC-Authentication-Results: i=2;\n mx.example.net;\n arc=pass");
        Files.writeString(changed, Files.readString(changed).replace("arc=pass", "arc=fail"));
        String failed = run(withFile(seal, changed)).out();
        assertThat(failed).contains("cv=fail; d=example.com; i=2;");
        Files.writeString(changed, failed);
        assertThat(run(withFile(seal, changed)).out()).isEqualTo(failed);
    }

    private static String[] withFile(String[] words, Path file) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add(file.toString());
        return all.toArray(String[]::new);
    }

    @Test
    void dmarcTakesSpfIntoAccountWhereAClientIsGiven() {
        assertThat(run("check", "dmarc", file.toString()).out()).startsWith("fail\n").contains("p=reject published by example.com");
        assertThat(run("check", "dmarc", "--ip", "192.0.2.1", "--helo", "h", "--mail-from", "a@example.com", file.toString()).out())
                .startsWith("pass\n").contains("SPF pass for example.com, aligned");
    }

    @Test
    void aMessageIsJudgedAsTheServerWould() {
        FakeTerminal refused = run("check", "message", "--ip", "198.51.100.1", "--helo", "h.example", "--mail-from", "a@example.com",
                "--rcpt-to", "bob@example.net", file.toString());
        assertThat(refused.out()).startsWith("reject\nrule ").contains("reply 550 5.7.1").contains("DMARC fail for example.com, p=reject")
                .contains("_dmarc.example.com TXT: 1 records").contains("for bob@example.net: reject");
        FakeTerminal taken = run("check", "message", "--json", "--ip", "192.0.2.1", "--helo", "h", "--mail-from", "a@example.com",
                file.toString());
        assertThat(new JsonMapper().readTree(taken.out()).at("/dmarc/result").asString()).isEqualTo("pass");
    }

    @Test
    void jsonHasTheSame() throws IOException {
        JsonNode data = new JsonMapper().readTree(
                run("check", "spf", "--json", "--ip", "192.0.2.1", "--helo", "h", "--mail-from", "a@example.com").out());
        assertThat(data.get("result").asString()).isEqualTo("pass");
        assertThat(data.get("mechanism").asString()).isEqualTo("ip4:192.0.2.0/24");
    }

    @Test
    void aBatchAnswersInOrderAndGoesOnAfterErrors() {
        String dnsServer = "127.0.0.1:" + dns.address().getPort();
        FakeTerminal terminal = FakeTerminal.piped("""
                {"id": 1, "ip": "192.0.2.1", "helo": "h", "mail-from": "a@example.com"}
                {"id": "two", "ip": "198.51.100.1", "helo": "h", "mailFrom": "a@example.com"}
                nonsense
                {"id": 4, "ip": "nonsense", "helo": "h"}
                {"id": 5, "ip": "192.0.2.1", "helo": "h", "mail_from": "a@nothing.example"}
                """);
        int exit = new Cli(application, terminal.terminal()).run("check", "spf", "--batch", "--dns", dnsServer);
        List<String> answers = terminal.out().lines().toList();
        assertThat(answers).hasSize(5);
        assertThat(answers.get(0)).startsWith("{\"id\":1,\"result\":\"pass\"");
        assertThat(answers.get(1)).startsWith("{\"id\":\"two\",\"result\":\"fail\"");
        assertThat(answers.get(2)).contains("\"error\":\"not JSON");
        assertThat(answers.get(3)).startsWith("{\"id\":4,\"error\":\"--ip nonsense is not an address");
        assertThat(answers.get(4)).startsWith("{\"id\":5,\"result\":\"none\"");
        assertThat(exit).isEqualTo(Command.MISUSED);
    }

    @Test
    void aBatchSignsTooAndNamesItsFiles() throws IOException {
        String dnsServer = "127.0.0.1:" + dns.address().getPort();
        FakeTerminal terminal = FakeTerminal.piped("{\"id\": 1, \"file\": \"" + file + "\", \"headers\": \"from\"}\n");
        int exit = new Cli(application, terminal.terminal()).run("sign", "dkim", "--batch", "--dns", dnsServer,
                "--key", ed25519.toString(), "--selector", "e", "--domain", "example.com");
        assertThat(exit).isEqualTo(Command.DONE);
        JsonNode answer = new JsonMapper().readTree(terminal.out());
        assertThat(answer.get("fields").asString()).startsWith("DKIM-Signature:").contains("h=from;");
        assertThat(answer.get("message").asString()).endsWith(MESSAGE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            check spf --helo h                                   | --ip is missing
            check spf --ip nonsense --helo h                     | is not an address
            check spf --ip 192.0.2.1                             | --helo or --mail-from is missing
            check spf --ip 192.0.2.1 --helo h --dns nonsense     | is not ADDRESS:PORT
            check dkim                                           | the file with the message is missing
            check dkim /nowhere/at/all                           | does not exist
            check dkim --time soon /dev/null                     | is not a number
            sign dkim --selector s --domain d.example /etc/passwd| --key is missing
            """)
    void whatIsWrongIsSaidInOneLine(String words, String reason) {
        FakeTerminal terminal = FakeTerminal.piped("");
        assertThat(new Cli(application, terminal.terminal()).run(words.split(" +"))).isEqualTo(Command.MISUSED);
        assertThat(terminal.err().lines()).first().asString().contains(reason);
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void aMessageThatIsNoneIsCheckedAllTheSame() throws IOException {
        Path odd = folder.resolve("odd");
        for (String text : List.of("", "\n", "no header at all", "\r\n\r\n\0\0", "From", "DKIM-Signature: v=1\n\n")) {
            Files.write(odd, text.getBytes(StandardCharsets.ISO_8859_1));
            for (String kind : List.of("dkim", "arc", "dmarc")) {
                FakeTerminal terminal = run("check", kind, odd.toString());
                assertThat(terminal.out().lines().findFirst().orElseThrow()).isIn("none", "permerror");
            }
        }
    }

    /** With the zone of this test; must be done. */
    private FakeTerminal run(String... words) {
        FakeTerminal terminal = FakeTerminal.piped("");
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--dns", "127.0.0.1:" + dns.address().getPort()));
        int exit = new Cli(application, terminal.terminal()).run(all.toArray(String[]::new));
        assertThat(exit).as(terminal.err()).isEqualTo(Command.DONE);
        return terminal;
    }

    private static String record(String selector, KeyPair pair) {
        String text = KeyFiles.keyRecord(pair.getPublic());
        int half = text.length() / 2;
        return selector + "._domainkey.example.com TXT \"" + text.substring(0, half) + "\" \"" + text.substring(half) + "\"\n";
    }

    private Path key(String name, KeyPair pair) throws IOException {
        return Files.writeString(folder.resolve(name), "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded()) + "\n-----END PRIVATE KEY-----\n");
    }
}
