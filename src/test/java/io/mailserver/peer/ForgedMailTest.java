package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.arc.ArcChain;
import io.mailserver.arc.ArcSealer;
import io.mailserver.arc.ArcStatus;
import io.mailserver.authres.AuthenticationResults;
import io.mailserver.base.Domain;
import io.mailserver.base.SystemTime;
import io.mailserver.dkim.BodyHashes;
import io.mailserver.dkim.DkimLimits;
import io.mailserver.dkim.DkimSigner;
import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.dkim.KeyFiles;
import io.mailserver.dkim.SignedMail;
import io.mailserver.dkim.SigningKey;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Zone;
import io.mailserver.dns.ZoneServer;
import io.mailserver.mime.HeaderBlock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** swaks sends what is proven and what is forged to a whole server: the README's two lines, and a forwarder's mail. */
@Tag("peer")
class ForgedMailTest {
    private static final Path TRIAL_ZONE = Path.of("scripts/trial.zone");
    private static final String KEYS = """
            k._domainkey.friend.example TXT "%1$s"
            k._domainkey.lists.example  TXT "%1$s"
            """.formatted(KeyFiles.keyRecord(SignedMail.ED25519.getPublic()));

    @TempDir
    Path folder;

    private final Program swaks = Program.require("swaks", "swaks");
    private final SystemTime time = new SystemTime();
    private ZoneServer dns;
    private MailServer server;

    @BeforeEach
    void start() throws Exception {
        Zone zone = Zone.parse(Files.readString(TRIAL_ZONE) + "\n" + KEYS);
        dns = ZoneServer.start(() -> zone, 0, time);
        server = new MailServer(folder.resolve("data"), Map.of(
                "dns.servers", "['127.0.0.1:" + dns.address().getPort() + "']", "checks.trusted-sealers", "[lists.example]"));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        dns.close();
        time.close();
    }

    @Test
    void provenMailArrivesMarked() throws Exception {
        assertThat(send("bob@friend.example")).contains("<-  250 2.0.0 ");
        assertThat(server.message().replace("\r\n ", " "))
                .contains("\r\nAuthentication-Results: mail.example.com; dmarc=pass (p=reject) header.from=friend.example; spf=pass ");
        assertThat(server.output()).containsSubsequence(
                "] MAIL FROM:<bob@friend.example>", "\n[AUTH] SPF: PASS DKIM: NONE DMARC: PASS\n[STORE] ");
    }

    @Test
    void forgedMailIsRefusedAfterData() throws Exception {
        assertThat(send("service@bank.example")).contains("<-  354 ", "<** 550 5.7.1 Refused as bank.example asks for (DMARC p=reject)");
        assertThat(server.messages()).isEmpty();
        assertThat(server.output()).contains("\n[AUTH] SPF: FAIL DKIM: NONE DMARC: FAIL\n");
    }

    @Test
    void quarantineLandsInJunk() throws Exception {
        assertThat(send("info@shop.example")).contains("<-  250 2.0.0 ");
        assertThat(server.messages()).isEmpty();
        try (Stream<Path> junk = Files.list(server.maildir().resolve(".Junk/new"))) {
            assertThat(junk).hasSize(1);
        }
    }

    @Test
    void whatCannotBeKnownIsPutOff() throws Exception {
        assertThat(send("somebody@broken.example")).contains("<** 451 4.7.0 Cannot verify the sender now");
    }

    @Test
    void aSignatureProvesWhatWasSentFromElsewhere() throws Exception {
        String message = message("service@friend.example");
        SigningKey key = new SigningKey(new Domain("friend.example"), DnsName.of("k"), SignedMail.ED25519.getPrivate());
        String signature = new DkimSigner(time).sign(SignedMail.stream(message), key, SigningOptions.DEFAULTS);
        assertThat(send("x@club.example", "--data", file(signature + message))).contains("<-  250 2.0.0 ");
        assertThat(server.output()).contains("\n[AUTH] SPF: FAIL DKIM: PASS DMARC: PASS\n");
    }

    @Test
    void aTrustedForwardersChainPasses() throws Exception {
        String forwarded = sealed(message("service@bank.example"));
        assertThat(send("list@lists.example", "--data", file(forwarded))).contains("<-  250 2.0.0 ");
        assertThat(server.message()).contains("dis=accept by trusted-sealer").contains("arc=pass");
        String changed = file(forwarded.replace("Hello", "Send money"));
        assertThat(send("list@lists.example", "--data", changed)).contains("<** 550 5.7.1 ");
    }

    private static String message(String author) {
        return "From: " + author + "\r\nTo: " + MailServer.USER + "\r\nSubject: forwarded\r\n\r\nHello\r\n";
    }

    private String sealed(String message) throws Exception {
        HeaderBlock.Split split = HeaderBlock.split(SignedMail.stream(message), HeaderBlock.Limits.DEFAULTS);
        BodyHashes hashes = BodyHashes.of(split.body(), List.of(SigningOptions.DEFAULTS.wantedHash()));
        SigningKey key = new SigningKey(new Domain("lists.example"), DnsName.of("k"), SignedMail.ED25519.getPrivate());
        AuthenticationResults found = AuthenticationResults.parse("mx.lists.example; dmarc=pass header.from=bank.example");
        return new ArcSealer(time).seal(ArcChain.read(split.header(), DkimLimits.DEFAULTS), ArcStatus.NONE, hashes, found, key,
                SigningOptions.DEFAULTS).orElseThrow() + message;
    }

    private String file(String message) throws Exception {
        Path file = Files.createTempFile(folder, "message", ".eml");
        Files.writeString(file, message, StandardCharsets.ISO_8859_1);
        return "@" + file;
    }

    private String send(String from, String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of("--server", "127.0.0.1:" + server.smtpPort(), "--ehlo", "mail.friend.example", "--from",
                from, "--to", MailServer.USER));
        all.addAll(List.of(more));
        return swaks.run(all.toArray(String[]::new)).output();
    }
}
