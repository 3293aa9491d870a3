package io.mailserver.arc;

import static io.mailserver.arc.SealedMail.ED25519;
import static io.mailserver.arc.SealedMail.RSA;
import static io.mailserver.arc.SealedMail.ZONE;
import static io.mailserver.arc.SealedMail.seal;
import static io.mailserver.arc.SealedMail.verify;
import static io.mailserver.dkim.SignedMail.MESSAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.Fuzz;
import io.mailserver.simulation.ZoneText;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArcFuzzTest {
    private final ZoneText zone = new ZoneText(ZONE);
    private final String two = seal(seal(MESSAGE, zone, RSA), zone, ED25519);

    @Test
    void damagedChainsNeverPassAndNeverThrow() {
        Fuzz.texts(List.of(two), damaged -> {
            ArcResult result = verify(damaged, zone);
            String essence = damaged.replaceAll("\\s", "");
            boolean untouched = essence.contains("HiBob,seeyou.") && essence.contains("Alice<alice@example.com>");
            assertThat(result.status() != ArcStatus.PASS || untouched).isTrue();
            assertThat(result.reason()).doesNotContain("\r", "\n");
        });
    }
}
