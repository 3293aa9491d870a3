package io.mailserver.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.sasl.SaslExchange.Step;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaslExchangeTest {
    @Test
    void plainWithInitialResponseGivesTheClaimAtOnce() {
        Step step = new PlainExchange().start(Optional.of(octets("\0alice@example.com\0secret")));
        assertThat(step).isEqualTo(new Step.Claim("", "alice@example.com", "secret"));
    }

    @Test
    void plainWithoutInitialResponseAsksWithAnEmptyChallenge() {
        SaslExchange plain = new PlainExchange();
        assertThat(plain.start(Optional.empty())).isEqualTo(new Step.Challenge(""));
        assertThat(plain.answer(octets("bob\0alice\0secret"))).isEqualTo(new Step.Claim("bob", "alice", "secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "\0\0", "alice\0secret", "\0alice\0", "\0\0secret", "\0alice\0sec\0ret"})
    void malformedPlainIsRefused(String response) {
        assertThat(new PlainExchange().answer(octets(response))).isInstanceOf(Step.Malformed.class);
    }

    @Test
    void plainThatIsNotUtf8IsRefused() {
        assertThat(new PlainExchange().answer(new byte[] {0, 'a', 0, (byte) 0xff})).isInstanceOf(Step.Malformed.class);
    }

    @Test
    void plainLongerThanItsLimitIsRefused() {
        assertThat(new PlainExchange().answer(octets("\0a\0" + "x".repeat(4000)))).isInstanceOf(Step.Malformed.class);
    }

    @Test
    void loginAsksForNameThenPassword() {
        SaslExchange login = new LoginExchange();
        assertThat(login.start(Optional.empty())).isEqualTo(new Step.Challenge("Username:"));
        assertThat(login.answer(octets("alice"))).isEqualTo(new Step.Challenge("Password:"));
        assertThat(login.answer(octets("secret"))).isEqualTo(new Step.Claim("", "alice", "secret"));
    }

    @Test
    void loginTakesTheNameAsInitialResponse() {
        assertThat(new LoginExchange().start(Optional.of(octets("alice")))).isEqualTo(new Step.Challenge("Password:"));
    }

    @Test
    void emptyLoginNameIsRefused() {
        assertThat(new LoginExchange().answer(new byte[0])).isInstanceOf(Step.Malformed.class);
    }

    @Test
    void claimDoesNotShowItsPassword() {
        assertThat(new Step.Claim("", "alice", "secret").toString()).doesNotContain("secret");
    }

    @Test
    void mechanismNamesAreCaseInsensitive() {
        assertThat(SaslMechanism.named("plain")).contains(SaslMechanism.PLAIN);
        assertThat(SaslMechanism.named("Scram-SHA-256-Plus")).contains(SaslMechanism.SCRAM_SHA_256_PLUS);
        assertThat(SaslMechanism.named("CRAM-MD5")).isEmpty();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
