package io.mailserver.spam;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * How often each token was seen in spam and in ham: a hash table in one array of longs, eight octets a token, small enough to stay in
 * memory and to be written whole. A slot holds 32 bits of the token's hash and two counts of 16 bits.
 *
 * <p>It forgets: when it may not grow any more, when a count is full, or when {@link #MEMORY_MESSAGES} were learned, all counts are
 * halved, and what falls to nothing is dropped. What was learned last weighs most.
 *
 * <p>Not for several threads at once; {@link BayesClassifier} holds the lock.
 */
final class TokenTable {
    /** How many messages it remembers fully. */
    static final int MEMORY_MESSAGES = 40_000;

    private static final int MAGIC = 0x4d534254; // "MSBT"
    private static final int VERSION = 1;
    private static final int HEAD_OCTETS = 4 + 4 + 4 + 4 + 4;
    private static final int MIN_SLOTS = 1 << 10;
    private static final int MAX_COUNT = 0xffff;
    private static final long COUNTS = 0xffff_ffffL;

    private final int maxSlots;
    private long[] slots = new long[MIN_SLOTS];
    private int used;
    private int spamMessages;
    private int hamMessages;

    /** @param maxSlots a power of two: how many tokens it may hold, nearly; eight octets each */
    TokenTable(int maxSlots) {
        if (Integer.bitCount(maxSlots) != 1 || maxSlots < MIN_SLOTS) {
            throw new IllegalArgumentException("slots must be a power of two");
        }
        this.maxSlots = maxSlots;
    }

    int spamMessages() {
        return spamMessages;
    }

    int hamMessages() {
        return hamMessages;
    }

    int tokens() {
        return used;
    }

    /** The counts of a token: spam in the upper 16 bits, ham in the lower; 0 for one never seen. */
    int counts(long hash) {
        int slot = find(hash);
        return slots[slot] == 0 ? 0 : (int) (slots[slot] & COUNTS);
    }

    /** Counts a message's tokens. */
    void learn(long[] hashes, boolean spam) {
        for (long hash : hashes) {
            change(hash, spam, 1);
        }
        if (spam) {
            spamMessages++;
        } else {
            hamMessages++;
        }
        if (spamMessages + hamMessages > MEMORY_MESSAGES) {
            forget();
        }
    }

    /** Takes back what {@link #learn} did, as far as it was not forgotten meanwhile. */
    void unlearn(long[] hashes, boolean spam) {
        for (long hash : hashes) {
            change(hash, spam, -1);
        }
        if (spam) {
            spamMessages = Math.max(0, spamMessages - 1);
        } else {
            hamMessages = Math.max(0, hamMessages - 1);
        }
    }

    private void change(long hash, boolean spam, int by) {
        int slot = find(hash);
        if (slots[slot] == 0) {
            if (by < 0) {
                return;
            }
            if (used * 4 >= slots.length * 3) {
                makeRoom();
                slot = find(hash);
            }
            slots[slot] = mark(hash) << 32;
            used++;
        }
        int shift = spam ? 16 : 0;
        int count = (int) (slots[slot] >>> shift) & MAX_COUNT;
        if (count == MAX_COUNT && by > 0) {
            forget();
            change(hash, spam, by);
            return;
        }
        int changed = Math.max(0, count + by);
        slots[slot] = (slots[slot] & ~((long) MAX_COUNT << shift)) | ((long) changed << shift);
    }

    private void makeRoom() {
        if (slots.length < maxSlots) {
            rebuild(slots.length * 2, 0);
            return;
        }
        do {
            forget();
        } while (used * 2 > slots.length);
    }

    /** Halves everything. */
    private void forget() {
        rebuild(slots.length, 1);
        spamMessages = (spamMessages + 1) / 2;
        hamMessages = (hamMessages + 1) / 2;
    }

    private void rebuild(int length, int halvings) {
        long[] before = slots;
        slots = new long[length];
        used = 0;
        for (long slot : before) {
            long spam = ((slot >>> 16) & MAX_COUNT) >>> halvings;
            long ham = (slot & MAX_COUNT) >>> halvings;
            if (spam + ham > 0) {
                slots[free(slot >>> 32)] = (slot & ~COUNTS) | (spam << 16) | ham;
                used++;
            }
        }
    }

    /** 32 bits that tell tokens in neighbouring slots apart; never 0, as a slot of 0 is free. */
    private static long mark(long hash) {
        long mark = (hash >>> 32) & COUNTS;
        return mark == 0 ? 1 : mark;
    }

    /** The token's slot, or the free one where it belongs. */
    private int find(long hash) {
        long mark = mark(hash);
        int slot = home(mark);
        while (slots[slot] != 0 && slots[slot] >>> 32 != mark) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private int free(long mark) {
        int slot = home(mark);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    /** The place depends on the mark alone, so that a table can grow without knowing the whole hash. */
    private int home(long mark) {
        return (int) ((mark * 0x9e3779b97f4a7c15L) >>> 40) & (slots.length - 1);
    }

    /** The table as octets: head, the slots in use, a checksum. */
    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(HEAD_OCTETS + used * 8 + 4);
        out.putInt(MAGIC).putInt(VERSION).putInt(spamMessages).putInt(hamMessages).putInt(used);
        Arrays.stream(slots).filter(slot -> slot != 0).forEach(out::putLong);
        return out.putInt(checksum(out.array(), out.position())).array();
    }

    /** @throws IOException not a table of a version we know, or damaged */
    static TokenTable decode(byte[] octets, int maxSlots) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(octets);
        if (octets.length < HEAD_OCTETS + 4 || in.getInt() != MAGIC) {
            throw new IOException("not a table of tokens");
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new IOException("a table of tokens of version " + version + ", and this program knows " + VERSION);
        }
        TokenTable table = new TokenTable(maxSlots);
        table.spamMessages = in.getInt();
        table.hamMessages = in.getInt();
        int used = in.getInt();
        boolean whole = used >= 0 && octets.length == HEAD_OCTETS + used * 8L + 4;
        if (!whole || checksum(octets, octets.length - 4) != in.getInt(octets.length - 4)) {
            throw new IOException("a damaged table of tokens");
        }
        int length = MIN_SLOTS;
        while (length < maxSlots && used * 4L >= length * 3L) {
            length *= 2;
        }
        table.slots = new long[length];
        for (int i = 0; i < used && table.used * 4L < length * 3L; i++) {
            long slot = in.getLong();
            table.slots[table.free(slot >>> 32)] = slot;
            table.used++;
        }
        return table;
    }

    private static int checksum(byte[] octets, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(octets, 0, length);
        return (int) checksum.getValue();
    }
}
