package io.mailserver.account;

import io.mailserver.base.OperatorException;
import io.mailserver.sasl.SaslPrep;
import java.nio.charset.StandardCharsets;

/** Which passwords may be set. Length is all that counts: rules about kinds of characters make passwords worse, not better. */
public final class PasswordPolicy {
    /** In characters. */
    public static final int MIN_LENGTH = 8;

    /** In octets of UTF-8; also the most that is looked at when somebody logs in. */
    public static final int MAX_OCTETS = 1_024;

    private PasswordPolicy() {}

    /**
     * The password as it is hashed: SASLprep (RFC 4013), so that two ways of typing one password are one.
     *
     * @throws OperatorException it is too short, too long or cannot be typed everywhere
     */
    static String prepare(String password) {
        if (password.getBytes(StandardCharsets.UTF_8).length > MAX_OCTETS) {
            throw new OperatorException("the password is longer than " + MAX_OCTETS + " octets", "choose a shorter one");
        }
        String prepared = SaslPrep.prepare(password)
                .orElseThrow(() -> new OperatorException(
                        "the password is empty or holds control characters or others that cannot be typed everywhere",
                        "choose another, or let --random make one"));
        if (prepared.codePointCount(0, prepared.length()) < MIN_LENGTH) {
            throw new OperatorException(
                    "the password is shorter than " + MIN_LENGTH + " characters",
                    "choose a longer one, or let --random make one");
        }
        return prepared;
    }
}
