package io.mailserver.store;

import java.util.OptionalLong;

/**
 * A change of flags, worked out.
 *
 * @param changed messages whose flags become others
 * @param modified messages left alone because they changed after the MODSEQ named
 */
record FlagEdit(UidSet changed, UidSet modified, FlagChange.Kind kind, long bits) {
    /** All keywords of {@code change} that are added are known to {@code list}. */
    static FlagEdit of(MessageList list, UidSet uids, FlagChange change, OptionalLong unchangedSince) {
        long bits = 0;
        for (Flag flag : change.flags()) {
            bits |= list.bitOf(flag);
        }
        UidSet.Builder changed = new UidSet.Builder();
        UidSet.Builder modified = new UidSet.Builder();
        long limit = unchangedSince.orElse(Long.MAX_VALUE);
        for (int range = 0; range < uids.ranges(); range++) {
            int end = uids.last(range) == -1 ? list.size() : list.indexFrom(uids.last(range) + 1);
            int index = list.indexFrom(uids.first(range));
            while (index < end) {
                int number = list.chunkOf(index);
                MessageChunk chunk = list.chunk(number);
                int start = list.start(number);
                for (int i = index - start; i < chunk.count() && start + i < end; i++, index++) {
                    if (chunk.modSeqs[i] > limit) {
                        modified.add(chunk.uids[i]);
                    } else if (apply(change.kind(), chunk.flags[i], bits) != chunk.flags[i]) {
                        changed.add(chunk.uids[i]);
                    }
                }
            }
        }
        return new FlagEdit(changed.build(), modified.build(), change.kind(), bits);
    }

    /** The chunks of {@code list} after the change. */
    MessageChunk[] chunks(MessageList list, long modSeq) {
        MessageChunk[] chunks = OpenMailbox.chunksOf(list).toArray(MessageChunk[]::new);
        for (int range = 0; range < changed.ranges(); range++) {
            int end = list.indexOf(changed.last(range)) + 1;
            int index = list.indexOf(changed.first(range));
            while (index < end) {
                int number = list.chunkOf(index);
                int to = Math.min(end, list.start(number + 1));
                chunks[number] = edited(chunks[number], index - list.start(number), to - list.start(number), modSeq);
                index = to;
            }
        }
        return chunks;
    }

    private MessageChunk edited(MessageChunk chunk, int from, int to, long modSeq) {
        long[] flags = chunk.flags.clone();
        long[] modSeqs = chunk.modSeqs.clone();
        for (int i = from; i < to; i++) {
            flags[i] = apply(kind, flags[i], bits);
            modSeqs[i] = modSeq;
        }
        return chunk.with(flags, modSeqs);
    }

    private static long apply(FlagChange.Kind kind, long flags, long bits) {
        return switch (kind) {
            case ADD -> flags | bits;
            case REMOVE -> flags & ~bits;
            case REPLACE -> bits;
        };
    }
}
