package io.mailserver.queue;

import io.mailserver.base.Content;
import io.mailserver.base.OctetContent;
import io.mailserver.dsn.DeliveryNotice;
import io.mailserver.dsn.RecipientNotice;
import io.mailserver.smtp.Handling;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.MailParameters.Body;
import io.mailserver.smtp.MailParameters.Ret;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Recipient.Notify;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Makes the notices that senders get, as messages of the queue. */
final class Notices {
    /** Longer messages are not returned whole, headers not beyond it. */
    private static final int MAX_RETURNED_OCTETS = 256 << 10;

    private final QueueStore store;
    private final String hostname;
    private final Signer signer;

    /** Adds a signature to a message that this server makes; gives it back unsigned where there is no key. */
    interface Signer {
        byte[] sign(byte[] message);
    }

    Notices(QueueStore store, String hostname, Signer signer) {
        this.store = store;
        this.hostname = hostname;
        this.signer = signer;
    }

    /** Whether its sender wants to hear of it (RFC 3461 §4.1, without NOTIFY: of failures and, as we please, of delays). */
    static boolean isWanted(QueuedMessage message, int recipient, Notify event) {
        Set<Notify> wishes = message.envelope().recipients().get(recipient).notifyOn();
        boolean usual = event == Notify.FAILURE || event == Notify.DELAY;
        // RFC 3461 §6.1, RFC 5321 §4.5.5: never to the null reverse-path.
        return message.envelope().reversePath().isPresent() && (wishes.isEmpty() ? usual : wishes.contains(event));
    }

    /** The change that sends the notice. */
    Change.Add notice(QueuedMessage message, Content content, List<RecipientNotice> recipients, Instant now) throws IOException {
        QueueId id = store.nextId();
        byte[] original = original(content);
        Handling.Tls tls = message.envelope().parameters().handling().tls();
        // RFC 8689 §5: as if RET=HDRS, and protected as the message itself.
        Optional<Ret> ret = tls == Handling.Tls.REQUIRED ? Optional.of(Ret.HDRS) : message.envelope().parameters().ret();
        DeliveryNotice notice = new DeliveryNotice(
                hostname,
                message.envelope().reversePath().orElseThrow(),
                "notice." + id + "." + now.getEpochSecond() + "@" + hostname,
                message.envelope().traceId(),
                message.envelope().parameters().envid(),
                message.created(),
                now,
                recipients,
                ret,
                original,
                original.length == content.size());
        Recipient sender = new Recipient(message.envelope().reversePath().orElseThrow(), Set.of(Notify.NEVER), Optional.empty());
        MailParameters parameters = new MailParameters(
                OptionalLong.empty(), Body.EIGHT_BIT_MIME, notice.isInternational(), Optional.empty(), Optional.empty(), Optional.empty(),
                Handling.USUAL.with(tls));
        QueueEnvelope envelope = new QueueEnvelope(id.toString(), "", Optional.empty(), parameters, List.of(sender));
        return new Change.Add(id, now, now, envelope, new byte[0], new OctetContent(signer.sign(notice.toMessage())));
    }

    private static byte[] original(Content content) throws IOException {
        try (InputStream in = content.open()) {
            return in.readNBytes((int) Math.min(content.size(), MAX_RETURNED_OCTETS));
        }
    }
}
