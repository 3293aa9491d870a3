package io.mailserver.delivery;

import io.mailserver.account.SendingLimits;
import io.mailserver.base.Content;
import io.mailserver.queue.MailQueue;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.queue.QueueId;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A queue that only remembers. */
final class RecordingOutbound implements Outbound {
    final List<QueueEnvelope> accepted = new ArrayList<>();
    final List<String> messages = new ArrayList<>();
    final List<QueueId> released = new ArrayList<>();
    final List<QueueId> withdrawn = new ArrayList<>();
    boolean full;
    Optional<SendingLimits.Refusal> exhausted = Optional.empty();
    /** Recipients of messages that were counted, less those given back. */
    int counted;
    /** Numbers of the messages that were signed, from 0. */
    final List<Integer> signed = new ArrayList<>();

    @Override
    public Share reserve(String account, List<Address> recipients) {
        boolean within = exhausted.isEmpty();
        counted += within ? recipients.size() : 0;
        return new Share() {
            @Override
            public Optional<SendingLimits.Refusal> refusal() {
                return exhausted;
            }

            @Override
            public void giveBack() {
                counted -= within ? recipients.size() : 0;
            }
        };
    }

    @Override
    public MailQueue.Accepted pass(QueueEnvelope envelope, String head, Content content) throws IOException {
        MailQueue.Accepted result = accept(envelope, head, content);
        signed.removeLast();
        return result;
    }

    @Override
    public MailQueue.Accepted accept(QueueEnvelope envelope, String head, Content content) throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
        signed.add(accepted.size());
        accepted.add(envelope);
        try (InputStream in = content.open()) {
            messages.add(head + new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        QueueId id = new QueueId(accepted.size());
        return new MailQueue.Accepted() {
            @Override
            public QueueId id() {
                return id;
            }

            @Override
            public void release() {
                released.add(id);
            }

            @Override
            public void withdraw() {
                withdrawn.add(id);
            }
        };
    }
}
