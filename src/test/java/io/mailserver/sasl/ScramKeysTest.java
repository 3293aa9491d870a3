package io.mailserver.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class ScramKeysTest {
    /** The exchange of RFC 7677 §3: the proof there must open the stored key, and our server key must give the signature there. */
    @Test
    void keysVerifyTheExchangeOfRfc7677() throws Exception {
        ScramKeys keys = ScramKeys.derive("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
        byte[] authMessage = ("n=user,r=rOprNGfwEbeRWgbNEkqO,"
                        + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
                        + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] proof = Base64.getDecoder().decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        byte[] clientSignature = hmac(keys.storedKey(), authMessage);
        byte[] clientKey = new byte[proof.length];
        for (int i = 0; i < proof.length; i++) {
            clientKey[i] = (byte) (proof[i] ^ clientSignature[i]);
        }
        assertThat(MessageDigest.getInstance("SHA-256").digest(clientKey)).isEqualTo(keys.storedKey());
        assertThat(Base64.getEncoder().encodeToString(hmac(keys.serverKey(), authMessage)))
                .isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @Test
    void nonAsciiPasswordIsTakenAsUtf8() throws Exception {
        byte[] salt = new byte[16];
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("pässword".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] block = mac.doFinal(concat(salt, new byte[] {0, 0, 0, 1}));
        byte[] salted = block.clone();
        for (int i = 1; i < 4096; i++) {
            block = mac.doFinal(block);
            for (int j = 0; j < salted.length; j++) {
                salted[j] ^= block[j];
            }
        }
        assertThat(ScramKeys.derive("pässword", salt, 4096).serverKey())
                .isEqualTo(hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void fewIterationsAreRefused() {
        assertThatThrownBy(() -> ScramKeys.derive("pencil", new byte[16], 1000)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textSaysNothingOfTheKeys() {
        assertThat(ScramKeys.derive("pencil", new byte[16], 4096)).hasToString("ScramKeys[iterations=4096]");
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] hmac(byte[] key, byte[] text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }
}
