package io.mailserver.spam;

import java.util.Locale;

/**
 * One thing that speaks for or against a message.
 *
 * @param name such as {@code LINK_LIES}
 * @param points above 0 for junk, below 0 for mail people want
 * @param reason for people, in a few words
 */
public record Finding(String name, double points, String reason) {
    /** As in X-Spam-Status: {@code LINK_LIES=2.5}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s=%.1f", name, points);
    }
}
