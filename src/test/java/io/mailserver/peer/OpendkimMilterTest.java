package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.base.SystemTime;
import io.mailserver.dkim.DkimSigner;
import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.dkim.KeyFiles;
import io.mailserver.dkim.SignedMail;
import io.mailserver.dkim.SigningKey;
import io.mailserver.dns.DnsName;
import io.mailserver.net.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenDKIM as a milter that verifies, with the signer's key in a file: its field is put on the message, its refusal is ours. */
@Tag("peer")
class OpendkimMilterTest {
    private static final String MESSAGE = "From: Ann <ann@sender.example>\r\nTo: " + MailServer.USER
            + "\r\nSubject: signed\r\nDate: Mon, 30 Nov 2026 04:00:00 +0000\r\nMessage-ID: <1@sender.example>\r\n\r\nHello\r\n";

    @TempDir
    Path folder;

    @Test
    void itsFieldIsAddedAndItsRefusalIsOurs() throws Exception {
        Program opendkim = Program.require("opendkim", "opendkim");
        Program swaks = Program.require("swaks", "swaks");
        Path own = Files.createDirectories(folder.resolve("opendkim"));
        Path socket = own.resolve("milter.sock");
        Files.writeString(own.resolve("keys"), "k._domainkey.sender.example " + KeyFiles.keyRecord(SignedMail.RSA.getPublic()) + "\n");
        Path config = Files.writeString(own.resolve("opendkim.conf"), """
                Mode v
                Socket local:%1$s
                AuthservID filter.example
                AlwaysAddARHeader yes
                TestPublicKeys %2$s/keys
                TemporaryDirectory %2$s
                On-BadSignature reject
                On-DNSError accept
                On-KeyNotFound accept
                InternalHosts 203.0.113.1
                RequireSafeKeys no
                UMask 000
                Syslog no
                """.formatted(socket, own));
        try (SystemTime time = new SystemTime();
                Daemon daemon = Daemon.start(opendkim, own, new Endpoint(socket.toString()), "-f", "-x", config.toString());
                ScannedServer server = new ScannedServer(folder.resolve("server"), swaks,
                        Map.of("scanners", "[{type: milter, at: " + socket + ", failing: closed}]", "timeout", "60s"))) {
            SigningKey key = new SigningKey(new Domain("sender.example"), DnsName.of("k"), SignedMail.RSA.getPrivate());
            String signature = new DkimSigner(time).sign(SignedMail.stream(MESSAGE), key, SigningOptions.DEFAULTS);
            assertThat(server.sendRaw(signature + MESSAGE)).as(daemon.said()).contains("<-  250 2.0.0 ");
            assertThat(server.inbox()).singleElement().asString().contains("Authentication-Results: filter.example", "dkim=pass");
            assertThat(server.sendRaw(signature + MESSAGE.replace("Hello", "Send money"))).contains("<** 55");
            assertThat(server.inbox()).hasSize(1);
        }
    }
}
