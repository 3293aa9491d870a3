package io.mailserver.smtpserver;

import io.mailserver.smtp.Client;
import io.mailserver.smtp.FutureRelease;
import io.mailserver.smtp.Handling;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a session offers of extensions that say how and when a message goes on, and what it makes of their parameters. */
record HandlingOffer(SmtpSettings settings, Client client, Instant now) {
    private static final Reply NEEDS_TLS = Reply.of(530, "5.7.10", "REQUIRETLS is for connections with TLS; say STARTTLS first");

    /** For EHLO, a line each. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(2);
        if (client.tls().isPresent()) {
            lines.add("REQUIRETLS"); // RFC 8689 §2: inside TLS
        }
        if (takesReleases()) {
            // RFC 4865 §3: both limits, and the date in UTC.
            lines.add("FUTURERELEASE " + longest().toSeconds() + " " + now.plus(longest()).truncatedTo(ChronoUnit.SECONDS));
        }
        return lines;
    }

    /** What is wrong with the parameters here and now; empty if nothing. */
    Optional<Reply> refusal(MailParameters parameters) {
        Handling handling = parameters.handling();
        if (handling.tls() == Handling.Tls.REQUIRED && client.tls().isEmpty()) {
            return Optional.of(NEEDS_TLS);
        }
        return handling.release().flatMap(this::refusal);
    }

    private Optional<Reply> refusal(FutureRelease release) {
        if (!takesReleases()) {
            return Optional.of(Reply.of(555, "5.5.4", "Messages are not held for later here")); // RFC 5321 §4.1.1.11
        }
        Instant at = release.at(now);
        if (at.isBefore(now)) {
            return Optional.of(Reply.of(501, "5.5.4", "The time to send the message at is in the past"));
        }
        return at.isAfter(now.plus(longest()))
                ? Optional.of(Reply.of(501, "5.5.4", "A message is held for " + longest().toSeconds() + " seconds at most"))
                : Optional.empty();
    }

    /** The parameters with intervals turned into times, as they are kept. */
    MailParameters settled(MailParameters parameters) {
        Handling handling = parameters.handling();
        return handling.release().isEmpty()
                ? parameters
                : parameters.with(handling.with(handling.release().map(release -> new FutureRelease.Until(release.at(now)))));
    }

    /** RFC 4865 §3: for the users of a server that has a queue. */
    private boolean takesReleases() {
        return settings.service() == Client.Service.SUBMISSION && settings.dsn() && !longest().isZero();
    }

    private Duration longest() {
        return settings.limits().maxHold();
    }
}
