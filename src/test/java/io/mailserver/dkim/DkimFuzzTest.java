package io.mailserver.dkim;

import static io.mailserver.dkim.SignedMail.key;
import static io.mailserver.dkim.SignedMail.published;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.simulation.Fuzz;
import io.mailserver.simulation.ZoneText;
import java.util.List;
import org.junit.jupiter.api.Test;

class DkimFuzzTest {
    private static final String ZONE = published("e", SignedMail.ED25519, "");

    @Test
    void damagedSignaturesNeverPassAndNeverThrow() {
        String signed = SignedMail.sign(SignedMail.MESSAGE, key("e", SignedMail.ED25519), SigningOptions.DEFAULTS);
        ZoneText zone = new ZoneText(ZONE);
        Fuzz.texts(List.of(signed), damaged -> {
            List<DkimResult> results = SignedMail.verify(damaged, zone);
            String essence = damaged.replaceAll("\\s", ""); // Relaxed signatures do not care for white space.
            boolean untouched = essence.contains("HiBob,seeyou.") && essence.contains("Alice<alice@example.com>");
            assertThat(DkimResult.overall(results) != DkimVerdict.PASS || untouched).isTrue();
            results.forEach(result -> assertThat(result.reason()).doesNotContain("\r", "\n"));
        });
    }

    @Test
    void damagedKeyRecordsNeverThrow() {
        String record = KeyFiles.keyRecord(SignedMail.OTHER_RSA.getPublic());
        Fuzz.texts(List.of(record, "v=DKIM1; k=ed25519; t=y:s; h=sha256; s=email:*; n=x; p=AAAA", "p="), text -> {
            try {
                KeyRecord.parse(text).publicKey();
            } catch (TagList.SyntaxException e) {
                assertThat(e.reason()).isNotEmpty().doesNotContain("\r", "\n");
            }
        });
    }
}
