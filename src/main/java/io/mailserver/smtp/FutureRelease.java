package io.mailserver.smtp;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** When a message that a user submits is to be sent (RFC 4865). */
public sealed interface FutureRelease {
    /** RFC 4865 §3: HOLDFOR, at most nine digits of seconds. */
    record For(Duration interval) implements FutureRelease {
        private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

        static Optional<FutureRelease> parse(String text) {
            return SECONDS.matcher(text).matches()
                    ? Optional.of(new For(Duration.ofSeconds(Long.parseLong(text))))
                    : Optional.empty();
        }

        @Override
        public Instant at(Instant now) {
            return now.plus(interval);
        }
    }

    /** RFC 4865 §3: HOLDUNTIL, a date of RFC 3339. */
    record Until(Instant time) implements FutureRelease {
        /** RFC 3339 §5.6, whose grammar is narrower than the JDK's. */
        private static final Pattern DATE_TIME = Pattern.compile(
                "\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");

        static Optional<FutureRelease> parse(String text) {
            if (!DATE_TIME.matcher(text).matches()) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Until(OffsetDateTime.parse(text).toInstant()));
            } catch (DateTimeException e) {
                return Optional.empty(); // the 30th of February
            }
        }

        @Override
        public Instant at(Instant now) {
            return time;
        }
    }

    /** The time of release of a message that comes {@code now}. */
    Instant at(Instant now);
}
