package io.mailserver.authres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The result of one method (RFC 8601 §2.2, §2.7).
 *
 * @param method such as {@code spf}, {@code dkim}, {@code dmarc}, {@code arc}, {@code iprev}, {@code auth}
 * @param result such as {@code pass}
 * @param comment for people, in parentheses; empty for none
 * @param reason for people, in the standard's own place; empty for none
 * @param properties what was looked at
 */
public record MethodResult(String method, String result, String comment, Optional<String> reason, List<Property> properties) {
    public MethodResult {
        properties = List.copyOf(properties);
    }

    /** A result with neither comment nor reason nor properties. */
    public static MethodResult of(String method, String result) {
        return new MethodResult(method, result, "", Optional.empty(), List.of());
    }

    /**
     * What was looked at.
     *
     * @param type {@code smtp}, {@code header}, {@code body} or {@code policy}
     * @param name such as {@code mailfrom}
     * @param value as it was found; written quoted where it must be
     */
    public record Property(String type, String name, String value) {}

    /** This result with one more property. */
    public MethodResult with(String type, String name, String value) {
        List<Property> more = new ArrayList<>(properties);
        more.add(new Property(type, name, value));
        return new MethodResult(method, result, comment, reason, more);
    }

    /** This result with another comment. */
    public MethodResult withComment(String newComment) {
        return new MethodResult(method, result, newComment, reason, properties);
    }

    /** This result with a reason. */
    public MethodResult withReason(String newReason) {
        return new MethodResult(method, result, comment, newReason.isEmpty() ? Optional.empty() : Optional.of(newReason), properties);
    }

    /** The value of a property. */
    public Optional<String> property(String type, String name) {
        return properties.stream().filter(property -> property.type().equals(type) && property.name().equals(name))
                .map(Property::value).findFirst();
    }
}
