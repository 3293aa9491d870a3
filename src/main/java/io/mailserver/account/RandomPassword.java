package io.mailserver.account;

import java.security.SecureRandom;

/** Passwords made by the server: 100 random bits that can be read aloud and typed on a phone. */
public final class RandomPassword {
    /** Digits and small letters without those taken for each other: 5 bits each. */
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final int GROUPS = 5;
    private static final int GROUP_LENGTH = 4;

    private RandomPassword() {}

    /** Such as {@code 7k3m-x0vd-q9tb-2hne-r5zc}. */
    public static String make(SecureRandom random) {
        StringBuilder password = new StringBuilder();
        for (int group = 0; group < GROUPS; group++) {
            if (group > 0) {
                password.append('-');
            }
            for (int i = 0; i < GROUP_LENGTH; i++) {
                password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
        }
        return password.toString();
    }
}
