package io.mailserver.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Makes the chunks of a mailbox after a change from those before it, and says what has to be written. Pure functions. */
final class ChunkList {
    /** A chunk with fewer messages joins its neighbour where there is room. */
    private static final int FEW = MessageChunk.CAPACITY / 4;

    private ChunkList() {}

    /** {@code last} (none for an empty mailbox) and {@code entries} behind it, ascending. */
    static List<MessageChunk> append(List<MessageChunk> last, List<MessageChunk.Entry> entries) {
        List<MessageChunk> chunks = new ArrayList<>();
        int from = 0;
        if (!last.isEmpty() && !last.getLast().isFull()) {
            int room = Math.min(MessageChunk.CAPACITY - last.getLast().count(), entries.size());
            chunks.add(join(last.getLast(), of(entries.subList(0, room))));
            from = room;
        } else if (!last.isEmpty()) {
            chunks.add(last.getLast());
        }
        while (from < entries.size()) {
            int to = Math.min(entries.size(), from + MessageChunk.CAPACITY);
            chunks.add(of(entries.subList(from, to)));
            from = to;
        }
        return chunks;
    }

    private static MessageChunk of(List<MessageChunk.Entry> entries) {
        int n = entries.size();
        int[] uids = new int[n];
        long[] flags = new long[n];
        long[] modSeqs = new long[n];
        long[] emails = new long[n];
        int[] sizes = new int[n];
        int[] dates = new int[n];
        for (int i = 0; i < n; i++) {
            MessageChunk.Entry entry = entries.get(i);
            uids[i] = entry.uid();
            flags[i] = entry.flags();
            modSeqs[i] = entry.modSeq();
            emails[i] = entry.email();
            sizes[i] = entry.size();
            dates[i] = entry.date();
        }
        return new MessageChunk(uids, flags, modSeqs, emails, sizes, dates);
    }

    /** Chunks without the messages in {@code gone}; small neighbours join. */
    static List<MessageChunk> without(MessageList list, UidSet gone) {
        List<MessageChunk> chunks = new ArrayList<>(list.chunkCount());
        for (int i = 0; i < list.chunkCount(); i++) {
            MessageChunk chunk = list.chunk(i);
            boolean[] kept = new boolean[chunk.count()];
            int count = 0;
            for (int j = 0; j < kept.length; j++) {
                kept[j] = !gone.contains(chunk.uids[j]);
                count += kept[j] ? 1 : 0;
            }
            if (count == 0) {
                continue;
            }
            MessageChunk left = count == chunk.count() ? chunk : chunk.keep(kept, count);
            MessageChunk before = chunks.isEmpty() ? null : chunks.getLast();
            boolean changed = left != chunk;
            if (changed && before != null && Math.min(before.count(), count) < FEW
                    && before.count() + count <= MessageChunk.CAPACITY) {
                chunks.set(chunks.size() - 1, join(before, left));
            } else {
                chunks.add(left);
            }
        }
        return chunks;
    }

    /** What to write so that the index has {@code after} in place of {@code before}. */
    static List<Index.Write> writes(int mailbox, int uidValidity, List<MessageChunk> before, List<MessageChunk> after) {
        Set<MessageChunk> old = Collections.newSetFromMap(new IdentityHashMap<>());
        old.addAll(before);
        Set<MessageChunk> fresh = Collections.newSetFromMap(new IdentityHashMap<>());
        fresh.addAll(after);
        // A chunk that keeps its first UID is overwritten and needs no removal.
        Set<Integer> firstUids = new HashSet<>();
        after.forEach(chunk -> firstUids.add(chunk.firstUid()));
        List<Index.Write> writes = new ArrayList<>();
        for (MessageChunk chunk : before) {
            if (!fresh.contains(chunk) && !firstUids.contains(chunk.firstUid())) {
                writes.add(new Index.Write.RemoveChunk(mailbox, chunk.firstUid()));
            }
        }
        for (MessageChunk chunk : after) {
            if (!old.contains(chunk)) {
                writes.add(new Index.Write.PutChunk(mailbox, uidValidity, chunk));
            }
        }
        return writes;
    }

    static MessageChunk join(MessageChunk a, MessageChunk b) {
        int n = a.count();
        int m = b.count();
        int[] uids = Arrays.copyOf(a.uids, n + m);
        long[] flags = Arrays.copyOf(a.flags, n + m);
        long[] modSeqs = Arrays.copyOf(a.modSeqs, n + m);
        long[] emails = Arrays.copyOf(a.emails, n + m);
        int[] sizes = Arrays.copyOf(a.sizes, n + m);
        int[] dates = Arrays.copyOf(a.dates, n + m);
        System.arraycopy(b.uids, 0, uids, n, m);
        System.arraycopy(b.flags, 0, flags, n, m);
        System.arraycopy(b.modSeqs, 0, modSeqs, n, m);
        System.arraycopy(b.emails, 0, emails, n, m);
        System.arraycopy(b.sizes, 0, sizes, n, m);
        System.arraycopy(b.dates, 0, dates, n, m);
        return new MessageChunk(uids, flags, modSeqs, emails, sizes, dates);
    }
}
