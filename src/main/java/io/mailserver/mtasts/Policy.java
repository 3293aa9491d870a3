package io.mailserver.mtasts;

import io.mailserver.smtpclient.ServerNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A policy as published (RFC 8461 §3.2).
 *
 * @param mode what senders shall do
 * @param mx names of servers, {@code *.} in front for one label
 * @param maxAge how long it is kept, at most a year
 */
public record Policy(Mode mode, List<String> mx, Duration maxAge) {
    private static final long MAX_AGE_SECONDS = 31_557_600; // RFC 8461 §3.2
    private static final int MAX_PATTERNS = 200;

    public Policy {
        mx = List.copyOf(mx);
    }

    /** RFC 8461 §5. */
    public enum Mode {
        ENFORCE,
        TESTING,
        NONE
    }

    /** Reads the file; empty where it is not a valid policy. */
    public static Optional<Policy> parse(String text) {
        Optional<Mode> mode = Optional.empty();
        Optional<Duration> maxAge = Optional.empty();
        List<String> mx = new ArrayList<>();
        boolean version = false;
        for (String line : text.split("\r?\n", -1)) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).strip()) {
                case "version" -> version |= value.equals("STSv1");
                case "mode" -> mode = mode.isPresent() ? mode : mode(value);
                case "max_age" -> maxAge = maxAge.isPresent() ? maxAge : seconds(value);
                case "mx" -> {
                    if (mx.size() < MAX_PATTERNS) {
                        mx.add(value.toLowerCase(Locale.ROOT));
                    }
                }
                default -> { } // RFC 8461 §3.2: what is not known does not matter
            }
        }
        if (!version || mode.isEmpty() || maxAge.isEmpty() || (mx.isEmpty() && mode.get() != Mode.NONE)) {
            return Optional.empty();
        }
        return Optional.of(new Policy(mode.get(), mx, maxAge.get()));
    }

    private static Optional<Mode> mode(String word) {
        return switch (word) {
            case "enforce" -> Optional.of(Mode.ENFORCE);
            case "testing" -> Optional.of(Mode.TESTING);
            case "none" -> Optional.of(Mode.NONE);
            default -> Optional.empty();
        };
    }

    private static Optional<Duration> seconds(String digits) {
        return digits.matches("\\d{1,10}")
                ? Optional.of(Duration.ofSeconds(Math.min(Long.parseLong(digits), MAX_AGE_SECONDS)))
                : Optional.empty();
    }

    /** Whether a server may take the domain's mail (RFC 8461 §4.1). */
    public boolean allows(String host) {
        return mx.stream().anyMatch(pattern -> ServerNames.match(pattern, host));
    }
}
