package io.mailserver.smtpserver;

import io.mailserver.smtp.Client;
import io.mailserver.smtp.Handling;
import io.mailserver.smtp.HandlingRules;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a session offers of extensions that say how and when a message goes on, and what it makes of their parameters. */
record HandlingOffer(SmtpSettings settings, Client client, Instant now) {
    private static final Reply NEEDS_TLS = Reply.of(530, "5.7.10", "REQUIRETLS is for connections with TLS; say STARTTLS first");

    /** For EHLO, a line each. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(4);
        if (client.tls().isPresent()) {
            lines.add("REQUIRETLS"); // RFC 8689 §2: inside TLS
        }
        if (isForUsers()) {
            lines.addAll(rules().lines());
        }
        return lines;
    }

    /** What is wrong with the parameters here and now; empty if nothing. */
    Optional<Reply> refusal(MailParameters parameters) {
        Handling handling = parameters.handling();
        if (handling.tls() == Handling.Tls.REQUIRED && client.tls().isEmpty()) {
            return Optional.of(NEEDS_TLS);
        }
        if (isForUsers()) {
            return rules().refusal(handling);
        }
        // RFC 5321 §4.1.1.11
        return handling.equals(Handling.USUAL.with(handling.tls()))
                ? Optional.empty()
                : Optional.of(Reply.of(555, "5.5.4", handling.release().isPresent()
                        ? "Messages are not held for later here"
                        : "Priorities and times of delivery are for users who submit"));
    }

    /** The parameters as they are kept. */
    MailParameters settled(MailParameters parameters) {
        Handling handling = parameters.handling();
        return handling.equals(Handling.USUAL) ? parameters : parameters.with(rules().settled(handling));
    }

    /** What MAIL is told that is accepted. */
    Reply accepted(MailParameters parameters) {
        return rules().note(parameters.handling()).orElse(Replies.SENDER_OK);
    }

    /** RFC 4865 §3: for the users of a server that has a queue. */
    private boolean isForUsers() {
        return settings.service() == Client.Service.SUBMISSION && settings.dsn();
    }

    private HandlingRules rules() {
        return new HandlingRules(
                settings.limits().maxHold(), settings.limits().minDeliverBy(), settings.limits().maxPriority(), now);
    }
}
