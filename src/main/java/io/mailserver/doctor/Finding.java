package io.mailserver.doctor;

import java.util.Locale;

/**
 * What was found out about one thing.
 *
 * @param subject in a word or two, such as {@code DKIM}
 * @param text what is the case, for people
 * @param remedy what mends it; empty for a pass
 */
public record Finding(Level level, String subject, String text, String remedy) {
    /** How bad it is. */
    public enum Level {
        PASS,
        /** Mail works, but not as well as it could; or it could not be found out. */
        WARN,
        /** Mail is lost, refused or believed to be forged. */
        FAIL;

        /** In lower case. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding pass(String subject, String text) {
        return new Finding(Level.PASS, subject, text, "");
    }

    static Finding warn(String subject, String text, String remedy) {
        return new Finding(Level.WARN, subject, text, remedy);
    }

    static Finding fail(String subject, String text, String remedy) {
        return new Finding(Level.FAIL, subject, text, remedy);
    }
}
