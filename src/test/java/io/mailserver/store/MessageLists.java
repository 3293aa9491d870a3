package io.mailserver.store;

import java.util.ArrayList;
import java.util.List;

/** Message lists made by hand, for tests of what stands above the store. */
public final class MessageLists {
    /** Small, so that few messages are several chunks. */
    private static final int CHUNK = 4;

    private MessageLists() {}

    /** A message; {@code date} in seconds. */
    public record Message(int uid, long flags, long modSeq, long email, int size, int date) {
        public Message(int uid, long flags, long modSeq) {
            this(uid, flags, modSeq, uid, 100, 0);
        }
    }

    /** @param messages ordered by UID */
    public static MessageList of(List<Message> messages, int uidNext, long highestModSeq, List<Flag> keywords) {
        return of(1, messages, uidNext, highestModSeq, keywords);
    }

    /** @param messages ordered by UID */
    public static MessageList of(
            int uidValidity, List<Message> messages, int uidNext, long highestModSeq, List<Flag> keywords) {
        List<MessageChunk> chunks = new ArrayList<>();
        for (int i = 0; i < messages.size(); i += CHUNK) {
            MessageChunk chunk = ChunkList.append(List.of(), List.of(entry(messages.get(i)))).getFirst();
            for (int j = i + 1; j < Math.min(messages.size(), i + CHUNK); j++) {
                chunk = ChunkList.append(List.of(chunk), List.of(entry(messages.get(j)))).getFirst();
            }
            chunks.add(chunk);
        }
        return new MessageList(chunks.toArray(new MessageChunk[0]), uidValidity, uidNext, highestModSeq, keywords);
    }

    private static MessageChunk.Entry entry(Message message) {
        return new MessageChunk.Entry(message.uid(), message.flags(), message.modSeq(), message.email(), message.size(), message.date());
    }
}
