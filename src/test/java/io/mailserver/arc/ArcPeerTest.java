package io.mailserver.arc;

import static io.mailserver.arc.SealedMail.RSA;
import static io.mailserver.arc.SealedMail.ZONE;
import static io.mailserver.dkim.SignedMail.MESSAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailserver.dkim.KeyFiles;
import io.mailserver.dkim.SignedMail;
import io.mailserver.simulation.PeerProcess;
import io.mailserver.simulation.ZoneText;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

/** python3-dkim takes our chains, and we take its. */
@Tag("peer")
class ArcPeerTest {
    private static final Map<String, String> KEYS =
            Map.of("r._domainkey.example.com", KeyFiles.keyRecord(SignedMail.OTHER_RSA.getPublic()));

    private final ZoneText zone = new ZoneText(ZONE);
    private final ObjectMapper json = new ObjectMapper();

    private List<String> ask(List<Map<String, Object>> cases) throws Exception {
        assumeTrue(PeerProcess.hasPythonModule("dkim, authres"), "missing: apt install python3-dkim python3-authres");
        List<String> answers = new ArrayList<>();
        for (String line : PeerProcess.python("/peers/dkim_cases.py", cases.stream().map(json::writeValueAsString).toList())) {
            answers.add(json.readValue(line, String.class));
        }
        return answers;
    }

    @Test
    void pythonTakesOurChains() throws Exception {
        String one = SealedMail.seal(MESSAGE, zone, RSA);
        String two = SealedMail.seal(one, zone, RSA);
        List<Map<String, Object>> cases = new ArrayList<>();
        for (String message : List.of(MESSAGE, one, two, two.replace("Hi  Bob", "Hi  Rob"), two.replace("spf=pass", "spf=fail"))) {
            cases.add(Map.of("do", "arc-verify", "message", message, "zone", KEYS));
        }
        assertThat(ask(cases)).containsExactly("none", "pass", "pass", "fail", "fail");
    }

    @Test
    void weTakePythonsChains() throws Exception {
        byte[] lineEnd = {'\n'};
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, lineEnd).encodeToString(SignedMail.OTHER_RSA.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        String message = "Authentication-Results: mx.example.com; arc=none; spf=pass smtp.mailfrom=a@example.com\r\n" + MESSAGE;
        String one = sign(message, pem) + message;
        assertThat(SealedMail.verify(one, zone).status()).as(one).isEqualTo(ArcStatus.PASS);
        String again = one.replace("arc=none", "arc=pass").replace("ARC-Authentication-Results: i=1; mx.example.com; arc=pass",
                "ARC-Authentication-Results: i=1; mx.example.com; arc=none");
        String two = sign(again, pem) + again;
        assertThat(SealedMail.verify(two, zone).status()).as("%s %s", SealedMail.verify(two, zone), two).isEqualTo(ArcStatus.PASS);
    }

    private String sign(String message, String pem) throws Exception {
        return ask(List.of(Map.of("do", "arc-sign", "message", message, "key", pem, "selector", "r", "domain", "example.com",
                "id", "mx.example.com"))).getFirst();
    }
}
