package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.SystemTime;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.SpamConfig;
import io.mailserver.delivery.Evidence;
import io.mailserver.delivery.Examiner;
import io.mailserver.delivery.Judge;
import io.mailserver.delivery.Judgement;
import io.mailserver.delivery.Transaction;
import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.dkim.KeyFiles;
import io.mailserver.dkim.SignedMail;
import io.mailserver.dkim.SigningKey;
import io.mailserver.dmarc.DmarcChecker;
import io.mailserver.dmarc.DmarcLimits;
import io.mailserver.dmarc.DmarcResult;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.ZoneServer;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.net.Endpoint;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.ZoneText;
import io.mailserver.smtp.Address;
import io.mailserver.spam.Milter;
import io.mailserver.spam.ScanResult;
import io.mailserver.spam.Scanner;
import io.mailserver.spf.SpfResult;
import io.mailserver.spf.SpfVerdict;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * OpenDMARC as the milter it is: it gets messages with the Authentication-Results that our judge wrote on them, asks the same DNS for the
 * policy, and must come to our verdict. So it checks the field as much as the verdict. (Its library alone, on more cases:
 * {@code dmarc.DmarcPeerTest}, which says what both differ in by the age of their RFC and is left out here too.)
 *
 * <p>In one thing it differs: it takes an SPF result only where {@code smtp.mailfrom} is a domain. Ours is the whole address, which
 * RFC 8601 §2.7.2 allows and people want to see; of one opendmarc 1.4.2 makes nothing, as if SPF had not been checked. So each message
 * goes to it twice: with the domain alone it must agree, with the address it may say what we say without SPF.
 *
 * <p>It asks the name servers of resolv.conf, which have no ports: it runs in a mount namespace of its own with another resolv.conf, and
 * our DNS listens on port 53. That is the one fixed port of the tests, on an address of loopback made from the process id, so that two
 * runs of the tests do not meet. Both need root.
 */
@Tag("peer")
class OpendmarcTest {
    private static final int CASES = 48;
    private static final int DNS_PORT = 53;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.9");
    private static final String HELO = "mail.sender.example";
    private static final String JUDGE = "judge.example";
    private static final Address RECIPIENT = Address.of("y", new Domain("rcpt.example"));
    private static final List<String> DOMAINS =
            List.of("example.com", "a.example.com", "b.a.example.com", "c.example.com", "other.com", "ample.com");

    private final Random random = new Random(20260102);

    @TempDir
    Path folder;

    /**
     * What is sent.
     *
     * @param signer domain of the signature; empty for none
     */
    private record Case(String from, String mailFrom, boolean spf, String signer, boolean dkim, String record) {
        String zone() {
            StringBuilder out = new StringBuilder("_dmarc.example.com TXT \"" + record + "\"\n");
            for (String each : DOMAINS) {
                String sends = each.equals(mailFrom) && spf ? "ip4:192.0.2.9 " : "";
                out.append(each).append(" A 192.0.2.1\n").append(each).append(" TXT \"v=spf1 ").append(sends).append("-all\"\n")
                        .append("k._domainkey.").append(each).append(" TXT \"")
                        .append(KeyFiles.keyRecord(SignedMail.ED25519.getPublic())).append("\"\n");
            }
            return out.toString();
        }

        String message() {
            String message = "From: Ann <ann@" + from + ">\r\nTo: y@rcpt.example\r\nSubject: x\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
                    + "Message-ID: <1@" + from + ">\r\n\r\nHello\r\n";
            if (signer.isEmpty()) {
                return message;
            }
            SigningKey key = new SigningKey(new Domain(signer), DnsName.of("k"), SignedMail.ED25519.getPrivate());
            String signed = SignedMail.sign(message, key, SigningOptions.DEFAULTS);
            return dkim ? signed : signed.replace("Hello", "Send money");
        }
    }

    @Test
    void itReadsOurResultsAndAgrees() throws Exception {
        Program opendmarc = Program.require("opendmarc", "opendmarc");
        Program unshare = Program.require("unshare", "util-linux");
        assumeTrue(unshare.run("-m", "true").status() == 0, "needs root: a mount namespace for another resolv.conf");
        ZoneText zone = new ZoneText("");
        try (SystemTime time = new SystemTime(); ZoneServer dns = nameServer(zone, time)) {
            Path own = Files.createDirectories(folder.resolve("opendmarc"));
            Endpoint socket = new Endpoint(own.resolve("milter.sock").toString());
            String config = configure(own, socket, dns.address().getAddress()).toString();
            try (Daemon daemon = Daemon.start(unshare, own, socket, "-m", "--propagation", "private", "sh", "-c",
                    "mount --bind \"$1\" /etc/resolv.conf && exec \"$2\" -f -c \"$3\"", "sh",
                    own.resolve("resolv.conf").toString(), opendmarc.file().toString(), config)) {
                compare(zone, new Milter(socket, time));
                daemon.kill(); // It takes more than five seconds over SIGTERM.
            }
        }
    }

    private void compare(ZoneText zone, Milter milter) throws IOException {
        List<String> differences = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        try (PlatformPool pool = new PlatformPool("files", 1, 10)) {
            for (int i = 0; i < CASES; i++) {
                Case given = make();
                zone.set(given.zone());
                Judgement judgement = judge(given, zone, pool);
                DmarcResult dmarc = judgement.evidence().dmarc();
                String field = judgement.results().toField();
                String theirs = ask(milter, given, field.replace("smtp.mailfrom=x@", "smtp.mailfrom="));
                seen.add(theirs);
                if (!word(dmarc).equals(theirs)) {
                    differences.add(given + "\n" + field + "we say " + word(dmarc) + ", opendmarc " + theirs);
                }
                String withAddress = ask(milter, given, field);
                if (!withAddress.equals(theirs) && !withAddress.equals(withoutSpf(judgement.evidence(), zone))) {
                    differences.add(given + "\n" + field + "we say " + word(dmarc) + ", opendmarc of the address " + withAddress);
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(seen).contains("pass", "reject", "quarantine", "none");
        assertThat(zone.asked()).as("it asked our DNS").contains("_dmarc.example.com TXT");
    }

    private static String word(DmarcResult dmarc) {
        return dmarc.verdict() == DmarcVerdict.PASS ? "pass" : dmarc.applied().word();
    }

    private static String withoutSpf(Evidence evidence, ZoneText zone) {
        SpfResult none = new SpfResult(SpfVerdict.NONE, SpfResult.Identity.MAIL_FROM, evidence.spfMailFrom().domain(), Optional.empty(),
                Optional.empty(), "", List.of());
        return word(new DmarcChecker(zone, new ManualTime(SignedMail.NOW), DmarcLimits.DEFAULTS)
                .check(evidence.authors(), none, evidence.dkim()));
    }

    private Case make() {
        String signer = random.nextBoolean() ? pick(DOMAINS) : "";
        String record = "v=DMARC1; p=" + pick(List.of("none", "quarantine", "reject"))
                + pick(List.of("", "; sp=none", "; sp=quarantine", "; sp=reject"))
                + pick(List.of("", "; adkim=r")) + pick(List.of("", "; aspf=r"));
        return new Case(pick(DOMAINS.subList(0, 3)), pick(DOMAINS), random.nextBoolean(), signer, random.nextBoolean(), record);
    }

    private static Judgement judge(Case given, ZoneText zone, PlatformPool pool) throws IOException {
        ManualTime time = new ManualTime(SignedMail.NOW);
        Judge judge = new Judge(new Examiner(zone, pool, time),
                () -> new Judge.Settings(JUDGE, ChecksConfig.defaults(), SpamConfig.defaults()), time);
        byte[] octets = given.message().getBytes(StandardCharsets.US_ASCII);
        Transaction transaction = new Transaction(CLIENT, HELO, "x@" + given.mailFrom(), List.of(RECIPIENT));
        HeaderBlock.Split split = HeaderBlock.split(SignedMail.stream(given.message()), HeaderBlock.Limits.DEFAULTS);
        return judge.judge(transaction, split, octets.length, Judge.ContentCheck.NONE);
    }

    /** What opendmarc says of the message with a field on top. */
    private static String ask(Milter milter, Case given, String field) {
        byte[] octets = (field + given.message()).getBytes(StandardCharsets.US_ASCII);
        Scanner.Envelope envelope = new Scanner.Envelope(CLIENT, HELO, "x@" + given.mailFrom(), List.of(RECIPIENT.toString()), "");
        return switch (milter.scan(envelope, new OctetContent(octets), PATIENCE)) {
            case ScanResult.Refused refused -> "reject";
            case ScanResult.Changed changed when changed.quarantine().isPresent() -> "quarantine";
            case ScanResult.Changed changed when changed.fields().contains("dmarc=pass") -> "pass";
            case ScanResult.Changed changed when changed.fields().contains("dmarc=fail") -> "none";
            case ScanResult other -> other.toString();
        };
    }

    private static Path configure(Path own, Endpoint socket, InetAddress dns) throws IOException {
        Files.writeString(own.resolve("resolv.conf"), "nameserver " + dns.getHostAddress() + "\noptions timeout:5 attempts:2\n");
        Files.writeString(own.resolve("suffixes"), "com\n");
        Files.writeString(own.resolve("ignore"), "203.0.113.1\n");
        return Files.writeString(own.resolve("opendmarc.conf"), """
                Socket local:%1$s
                AuthservID filter.example
                TrustedAuthservIDs %3$s
                PublicSuffixList %2$s/suffixes
                IgnoreHosts %2$s/ignore
                RejectFailures true
                HoldQuarantinedMessages true
                SPFSelfValidate false
                Syslog false
                UserID root
                UMask 000
                """.formatted(socket, own, JUDGE));
    }

    /** Skips the test where port 53 is not ours to bind. */
    private static ZoneServer nameServer(ZoneText zone, SystemTime time) throws IOException {
        long pid = ProcessHandle.current().pid();
        byte[] address = {127, (byte) (64 + (pid >> 16 & 63)), (byte) (pid >> 8), (byte) pid};
        InetSocketAddress at = new InetSocketAddress(InetAddress.getByAddress(address), DNS_PORT);
        try {
            return ZoneServer.start(zone::zone, at, time);
        } catch (BindException e) {
            return abort("cannot bind " + at + " (port 53 needs root, and nobody else on all addresses): " + e.getMessage());
        }
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
