package io.mailserver.spam;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One thing that speaks for or against a message.
 *
 * @param name such as {@code LINK_LIES}
 * @param points above 0 for junk, below 0 for mail people want
 * @param reason for people, in a few words
 */
public record Finding(String name, double points, String reason) {
    private static final Map<String, String> REASONS =
            Arrays.stream(Rule.values()).collect(Collectors.toUnmodifiableMap(Rule::name, Rule::reason));

    /** What a rule of this server says to people, by its name; empty for what is no such rule. */
    public static String reasonOf(String rule) {
        return REASONS.getOrDefault(rule, "");
    }

    /** As in X-Spam-Status: {@code LINK_LIES=2.5}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s=%.1f", name, points);
    }
}
