package io.mailserver.search;

import io.mailserver.mime.BaseSubject;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.MessageIds;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MessageField;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts messages into threads (RFC 5256 §3): what a mailbox shows, worked out anew each time; not the threads that are kept with ids. */
public final class Threads {
    private Threads() {}

    /** How threads are found. */
    public enum Algorithm {
        /** By the base subject. */
        ORDEREDSUBJECT,
        /** By References and In-Reply-To, and then by the subject. */
        REFERENCES
    }

    /**
     * What is known of a message.
     *
     * @param messageId with its angle brackets
     * @param references ids of the messages before it, the nearest last
     * @param subject the base subject in the form that is compared
     * @param sent seconds since 1970
     */
    record Message(int uid, Optional<String> messageId, List<String> references, String subject, boolean replyOrForward, long sent) {}

    /** The threads of the messages of {@code uids} that are in the mailbox. */
    public static List<ThreadNode> of(Algorithm algorithm, Mailbox mailbox, MessageList list, UidSet uids) throws StoreException {
        List<Message> messages = new ArrayList<>();
        mailbox.read(list, uids, Set.of(MessageField.PARTS), row -> {
            HeaderBlock header = HeaderBlock.parse(row.cached().headers(), HeaderBlock.Limits.DEFAULTS);
            messages.add(message(row.uid(), header, list.internalDate(list.indexOf(row.uid())).getEpochSecond()));
        });
        return of(algorithm, messages);
    }

    /** @param messages in the order of the mailbox */
    static List<ThreadNode> of(Algorithm algorithm, List<Message> messages) {
        return switch (algorithm) {
            case ORDEREDSUBJECT -> orderedSubject(messages);
            case REFERENCES -> new ReferenceThreads(messages).threads();
        };
    }

    private static Message message(int uid, HeaderBlock header, long received) {
        List<String> references = MessageIds.of(header, "References");
        if (references.isEmpty()) {
            references = MessageIds.of(header, "In-Reply-To").stream().limit(1).toList();
        }
        BaseSubject subject = SortOrder.subject(header);
        // Octets as chars: equal subjects are equal texts.
        String compared = new String(UnicodeCasemap.octets(subject.text()), StandardCharsets.ISO_8859_1);
        long sent = SentDate.of(header).map(OffsetDateTime::toEpochSecond).orElse(received);
        return new Message(uid, MessageIds.messageId(header), references, compared, subject.replyOrForward(), sent);
    }

    private static List<ThreadNode> orderedSubject(List<Message> messages) {
        List<Message> byDate = new ArrayList<>(messages);
        byDate.sort(Comparator.comparingLong(Message::sent));
        Map<String, List<Message>> subjects = new LinkedHashMap<>(); // In the order of each thread's first message.
        for (Message message : byDate) {
            subjects.computeIfAbsent(message.subject, key -> new ArrayList<>()).add(message);
        }
        return subjects.values().stream().map(thread -> new ThreadNode(thread.getFirst().uid,
                thread.stream().skip(1).map(message -> new ThreadNode(message.uid, List.of())).toList())).toList();
    }
}
