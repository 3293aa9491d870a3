package io.mailserver.dkim;

import static io.mailserver.dkim.SignedMail.MESSAGE;
import static io.mailserver.dkim.SignedMail.key;
import static io.mailserver.dkim.SignedMail.published;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.simulation.PeerProcess;
import io.mailserver.simulation.ZoneText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

/**
 * python3-dkim and opendkim take what we sign, and we take what python3-dkim signs. (Debian's opendkim-testmsg signs with rsa-sha1, which
 * RFC 8301 forbids.)
 */
@Tag("peer")
class DkimPeerTest {
    private static final List<String> CANONICALIZATIONS = List.of("simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed");
    private static final String OPENDKIM = "/usr/sbin/opendkim";
    private static final String ZONE = published("r", SignedMail.RSA, "") + published("e", SignedMail.ED25519, "");
    private static final Map<String, String> KEYS = Map.of(
            "r._domainkey.example.com", KeyFiles.keyRecord(SignedMail.RSA.getPublic()),
            "e._domainkey.example.com", KeyFiles.keyRecord(SignedMail.ED25519.getPublic()));

    private final ObjectMapper json = new ObjectMapper();

    private List<String> ask(List<Map<String, Object>> cases) throws Exception {
        assumeTrue(PeerProcess.hasPythonModule("dkim, nacl"), "missing: apt install python3-dkim python3-nacl");
        List<String> answers = new ArrayList<>();
        for (String line : PeerProcess.python("/peers/dkim_cases.py", cases.stream().map(json::writeValueAsString).toList())) {
            answers.add(json.readValue(line, String.class));
        }
        assertThat(answers).hasSameSizeAs(cases);
        return answers;
    }

    private static String variant(Random random) {
        String body = switch (random.nextInt(6)) {
            case 0 -> "";
            case 1 -> "\r\n\r\n";
            case 2 -> "no end";
            case 3 -> " \t \r\nx  y \t\r\n \r\n\r\n";
            case 4 -> "\u00e4\u00f6 octets\r\n.dot\r\n";
            default -> "line\r\n".repeat(1 + random.nextInt(40));
        };
        String extra = random.nextBoolean() ? "" : "X-Odd: a \t b  \r\n\tc \r\nSubject: second\r\n";
        return extra + MESSAGE.substring(0, MESSAGE.indexOf("\r\n\r\n") + 4) + body;
    }

    @Test
    void pythonTakesOurSignaturesAndRefusesWhatWeRefuse() throws Exception {
        Random random = new Random(7);
        List<Map<String, Object>> cases = new ArrayList<>();
        List<String> ours = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            String[] kinds = CANONICALIZATIONS.get(i % 4).split("/", 2);
            SigningOptions options = new SigningOptions(Canonicalization.ofWord(kinds[0]).orElseThrow(),
                    Canonicalization.ofWord(kinds[1]).orElseThrow(), List.of(), Optional.empty(), Optional.empty());
            boolean ed25519 = random.nextBoolean();
            KeyPair pair = ed25519 ? SignedMail.ED25519 : SignedMail.RSA;
            String signed = SignedMail.sign(variant(random), key(ed25519 ? "e" : "r", pair), options);
            if (random.nextInt(3) == 0) {
                int at = random.nextInt(signed.length());
                signed = signed.substring(0, at) + (random.nextBoolean() ? "  " : "z") + signed.substring(at);
            }
            ours.add(DkimResult.overall(SignedMail.verify(signed, new ZoneText(ZONE))) == DkimVerdict.PASS ? "pass" : "fail");
            cases.add(Map.of("do", "verify", "message", signed, "zone", KEYS));
        }
        assertThat(ours).contains("pass", "fail");
        List<String> theirs = ask(cases);
        for (int i = 0; i < cases.size(); i++) {
            // What breaks the grammar crashes it or fails; for us it is permerror.
            String verdict = theirs.get(i).startsWith("crash:") ? "fail" : theirs.get(i);
            assertThat(verdict).as("%s", cases.get(i).get("message")).isEqualTo(ours.get(i));
        }
    }

    @Test
    void weTakePythonsSignatures() throws Exception {
        Random random = new Random(8);
        List<Map<String, Object>> cases = new ArrayList<>();
        byte[] ed25519 = SignedMail.ED25519.getPrivate().getEncoded();
        String seed = Base64.getEncoder().encodeToString(Arrays.copyOfRange(ed25519, ed25519.length - 32, ed25519.length));
        for (int i = 0; i < 40; i++) {
            boolean rsa = random.nextBoolean();
            cases.add(Map.of("do", "sign", "message", variant(random), "key", rsa ? pem() : seed, "selector", rsa ? "r" : "e",
                    "domain", "example.com", "canon", CANONICALIZATIONS.get(i % 4), "algorithm", rsa ? "rsa-sha256" : "ed25519-sha256",
                    "fields", List.of("From", "To", "Subject", "Date", "From", "X-None")));
        }
        List<String> fields = ask(cases);
        for (int i = 0; i < cases.size(); i++) {
            String signed = fields.get(i) + cases.get(i).get("message");
            assertThat(DkimResult.overall(SignedMail.verify(signed, new ZoneText(ZONE)))).as("%s", signed).isEqualTo(DkimVerdict.PASS);
        }
    }

    @Test
    void opendkimTakesOurSignatures(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of(OPENDKIM)), "opendkim is not installed: apt install opendkim");
        Path keys = Files.writeString(folder.resolve("keys"),
                "r._domainkey.example.com " + KeyFiles.keyRecord(SignedMail.RSA.getPublic()) + "\n");
        Path conf = Files.writeString(folder.resolve("conf"), "Mode v\nTestPublicKeys " + keys + "\n");
        Random random = new Random(9);
        for (int i = 0; i < 12; i++) {
            String[] kinds = CANONICALIZATIONS.get(i % 4).split("/", 2);
            SigningOptions options = new SigningOptions(Canonicalization.ofWord(kinds[0]).orElseThrow(),
                    Canonicalization.ofWord(kinds[1]).orElseThrow(), List.of(), Optional.empty(), Optional.empty());
            Path message = folder.resolve("message" + i);
            String signed = SignedMail.sign(variant(random).replace("no end", "end\r\n"), key("r", SignedMail.RSA), options);
            Files.write(message, (i % 3 == 0 ? signed.replace("Alice", "Eve") : signed).getBytes(StandardCharsets.ISO_8859_1));
            PeerProcess.Output output = PeerProcess.run(new byte[0], List.of(OPENDKIM, "-t", message.toString(), "-x", conf.toString()));
            assertThat(output.out() + output.err()).as(signed).contains(i % 3 == 0 ? "failed" : "succeeded");
        }
    }

    private static String pem() {
        byte[] lineEnd = {'\n'};
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, lineEnd).encodeToString(SignedMail.RSA.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }
}
