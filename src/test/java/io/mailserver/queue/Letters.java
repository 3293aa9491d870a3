package io.mailserver.queue;

import io.mailserver.base.Content;
import io.mailserver.base.OctetContent;
import io.mailserver.base.Domain;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.FutureRelease;
import io.mailserver.smtp.Handling;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Messages and envelopes for tests of the queue. */
final class Letters {
    static final byte[] HEAD = "Received: by mx.example.com\r\n".getBytes(StandardCharsets.US_ASCII);

    private Letters() {}

    static Content content(String text) {
        return new OctetContent(text.getBytes(StandardCharsets.UTF_8));
    }

    /** From alice@example.com to {@code localpart@domain} each. */
    static QueueEnvelope to(String... recipients) {
        return from("alice@example.com", recipients);
    }

    static QueueEnvelope from(String sender, String... recipients) {
        List<Recipient> all = new ArrayList<>();
        for (String recipient : recipients) {
            all.add(Recipient.of(address(recipient)));
        }
        return new QueueEnvelope("T1", sender, Optional.of(address(sender)), MailParameters.NONE, all);
    }

    /** The same, to be sent at a time. */
    static QueueEnvelope later(Instant release, String... recipients) {
        QueueEnvelope now = to(recipients);
        Handling handling = Handling.USUAL.with(Optional.of(new FutureRelease.Until(release)));
        return new QueueEnvelope(now.traceId(), now.account(), now.reversePath(), now.parameters().with(handling), now.recipients());
    }

    static Address address(String text) {
        int at = text.lastIndexOf('@');
        return Address.of(text.substring(0, at), new Domain(text.substring(at + 1)));
    }
}
