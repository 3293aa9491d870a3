package io.mailserver.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The messages of a mailbox at one moment, ordered by UID: immutable, and shared by all sessions. What a change does not touch is
 * shared between the list before and the list after it, so that keeping an old one costs little.
 *
 * <p>Messages have an index from 0, one less than the sequence number of a client that knows just this list. UIDs are unsigned.
 */
public final class MessageList {
    /** Bits of {@link #flags}; keyword {@code i} of {@link #keywords} has bit {@code FIRST_KEYWORD + i}. */
    public static final long ANSWERED = 1;

    public static final long FLAGGED = 1 << 1;
    public static final long DELETED = 1 << 2;
    public static final long SEEN = 1 << 3;
    public static final long DRAFT = 1 << 4;

    /** The number of the first keyword's bit. */
    public static final int FIRST_KEYWORD = 5;

    private final MessageChunk[] chunks;
    /** How many messages lie before each chunk, and at the end how many there are. */
    private final int[] starts;
    private final int uidValidity;
    private final int uidNext;
    private final long highestModSeq;
    private final List<Flag> keywords;
    private final int unseen;
    private final int deleted;
    private final long octets;

    /** @param chunks the list's from now on; none is empty */
    MessageList(MessageChunk[] chunks, int uidValidity, int uidNext, long highestModSeq, List<Flag> keywords) {
        this.chunks = chunks;
        this.uidValidity = uidValidity;
        this.uidNext = uidNext;
        this.highestModSeq = highestModSeq;
        this.keywords = keywords;
        this.starts = new int[chunks.length + 1];
        int notSeen = 0;
        int marked = 0;
        long sum = 0;
        for (int i = 0; i < chunks.length; i++) {
            starts[i + 1] = starts[i] + chunks[i].count();
            notSeen += chunks[i].unseen;
            marked += chunks[i].deleted;
            sum += chunks[i].octets;
        }
        this.unseen = notSeen;
        this.deleted = marked;
        this.octets = sum;
    }

    /** How many messages there are. */
    public int size() {
        return starts[chunks.length];
    }

    /** The UID of the message at {@code index}. */
    public int uid(int index) {
        int chunk = chunkOf(index);
        return chunks[chunk].uids[index - starts[chunk]];
    }

    /** The flags of the message at {@code index}, as bits. */
    public long flags(int index) {
        int chunk = chunkOf(index);
        return chunks[chunk].flags[index - starts[chunk]];
    }

    /** The number of the last change of the message at {@code index}. */
    public long modSeq(int index) {
        int chunk = chunkOf(index);
        return chunks[chunk].modSeqs[index - starts[chunk]];
    }

    /** Which email the message at {@code index} is. */
    public EmailId emailId(int index) {
        int chunk = chunkOf(index);
        return new EmailId(chunks[chunk].emails[index - starts[chunk]]);
    }

    /** The size as served, in octets, of the message at {@code index}. */
    public long size(int index) {
        int chunk = chunkOf(index);
        return Integer.toUnsignedLong(chunks[chunk].sizes[index - starts[chunk]]);
    }

    /** INTERNALDATE of the message at {@code index}, in whole seconds. */
    public Instant internalDate(int index) {
        int chunk = chunkOf(index);
        return Instant.ofEpochSecond(Integer.toUnsignedLong(chunks[chunk].dates[index - starts[chunk]]));
    }

    /** Where the message {@code uid} is; negative if it is not there. */
    public int indexOf(int uid) {
        int chunk = chunkWith(uid);
        if (chunk == chunks.length) {
            return -1;
        }
        int place = chunks[chunk].find(uid);
        return place < 0 ? -1 : starts[chunk] + place;
    }

    /** The index of the first message with this UID or a higher one; {@link #size} if there is none. */
    public int indexFrom(int uid) {
        int chunk = chunkWith(uid);
        if (chunk == chunks.length) {
            return size();
        }
        int place = chunks[chunk].find(uid);
        return starts[chunk] + (place < 0 ? -(place + 1) : place);
    }

    /** A UID higher than any given yet; unsigned. */
    public int uidNext() {
        return uidNext;
    }

    public int uidValidity() {
        return uidValidity;
    }

    /** The number of the mailbox's last change, expunges included. */
    public long highestModSeq() {
        return highestModSeq;
    }

    /** The keywords of the mailbox; only ever gets longer. */
    public List<Flag> keywords() {
        return keywords;
    }

    /** How many messages lack \Seen. */
    public int unseen() {
        return unseen;
    }

    /** How many messages have \Deleted. */
    public int deleted() {
        return deleted;
    }

    /** The sizes of all messages together. */
    public long octets() {
        return octets;
    }

    /** The index of the first message without \Seen; negative if there is none. */
    public int firstUnseen() {
        for (int i = 0; i < chunks.length; i++) {
            if (chunks[i].unseen > 0) {
                int place = 0;
                while ((chunks[i].flags[place] & SEEN) != 0) {
                    place++;
                }
                return starts[i] + place;
            }
        }
        return -1;
    }

    /** The UIDs of all messages. */
    public UidSet uids() {
        return select(UidSet.ALL);
    }

    /** Those of {@code asked} that are there. */
    public UidSet select(UidSet asked) {
        UidSet.Builder there = new UidSet.Builder();
        for (int range = 0; range < asked.ranges(); range++) {
            int end = asked.last(range) == -1 ? size() : indexFrom(asked.last(range) + 1);
            int index = indexFrom(asked.first(range));
            if (index < end) {
                int chunk = chunkOf(index);
                for (; index < end; index++) {
                    if (index == starts[chunk + 1]) {
                        chunk++;
                    }
                    there.add(chunks[chunk].uids[index - starts[chunk]]);
                }
            }
        }
        return there.build();
    }

    /** Those that were changed after {@code modSeq}. */
    public UidSet changedSince(long modSeq) {
        UidSet.Builder changed = new UidSet.Builder();
        for (MessageChunk chunk : chunks) {
            if (chunk.maxModSeq > modSeq) {
                for (int i = 0; i < chunk.count(); i++) {
                    if (chunk.modSeqs[i] > modSeq) {
                        changed.add(chunk.uids[i]);
                    }
                }
            }
        }
        return changed.build();
    }

    /** Those with all bits of {@code mask} in their flags. */
    public UidSet withFlags(long mask) {
        UidSet.Builder found = new UidSet.Builder();
        for (MessageChunk chunk : chunks) {
            if ((chunk.anyFlags & mask) == mask) {
                for (int i = 0; i < chunk.count(); i++) {
                    if ((chunk.flags[i] & mask) == mask) {
                        found.add(chunk.uids[i]);
                    }
                }
            }
        }
        return found.build();
    }

    /** The flags that bits stand for. */
    public Set<Flag> flagsOf(long bits) {
        Set<Flag> flags = new LinkedHashSet<>();
        for (int i = 0; i < FIRST_KEYWORD; i++) {
            if ((bits & (1L << i)) != 0) {
                flags.add(Flag.SYSTEM.get(i));
            }
        }
        for (int i = 0; i < keywords.size(); i++) {
            if ((bits & (1L << (FIRST_KEYWORD + i))) != 0) {
                flags.add(keywords.get(i));
            }
        }
        return flags;
    }

    /** The bit of a flag; 0 for a keyword that the mailbox does not know, so that no message has it. */
    public long bitOf(Flag flag) {
        if (flag.system()) {
            return flag.systemBit();
        }
        int number = keywords.indexOf(flag);
        return number < 0 ? 0 : 1L << (FIRST_KEYWORD + number);
    }

    // What follows is for the owner of the mailbox.

    int chunkCount() {
        return chunks.length;
    }

    MessageChunk chunk(int number) {
        return chunks[number];
    }

    /** The chunk that has {@code uid} or would have it in its middle, or begins behind it. */
    int chunkWith(int uid) {
        int low = 0;
        int high = chunks.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Integer.compareUnsigned(chunks[middle].lastUid(), uid) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The chunk of the message at {@code index}. */
    int chunkOf(int index) {
        int guess = Math.min(index / MessageChunk.CAPACITY, chunks.length - 1);
        if (guess >= 0 && starts[guess] <= index && index < starts[guess + 1]) {
            return guess;
        }
        int found = Arrays.binarySearch(starts, 0, chunks.length, index);
        return found >= 0 ? found : -found - 2;
    }

    /** How many messages lie before chunk {@code number}. */
    int start(int number) {
        return starts[number];
    }

    MessageList withChunks(MessageChunk[] newChunks, int newUidNext, long newModSeq) {
        return new MessageList(newChunks, uidValidity, newUidNext, newModSeq, keywords);
    }

    MessageList withKeywords(List<Flag> newKeywords) {
        return new MessageList(chunks, uidValidity, uidNext, highestModSeq, List.copyOf(newKeywords));
    }
}
