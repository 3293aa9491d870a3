package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.Quota;
import io.mailserver.account.Resolution;
import io.mailserver.arc.ArcChain;
import io.mailserver.arc.ArcSealer;
import io.mailserver.arc.ArcStatus;
import io.mailserver.authres.AuthenticationResults;
import io.mailserver.authres.MethodResult;
import io.mailserver.base.Domain;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.SpamConfig;
import io.mailserver.dkim.BodyHashes;
import io.mailserver.dkim.DkimLimits;
import io.mailserver.dkim.DkimSigner;
import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dkim.DkimVerifier;
import io.mailserver.dkim.KeyFiles;
import io.mailserver.dkim.SignedMail;
import io.mailserver.dkim.SigningKey;
import io.mailserver.dmarc.DmarcPolicy;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.dns.DnsName;
import io.mailserver.metrics.Metrics;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.simulation.ZoneText;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import io.mailserver.spf.SpfVerdict;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mail from octets to folder with all checks, against a zone. */
class JudgedMailTest {
    private static final Domain GOOD = new Domain("good.example");
    private static final String ZONE = """
            good.example                 TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.good.example          TXT "v=DMARC1; p=reject; rua=mailto:dmarc@good.example"
            k._domainkey.good.example    TXT "%s"
            strict.example               TXT "v=spf1 -all"
            _dmarc.strict.example        TXT "v=DMARC1; p=reject"
            careful.example              TXT "v=spf1 -all"
            _dmarc.careful.example       TXT "v=DMARC1; p=quarantine"
            k._domainkey.lists.example   TXT "%s"
            lists.example                TXT "v=spf1 ip4:192.0.2.1 -all"
            client.example               A   192.0.2.1
            1.2.0.192.in-addr.arpa       PTR client.example
            $SERVFAIL broken.example
            """.formatted(KeyFiles.keyRecord(SignedMail.ED25519.getPublic()), KeyFiles.keyRecord(SignedMail.ED25519.getPublic()));
    private static final SigningKey KEY = new SigningKey(GOOD, DnsName.of("k"), SignedMail.ED25519.getPrivate());
    private static final SigningKey LIST_KEY =
            new SigningKey(new Domain("lists.example"), DnsName.of("k"), SignedMail.ED25519.getPrivate());

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final ZoneText zone = new ZoneText(ZONE);
    private final List<Judgement> judgements = new ArrayList<>();
    private IntakeWorld world;

    @BeforeEach
    void makeWorld() throws IOException {
        world = new IntakeWorld(disk.root(), 10_000);
        configure(Map.of());
    }

    @AfterEach
    void closeWorld() {
        world.close();
    }

    private void configure(Map<String, String> changes) {
        ChecksConfig config = ChecksConfig.of(changes);
        Judge judge = new Judge(new Examiner(zone, world.pool, world.time),
                () -> new Judge.Settings("mx.example.com", config, SpamConfig.defaults()), world.time);
        world.checks = new InboundChecks(
                judge, InboundChecks.ContentCheck.NONE, () -> config, new CheckStatistics(new Metrics()),
                        judgements::add, world.time, world.log);
    }

    private static Envelope from(String sender, Client client, Address... recipients) {
        int at = sender.indexOf('@');
        Optional<Address> path = sender.isEmpty() ? Optional.empty()
                : Optional.of(Address.of(sender.substring(0, at), new Domain(sender.substring(at + 1))));
        Envelope envelope = new Envelope("s1-1", client, path, MailParameters.NONE, List.of());
        for (Address recipient : recipients) {
            envelope = envelope.with(Recipient.of(recipient));
        }
        return envelope;
    }

    private static Envelope from(String sender) {
        return from(sender, IntakeWorld.client(Client.Service.INBOUND, Optional.empty()), IntakeWorld.address("alice"));
    }

    private static Client connected(String address) {
        return Client.connected("s1", Client.Service.INBOUND, InetAddress.ofLiteral(address), 1, 25).greeted("client.example", true);
    }

    private static String message(String author, String more) {
        return more + "From: Somebody <" + author + ">\r\nTo: alice@example.com\r\nSubject: hello\r\n\r\nHello\r\n";
    }

    private String signed(String message) throws IOException {
        return new DkimSigner(world.time).sign(SignedMail.stream(message), KEY, SigningOptions.DEFAULTS) + message;
    }

    private List<String> stored(String folder) throws IOException {
        List<String> messages = new ArrayList<>();
        Path path = disk.root().resolve("accounts/example.com/alice/Maildir").resolve(folder);
        if (Files.isDirectory(path)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
                for (Path file : files) {
                    messages.add(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return messages;
    }

    private String inbox() throws IOException {
        List<String> messages = stored("new");
        assertThat(messages).hasSize(1);
        return messages.getFirst();
    }

    @Test
    void whatWasFoundStandsOnTop() throws IOException {
        assertThat(world.deliver(from("bob@good.example"), signed(message("bob@good.example", ""))).code()).isEqualTo(250);
        String unfolded = inbox().replace("\r\n ", " ");
        assertThat(unfolded).startsWith("Return-Path: <bob@good.example>\r\nDelivered-To: alice@example.com\r\n"
                + "Authentication-Results: mx.example.com; dmarc=pass (p=reject) header.from=good.example;"
                + " spf=pass (ip4:192.0.2.1 of good.example) smtp.mailfrom=bob@good.example;"
                + " dkim=pass header.d=good.example header.s=k header.a=ed25519-sha256 header.b=");
        assertThat(unfolded).contains("; iprev=pass (client.example) policy.iprev=192.0.2.1\r\nReceived: ");
    }

    @Test
    void theConsoleSaysItBeforeTheStoreDoes() throws IOException {
        world.deliver(from("bob@good.example"), signed(message("bob@good.example", "")));
        assertThat(world.log.lines()).satisfiesExactly(
                line -> assertThat(line).isEqualTo("[AUTH] SPF: PASS DKIM: PASS DMARC: PASS"),
                line -> assertThat(line).startsWith("[STORE] Maildir saved: "));
    }

    @Test
    void spoofedMailIsRefusedWhereTheOwnerAsksForIt() throws IOException {
        Reply reply = world.deliver(from("bob@strict.example"), message("bob@strict.example", ""));
        assertThat(reply.code()).isEqualTo(550);
        assertThat(reply.lines().getFirst())
                .startsWith("Refused as strict.example asks for (DMARC p=reject): SPF fail for strict.example; ");
        assertThat(stored("new")).isEmpty();
        assertThat(stored(".Junk/new")).isEmpty();
        assertThat(world.intake.statistics().refusals()).containsEntry("dmarc-reject", 1L);
        assertThat(judgements).singleElement().satisfies(judgement -> {
            assertThat(judgement.dmarc().disposition()).isEqualTo(DmarcPolicy.REJECT);
            assertThat(judgement.dmarc().overrides()).isEmpty();
        });
    }

    @Test
    void quarantineLandsInJunk() throws IOException {
        assertThat(world.deliver(from("bob@careful.example"), message("bob@careful.example", "")).code()).isEqualTo(250);
        assertThat(stored("new")).isEmpty();
        assertThat(stored(".Junk/new")).singleElement().asString().contains("dmarc=fail (p=quarantine dis=junk by dmarc-quarantine)");
    }

    @Test
    void aListsMailIsNotRefusedButToldWhy() throws IOException {
        world.deliver(from("list@lists.example"), message("bob@strict.example", "List-Id: <l.lists.example>\r\n"));
        assertThat(stored(".Junk/new")).hasSize(1);
        assertThat(judgements.getFirst().dmarc().overrides()).singleElement()
                .extracting(DmarcOutcome.OverrideReason::type).isEqualTo(DmarcOutcome.OverrideReason.Type.MAILING_LIST);
    }

    @Test
    void whatTheDnsMayHideIsPutOff() throws IOException {
        Reply reply = world.deliver(from("bob@broken.example"), message("bob@broken.example", ""));
        assertThat(reply.code()).isEqualTo(451);
        assertThat(String.valueOf(reply.status())).isEqualTo("4.7.0");
        assertThat(stored("new")).isEmpty();
    }

    @Test
    void withoutAnyDnsMailFromNearFlows() throws IOException {
        zone.set("$TIMEOUT .");
        Client near = connected("127.0.0.1");
        Reply reply = world.deliver(from("bob@good.example", near, IntakeWorld.address("alice")), message("bob@good.example", ""));
        assertThat(reply.code()).isEqualTo(250);
        assertThat(world.log.lines()).contains("[AUTH] SPF: TEMPERROR DKIM: NONE DMARC: TEMPERROR");
    }

    @Test
    void noDnsFailureLetsForgedMailInOrTurnsProvenMailAway() throws IOException {
        List<String> names = List.of("_dmarc.strict.example", "strict.example", "_dmarc.good.example", "k._domainkey.good.example",
                "good.example", "_dmarc.example", "client.example");
        String proven = signed(message("bob@good.example", ""));
        String forged = message("bob@strict.example", "");
        for (int subset = 0; subset < 1 << names.size(); subset++) {
            StringBuilder broken = new StringBuilder(ZONE);
            for (int i = 0; i < names.size(); i++) {
                if ((subset >> i & 1) == 1) {
                    broken.append(subset % 3 == 0 ? "$SERVFAIL " : "$TIMEOUT ").append(names.get(i)).append('\n');
                }
            }
            zone.set(broken.toString());
            world.deliver(from("bob@strict.example"), forged);
            assertThat(judgements.getLast().overall().word()).as(broken.toString()).isIn("reject", "defer");
            world.deliver(from("bob@good.example"), proven);
            Evidence evidence = judgements.getLast().evidence();
            assertThat(judgements.getLast().overall().word()).as(broken.toString()).isIn("accept", "defer");
            if (evidence.dmarc().verdict() == DmarcVerdict.PASS) {
                assertThat(evidence.spfMailFrom().verdict() == SpfVerdict.PASS || evidence.dkimOverall() == DkimVerdict.PASS).isTrue();
            }
        }
    }

    @Test
    void bouncesAreCheckedByTheirHelo() throws IOException {
        zone.add("client.example TXT \"v=spf1 a -all\"");
        world.deliver(from(""), message("mailer-daemon@client.example", ""));
        assertThat(inbox()).contains("spf=pass (a of client.example) smtp.helo=client.example");
    }

    @Test
    void foreignResultsUnderOurNameAreTakenOutAndNothingElse() throws IOException {
        String mail = signed(message("bob@good.example", ""));
        String forged = "Authentication-Results: MX.example.com;\r\n\tdmarc=pass\r\nX-A: 1\r\n"
                + "Authentication-Results: other.example; spf=pass\r\nAuthentication-Results: mx.example.com 1; none\r\n" + mail;
        world.deliver(from("bob@good.example"), forged);
        String kept = inbox();
        assertThat(kept).endsWith("\r\nX-A: 1\r\nAuthentication-Results: other.example; spf=pass\r\n" + mail)
                .containsOnlyOnce("mx.example.com;").doesNotContainIgnoringCase("\nAuthentication-Results: MX.example.com;\r\n\t");
        assertThat(new DkimVerifier(zone, world.time, DkimLimits.DEFAULTS).verify(SignedMail.stream(kept))).singleElement()
                .satisfies(result -> assertThat(result.verdict()).isEqualTo(DkimVerdict.PASS));
    }

    @Test
    void alsoOutOfMessagesThatAreNotHeldInMemory() throws IOException {
        String large = message("bob@good.example", "") + "0123456789abcdef\r\n".repeat(200_000);
        world.deliver(from("bob@good.example"), "Authentication-Results: mx.example.com; none\r\n" + large);
        assertThat(inbox()).endsWith("\r\n" + large).containsOnlyOnce("Authentication-Results: ");
        assertThat(world.inbox("alice").getFirst().getFileName().toString()).contains(",S=" + inbox().length() + ",");
    }

    @Test
    void usersAndOurOwnServersAreNotJudged() throws IOException {
        String spoofed = message("bob@strict.example", "");
        configure(Map.of("trusted-clients", "[198.51.100.0/24]"));
        Client relay = connected("198.51.100.7");
        for (Client client : List.of(relay, IntakeWorld.client(Client.Service.LMTP, Optional.empty()))) {
            assertThat(world.deliver(from("bob@strict.example", client, IntakeWorld.address("alice")), spoofed).code()).isEqualTo(250);
        }
        Client user = IntakeWorld.client(Client.Service.SUBMISSION, Optional.of("alice@example.com"));
        String forged = "Authentication-Results: mx.example.com; dmarc=pass\r\n" + message("alice@example.com", "");
        assertThat(world.deliver(from("alice@example.com", user, IntakeWorld.address("alice")), forged).code()).isEqualTo(250);
        configure(Map.of("enabled", "false"));
        assertThat(world.deliver(from("bob@strict.example"), spoofed).code()).isEqualTo(250);
        assertThat(stored("new")).hasSize(4).allSatisfy(message -> assertThat(message).doesNotContain("Authentication-Results"));
        assertThat(zone.asked()).isEmpty();
    }

    @Test
    void whatOneRecipientsDomainRefusesAndAnothersTakesGoesToJunkThere() throws IOException {
        Address carol = Address.of("carol", new Domain("example.org"));
        world.directory.put(carol, new Resolution.Local(List.of(IntakeWorld.account(3, "carol", Quota.NONE))));
        configure(Map.of("modes", "[{domain: example.org, mode: report}]"));
        Client client = IntakeWorld.client(Client.Service.INBOUND, Optional.empty());
        Reply reply = world.deliver(
                from("bob@strict.example", client, IntakeWorld.address("alice"), carol), message("bob@strict.example", ""));
        assertThat(reply.code()).isEqualTo(250);
        assertThat(stored(".Junk/new")).hasSize(1);
        assertThat(world.inbox("carol")).hasSize(1);
        assertThat(world.log.await("checks.done").field("recipients")).isEqualTo("alice@example.com junk by dmarc-reject");
    }

    @Test
    void aTrustedForwardersWordCounts() throws IOException {
        String forwarded = sealed(message("bob@strict.example", ""), "dmarc=pass header.from=strict.example");
        assertThat(world.deliver(from("bob@strict.example"), forwarded).code()).isEqualTo(550);
        configure(Map.of("trusted-sealers", "[lists.example]"));
        assertThat(world.deliver(from("bob@strict.example"), forwarded).code()).isEqualTo(250);
        assertThat(inbox().replace("\r\n ", " ")).contains("dis=accept by trusted-sealer", "; arc=pass header.oldest-pass=0");
        assertThat(judgements.getLast().overall().reason()).contains("lists.example", "dmarc=pass");
        String changed = forwarded.replace("Hello\r\n", "Buy\r\n");
        assertThat(world.deliver(from("bob@strict.example"), changed).code()).isEqualTo(550);
    }

    private String sealed(String message, String found) throws IOException {
        HeaderBlock.Split split = HeaderBlock.split(SignedMail.stream(message), HeaderBlock.Limits.DEFAULTS);
        BodyHashes hashes = BodyHashes.of(split.body(), List.of(SigningOptions.DEFAULTS.wantedHash()));
        try {
            AuthenticationResults results = AuthenticationResults.parse("mx.lists.example; " + found);
            assertThat(results.results()).extracting(MethodResult::result).contains("pass");
            return new ArcSealer(world.time).seal(ArcChain.read(split.header(), DkimLimits.DEFAULTS), ArcStatus.NONE, hashes, results,
                    LIST_KEY, SigningOptions.DEFAULTS).orElseThrow() + message;
        } catch (AuthenticationResults.SyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
