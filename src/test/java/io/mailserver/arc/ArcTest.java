package io.mailserver.arc;

import static io.mailserver.arc.SealedMail.ED25519;
import static io.mailserver.arc.SealedMail.RSA;
import static io.mailserver.arc.SealedMail.ZONE;
import static io.mailserver.arc.SealedMail.seal;
import static io.mailserver.arc.SealedMail.verify;
import static io.mailserver.dkim.SignedMail.MESSAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.authres.AuthenticationResults;
import io.mailserver.authres.MethodResult;
import io.mailserver.dkim.BodyHashes;
import io.mailserver.dkim.DkimLimits;
import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.dkim.SignedMail;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.ZoneText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArcTest {
    private final ZoneText zone = new ZoneText(ZONE);
    private final String one = seal(MESSAGE, zone, RSA);
    private final String two = seal(one, zone, ED25519);

    @Test
    void aMessageWithoutChainHasNone() {
        assertThat(verify(MESSAGE, zone).status()).isEqualTo(ArcStatus.NONE);
    }

    @Test
    void aChainPassesAndNamesItsSealers() {
        ArcResult result = verify(two, zone);
        assertThat(result.status()).as(result.reason()).isEqualTo(ArcStatus.PASS);
        assertThat(result.oldestPass()).isZero();
        assertThat(result.hops()).extracting(ArcResult.Hop::instance).containsExactly(1, 2);
        assertThat(result.hops().getFirst().results()).map(AuthenticationResults::id).contains("mx.example.com");
        assertThat(result.hops().getFirst().results()).map(found -> found.results().getFirst().result()).contains("pass");
    }

    @Test
    void setsHaveTheFormOnWhichImplementationsCompare() {
        String[] fields = seal(MESSAGE, zone, RSA).split("\\r\\n(?! )", 4);
        assertThat(fields[0].replaceAll("\\s+", " ")).matches(
                "ARC-Seal: a=rsa-sha256; b=[A-Za-z0-9+/=]+; cv=none; d=example.com; i=1; s=r; t=1700000000");
        assertThat(fields[1].replaceAll("\\s+", " ")).matches("ARC-Message-Signature: a=rsa-sha256; b=[A-Za-z0-9+/=]+;"
                + " bh=[A-Za-z0-9+/=]+; c=relaxed/relaxed; d=example.com; h=[a-z: -]+; i=1; s=r; t=1700000000");
        assertThat(fields[2]).startsWith("ARC-Authentication-Results: i=1;");
    }

    @Test
    void aHandlerMayChangeTheMessageAndSealItAnew() {
        // Verified as it came, changed, then sealed: the second one's signature no longer holds, its seal does.
        String changed = seal(two + "A footer.\r\n", ArcStatus.PASS, RSA);
        ArcResult result = verify(changed, zone);
        assertThat(result.status()).as(result.reason()).isEqualTo(ArcStatus.PASS);
        assertThat(result.oldestPass()).isEqualTo(3);
    }

    @ParameterizedTest(name = "{0} becomes {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            Hi  Bob                     | Hi  Rob                    | body
            alice@example.com           | eve@example.com            | last message signature
            mx.example.com              | mx.example.org             | seal
            cv=none                     | cv=pass                    | says cv=pass
            cv=pass                     | cv=none                    | says cv=none
            cv=none                     | cv=maybe                   | cv=
            cv=none                     | cx=none                    | cv=
            cv=none; d=example.com; i=1 | cv=none; d=example.com; i=3 | 0 fields ARC-Seal of instance 1
            cv=pass; d=example.com; i=2 | cv=pass; d=example.com; i=1 | 2 fields ARC-Seal of instance 1
            cv=pass; d=example.com; i=2 | cv=pass; d=example.com; i=51 | not 1 to 50
            cv=pass; d=example.com; i=2 | cv=pass; d=example.com; i=0 | not 1 to 50
            cv=pass; d=example.com; i=2 | cv=pass; d=example.com; i=x | not 1 to 50
            cv=pass; d=example.com;     | cv=pass; d=example.com; h=from; | with 'h='
            cv=pass; d=example.com; i=2 | cv=pass; d=example.com; i=2; i=2 | twice
            ARC-Seal: a=rsa             | X-ARC-Seal: a=rsa          | 0 fields ARC-Seal of instance 1
            ARC-Message-Signature: a=ed | X-Gone: a=ed               | 0 fields ARC-Message-Signature of instance 2
            h=from:                     | h=arc-seal:from:           | over seals
            """)
    void brokenChains(String was, String becomes, String reason) {
        assertThat(two).contains(was);
        ArcResult result = verify(two.replace(was, becomes), zone);
        assertThat(result.status()).isEqualTo(ArcStatus.FAIL);
        assertThat(result.reason()).contains(reason);
    }

    @Test
    void aDnsFailureFailsTheChainAndIsTold() {
        ArcResult result = verify(two, new ZoneText("$SERVFAIL _domainkey.example.com"));
        assertThat(result.status()).isEqualTo(ArcStatus.FAIL);
        assertThat(result.temporary()).isTrue();
        assertThat(verify(two, new ZoneText("example.com A 192.0.2.1")).temporary()).isFalse();
    }

    @Test
    void aBrokenChainIsSealedAsSuchAndThenOver() {
        String broken = two.replace("Hi  Bob", "Hi  Rob");
        String sealed = seal(broken, zone, RSA);
        assertThat(sealed).contains("cv=fail; d=example.com; i=3;");
        assertThat(verify(sealed, zone).reason()).contains("before us");
        assertThat(seal(sealed, zone, RSA)).isEqualTo(sealed);
    }

    @Test
    void aChainEndsAtFiftySets() {
        String message = MESSAGE;
        for (int i = 0; i < 52; i++) {
            message = seal(message, i == 0 ? ArcStatus.NONE : ArcStatus.PASS, ED25519);
        }
        assertThat(message).contains("cv=pass; d=example.com; i=50;").doesNotContain("i=51;");
        assertThat(verify(message, zone).status()).isEqualTo(ArcStatus.PASS);
    }

    @Test
    void resultsOfOurIdAreCombined() {
        HeaderBlock header = HeaderBlock.parse(("Authentication-Results: mx.example.com; spf=pass\r\n"
                + "Authentication-Results: evil.example; dkim=pass\r\n"
                + "Authentication-Results: MX.example.com; dkim=fail; dmarc=none\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII), HeaderBlock.Limits.DEFAULTS);
        assertThat(ArcSealer.combined(header, "mx.example.com").results()).extracting(MethodResult::method)
                .containsExactly("spf", "dkim", "dmarc");
    }

    @Test
    void arcDoesNotSignWhatItMustNot() throws IOException {
        HeaderBlock.Split split = HeaderBlock.split(SignedMail.stream(MESSAGE), HeaderBlock.Limits.DEFAULTS);
        SigningOptions options = new SigningOptions(SigningOptions.DEFAULTS.header(), SigningOptions.DEFAULTS.body(),
                List.of("from", "Authentication-Results"), Optional.empty(), Optional.empty());
        BodyHashes hashes = BodyHashes.of(split.body(), List.of(options.wantedHash()));
        ArcChain chain = ArcChain.read(split.header(), DkimLimits.DEFAULTS);
        assertThatThrownBy(() -> new ArcSealer(new ManualTime(SignedMail.NOW)).seal(chain, ArcStatus.NONE, hashes,
                new AuthenticationResults("mx", List.of()), RSA, options)).isInstanceOf(IllegalArgumentException.class);
    }
}
