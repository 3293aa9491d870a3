package io.mailserver.dkim;

import static io.mailserver.dkim.SignedMail.key;
import static io.mailserver.dkim.SignedMail.published;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.simulation.ZoneText;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What we sign verifies; whatever is changed in what was signed does not. */
class DkimPropertyTest {
    private static final int ROUNDS = 60;
    private static final String ZONE = published("r", SignedMail.OTHER_RSA, "") + published("e", SignedMail.ED25519, "");

    private static String randomMessage(Random random) {
        StringBuilder message = new StringBuilder("From: a@example.com\r\n");
        int fields = random.nextInt(8);
        for (int i = 0; i < fields; i++) {
            message.append(List.of("To", "Subject", "X-A", "cc", "Received", "Subject ").get(random.nextInt(6))).append(':')
                    .append(randomText(random, " \tabc", 12)).append(random.nextBoolean() ? "x\r\n" : "x\r\n\ty\r\n");
        }
        message.append("\r\n");
        int lines = random.nextInt(10);
        for (int i = 0; i < lines; i++) {
            message.append(randomText(random, " \tab.=\u00e4\0", 20)).append("\r\n");
        }
        return message.append(random.nextBoolean() ? "" : "end").toString();
    }

    private static String randomText(Random random, String letters, int max) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(max);
        for (int i = 0; i < length; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    @Test
    void whatIsSignedVerifies() {
        long seed = Long.getLong("property.seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            String message = randomMessage(random);
            Canonicalization[] kinds = Canonicalization.values();
            List<String> fields = random.nextBoolean() ? List.of() : List.of("From", "Subject", "subject", "X-A", "none");
            SigningOptions options = new SigningOptions(
                    kinds[random.nextInt(2)], kinds[random.nextInt(2)], fields, Optional.empty(), Optional.empty());
            KeyPair pair = random.nextBoolean() ? SignedMail.OTHER_RSA : SignedMail.ED25519;
            String selector = pair == SignedMail.ED25519 ? "e" : "r";
            List<DkimResult> results =
                    SignedMail.verify(SignedMail.sign(message, key(selector, pair), options), new ZoneText(ZONE));
            assertThat(results).extracting(DkimResult::verdict).as("seed %d: %s", seed, message).containsExactly(DkimVerdict.PASS);
        }
    }

    @Test
    void anyChangedOctetOfSignedContentFails() {
        SigningOptions strict = new SigningOptions(Canonicalization.SIMPLE, Canonicalization.SIMPLE,
                List.of("from", "to", "subject", "date", "received"), Optional.empty(), Optional.empty());
        String signed = SignedMail.sign(SignedMail.MESSAGE, key("r", SignedMail.OTHER_RSA), strict);
        ZoneText zone = new ZoneText(ZONE);
        // The line ends at the end of the body and its own do not count.
        int end = signed.stripTrailing().length();
        int signatureStart = signed.indexOf("\r\n b=");
        int signatureEnd = signed.length() - SignedMail.MESSAGE.length();
        for (int i = 0; i < end; i++) {
            if (i >= signatureStart && i < signatureEnd) {
                continue; // The signature itself is not signed: white space and unused bits in it do not count.
            }
            String changed = signed.substring(0, i) + (char) (signed.charAt(i) ^ 1) + signed.substring(i + 1);
            assertThat(DkimResult.overall(SignedMail.verify(changed, zone))).as("octet %d of %s", i, changed)
                    .isNotEqualTo(DkimVerdict.PASS);
        }
    }
}
