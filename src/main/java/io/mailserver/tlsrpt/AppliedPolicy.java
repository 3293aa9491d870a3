package io.mailserver.tlsrpt;

import java.util.List;

/**
 * What a connection was held to (RFC 8460 §4.4).
 *
 * @param type {@code sts}, {@code tlsa} or {@code no-policy-found}
 * @param text the policy, line by line or record by record
 * @param mx patterns of servers that it names
 */
public record AppliedPolicy(String type, List<String> text, List<String> mx) {
    /** Nothing. */
    public static final AppliedPolicy NONE = new AppliedPolicy("no-policy-found", List.of(), List.of());

    public AppliedPolicy {
        text = List.copyOf(text);
        mx = List.copyOf(mx);
    }
}
