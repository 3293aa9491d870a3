package io.mailserver.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.sasl.PasswordVerifier.Outcome;
import io.mailserver.sasl.SaslLogin.Step;
import io.mailserver.simulation.Fuzz;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramExchangeTest {
    /** RFC 7677 §3 gives this exchange. */
    private static final ScramKeys PENCIL =
            ScramKeys.derive("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    private static final String NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String FINAL = "c=biws,r=rOprNGfwEbeRWgbNEkqO" + NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final ChannelBindings BINDINGS =
            type -> type.equals("tls-exporter") ? Optional.of(octets("secret of the channel")) : Optional.empty();

    @Test
    void exchangeOfRfc7677Succeeds() {
        SaslLogin login = login(Optional.empty());
        assertThat(login.start(SaslMechanism.SCRAM_SHA_256, Optional.of(octets("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))))
                .isEqualTo(new Step.Challenge("r=rOprNGfwEbeRWgbNEkqO" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
        assertThat(login.answer(octets(FINAL))).isEqualTo(new Step.Challenge("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        assertThat(login.answer(new byte[0])).isEqualTo(new Step.Done("user", new Outcome.Success("user@example.com")));
    }

    @Test
    void wrongProofIsRejectedAndCounted() {
        SaslLogin login = login(Optional.empty());
        login.start(SaslMechanism.SCRAM_SHA_256, Optional.of(octets("n,,n=user,r=rOprNGfwEbeRWgbNEkqO")));
        assertThat(login.answer(octets(FINAL.replace("p=dHzb", "p=dHzc")))).isEqualTo(new Step.Done("user", new Outcome.Rejected()));
    }

    @Test
    void proofForAnotherNonceIsRejected() {
        SaslLogin login = login(Optional.empty());
        login.start(SaslMechanism.SCRAM_SHA_256, Optional.of(octets("n,,n=user,r=another")));
        assertThat(login.answer(octets(FINAL))).isEqualTo(new Step.Done("user", new Outcome.Rejected()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "n,,", "n,,n=user", "n,,r=x,n=user", "n,,n=a=2Xb,r=x", "x,,n=user,r=x", "n,,m=x,n=user,r=x", "n,,n=user,r=a b"
    })
    void malformedFirstMessageIsRefused(String message) {
        assertThat(login(Optional.empty()).start(SaslMechanism.SCRAM_SHA_256, Optional.of(octets(message))))
                .isInstanceOf(Step.Malformed.class);
    }

    @Test
    void escapedNamesAreUnderstood() {
        SaslLogin login = login(Optional.empty());
        login.start(SaslMechanism.SCRAM_SHA_256, Optional.of(octets("n,,n=a=2Cb=3Dc,r=x")));
        assertThat(login.answer(octets(FINAL))).isEqualTo(new Step.Done("a,b=c", new Outcome.Rejected()));
    }

    @Test
    void actingAsAnotherIsRejected() {
        assertThat(login(Optional.empty()).start(SaslMechanism.SCRAM_SHA_256, Optional.of(octets("n,a=boss,n=user,r=x"))))
                .isEqualTo(new Step.Done("user", new Outcome.Rejected()));
    }

    /** RFC 5802 §6: somebody in between hid -PLUS from the client. */
    @Test
    void downgradeIsNoticed() {
        assertThat(login(Optional.of(BINDINGS)).start(SaslMechanism.SCRAM_SHA_256, Optional.of(octets("y,,n=user,r=x"))))
                .isEqualTo(new Step.Done("user", new Outcome.Rejected()));
        assertThat(login(Optional.empty()).start(SaslMechanism.SCRAM_SHA_256, Optional.of(octets("y,,n=user,r=x"))))
                .isInstanceOf(Step.Challenge.class);
    }

    @Test
    void plusNeedsABindingThatThisChannelHas() {
        assertThat(plus("p=tls-unique,,n=user,r=x")).isEqualTo(new Step.Done("user", new Outcome.Rejected()));
        assertThat(plus("n,,n=user,r=x")).isEqualTo(new Step.Done("user", new Outcome.Rejected()));
        assertThat(plus("p=tls-exporter,,n=user,r=x")).isInstanceOf(Step.Challenge.class);
    }

    private static Step plus(String first) {
        return login(Optional.of(BINDINGS)).start(SaslMechanism.SCRAM_SHA_256_PLUS, Optional.of(octets(first)));
    }

    @Test
    void plusIsOfferedUnderTlsOnlyAndFirst() {
        assertThat(login(Optional.empty()).offered())
                .containsExactly(SaslMechanism.SCRAM_SHA_256, SaslMechanism.PLAIN, SaslMechanism.LOGIN);
        assertThat(login(Optional.of(BINDINGS)).offered()).startsWith(SaslMechanism.SCRAM_SHA_256_PLUS);
    }

    @Test
    void noMessageSucceedsByChance() {
        List<byte[]> seeds = List.of(octets("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"), octets("y,a=user,n=us=2Cer,r=abc,x=y"), octets(FINAL));
        Fuzz.octets(seeds, message -> {
            SaslLogin login = login(Optional.empty());
            if (login.start(SaslMechanism.SCRAM_SHA_256, Optional.of(message)) instanceof Step.Challenge) {
                assertThat(login.answer(message)).isNotInstanceOf(Step.Challenge.class);
            }
        });
    }

    private static SaslLogin login(Optional<ChannelBindings> bindings) {
        return new SaslLogin(new OneUser(), InetAddress.getLoopbackAddress(), bindings);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The user of RFC 7677, whoever is named. */
    private static final class OneUser implements PasswordVerifier, ScramDirectory {
        @Override
        public Outcome verify(String userName, String password, InetAddress client) {
            return new Outcome.Rejected();
        }

        @Override
        public Optional<ScramDirectory> scram() {
            return Optional.of(this);
        }

        @Override
        public Lookup lookup(String userName, InetAddress client) {
            return new Lookup.Found(List.of(PENCIL), NONCE);
        }

        @Override
        public Outcome conclude(String userName, Optional<ScramKeys> proven, InetAddress client) {
            return proven.isPresent() ? new Outcome.Success("user@example.com") : new Outcome.Rejected();
        }
    }
}
