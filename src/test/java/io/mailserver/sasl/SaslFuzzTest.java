package io.mailserver.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.sasl.SaslExchange.Step;
import io.mailserver.simulation.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SaslFuzzTest {
    private static final List<byte[]> RESPONSES = List.of(
            "admin\0alice@example.com\0secret".getBytes(StandardCharsets.UTF_8),
            "\0j\u00fcrgen\0p\u00e4ss w\u00f6rd".getBytes(StandardCharsets.UTF_8),
            "\u0627\u0628 \u2168 \u00ad\ufe0f".getBytes(StandardCharsets.UTF_8));

    @Test
    void anyResponseIsAClaimWithNameAndPasswordOrMalformed() {
        Fuzz.octets(RESPONSES, response -> {
            for (SaslExchange exchange : List.of(new PlainExchange(), new LoginExchange())) {
                Step step = exchange.start(Optional.of(response));
                if (step instanceof Step.Challenge) {
                    step = exchange.answer(response);
                }
                if (step instanceof Step.Claim claim) {
                    assertThat(claim.userName()).isNotEmpty().doesNotContain("\0");
                    assertThat(claim.password()).isNotEmpty().doesNotContain("\0");
                } else {
                    assertThat(step).isInstanceOf(Step.Malformed.class);
                }
            }
        });
    }

    @Test
    void preparingTwiceChangesNothing() {
        Fuzz.octets(RESPONSES, octets -> {
            Optional<String> once = SaslPrep.prepare(new String(octets, StandardCharsets.UTF_8));
            assertThat(once.flatMap(SaslPrep::prepare)).isEqualTo(once);
        });
    }
}
