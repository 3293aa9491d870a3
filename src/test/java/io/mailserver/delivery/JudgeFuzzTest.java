package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.authres.AuthenticationResults;
import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.SpamConfig;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.simulation.Fuzz;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.simulation.ZoneText;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** No message breaks a judgement, and whatever the header, exactly the fields that pretend to be ours are taken out. */
class JudgeFuzzTest {
    private static final String ID = "mx.example.com";
    private static final List<String> MESSAGES = List.of(
            "Authentication-Results: mx.example.com; spf=pass\r\nFrom: a@good.example\r\nSubject: x\r\n\r\nbody\r\n",
            "From: A <a@good.example>, B <b@bad.example>\r\nList-Id: <l>\r\nAuthentication-Results:\r\n mx.example.com;\r\n none\r\n\r\n",
            "DKIM-Signature: v=1; a=rsa-sha256; d=good.example; s=k; h=from:to; bh=AAAA; b=AAAA\r\nARC-Seal: i=1; cv=none; b=AA\r\n"
                    + "authentication-results : MX.EXAMPLE.COM 1; dmarc=pass\nFrom: a@good.example\r\nFrom: c@x\r\n\r\n\r\nbody");
    private static final ZoneText ZONE = new ZoneText("""
            good.example        TXT "v=spf1 include:other.example a mx exists:%{l}.x.example -all"
            _dmarc.good.example TXT "v=DMARC1; p=reject"
            $TIMEOUT other.example
            """);

    @Test
    void anyMessageIsJudged() {
        ManualTime time = new ManualTime(SimulatedDisk.START);
        ChecksConfig config = ChecksConfig.defaults();
        try (PlatformPool pool = new PlatformPool("files", 1, 10)) {
            Judge judge = new Judge(new Examiner(ZONE, pool, time), () -> new Judge.Settings(ID, config, SpamConfig.defaults()), time);
            Fuzz.texts(MESSAGES, text -> {
                byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
                String helo = text.substring(0, Math.min(40, text.length()));
                Transaction transaction = new Transaction(InetAddress.ofLiteral("192.0.2.1"), helo,
                        text.lines().findFirst().orElse(""), List.of(Address.of("alice", new Domain("example.com"))));
                try {
                    HeaderBlock.Split split = HeaderBlock.split(new ByteArrayInputStream(octets), HeaderBlock.Limits.DEFAULTS);
                    Judgement judgement = judge.judge(transaction, split, octets.length, Judge.ContentCheck.NONE);
                    assertThat(judgement.results().toField()).doesNotContain("\r\n\r\n").endsWith("\r\n");
                    assertThat(judgement.results().toField().strip().lines().skip(1)).allMatch(line -> line.startsWith(" "));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Test
    void exactlyTheImpostorsGo() throws IOException {
        Client client = IntakeWorld.client(Client.Service.INBOUND, Optional.empty());
        try (PlatformPool pool = new PlatformPool("files", 1, 10)) {
            // Without memory, so that each message is a file.
            ContentSpool spool = new ContentSpool(new SimulatedDisk(1).root(), pool, 16, 1 << 20);
            Fuzz.octets(MESSAGES.stream().map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).toList(), octets -> {
                try (ContentWriter writer = spool.newContent()) {
                    writer.write(octets, 0, octets.length);
                    try (Content content = writer.finish()) {
                        compare(octets, content, client);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static void compare(byte[] octets, Content content, Client client) throws IOException {
        HeaderBlock header = HeaderBlock.parse(octets, HeaderBlock.Limits.DEFAULTS);
        Content kept = WithoutImpostors.of(header, content, client, ID, List.of());
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        header.fields().stream().filter(field -> !field.is(AuthenticationResults.FIELD) || !AuthenticationResults.claims(field, ID))
                .forEach(field -> expected.writeBytes(field.octets()));
        expected.write(octets, header.length(), octets.length - header.length());
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        kept.writeTo(Channels.newChannel(written), ByteBuffer.wrap("Head: x\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertThat(written.toByteArray()).isEqualTo(("Head: x\r\n" + expected.toString(StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1));
        try (InputStream in = kept.open()) {
            assertThat(in.readAllBytes()).isEqualTo(expected.toByteArray());
        }
        assertThat(kept.size()).isEqualTo(expected.size());
        assertThat(kept.bareLineFeeds()).isEqualTo(bareLineFeeds(expected.toByteArray()));
    }

    private static long bareLineFeeds(byte[] octets) {
        long count = 0;
        for (int i = 0; i < octets.length; i++) {
            count += octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r') ? 1 : 0;
        }
        return count;
    }
}
