package io.mailserver.account;

import io.mailserver.sasl.ScramKeys;
import java.util.Base64;

/** What is kept of one password. */
record Secret(Argon2Hash argon2id, ScramKeys scram) {
    private static final String SCRAM_NAME = "SCRAM-SHA-256";

    /** The SCRAM keys in the form of RFC 5803 §3: {@code SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>}. */
    String scramText() {
        Base64.Encoder base64 = Base64.getEncoder();
        return SCRAM_NAME + "$" + scram.iterations() + ":" + base64.encodeToString(scram.salt()) + "$"
                + base64.encodeToString(scram.storedKey()) + ":" + base64.encodeToString(scram.serverKey());
    }

    /** @throws IllegalArgumentException one of them is not in the form this class writes */
    static Secret parse(String argon2id, String scramText) {
        String[] parts = scramText.split("[$:]", -1);
        if (parts.length != 5 || !parts[0].equals(SCRAM_NAME)) {
            throw new IllegalArgumentException("not SCRAM-SHA-256 keys");
        }
        Base64.Decoder base64 = Base64.getDecoder();
        ScramKeys scram = new ScramKeys(
                base64.decode(parts[2]), Integer.parseInt(parts[1]), base64.decode(parts[3]), base64.decode(parts[4]));
        return new Secret(Argon2Hash.parse(argon2id), scram);
    }
}
