package io.mailserver.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A message held in memory, in chunks that are full but for the last. */
final class MemoryContent implements Content {
    private final ContentSpool spool;
    /** Null once closed: the memory is given back, so nobody may hold on to it. */
    private final AtomicReference<@Nullable List<byte[]>> chunks;

    private final int lastChunkFill;
    private final int memory;
    private final long size;
    private final long bareLineFeeds;

    MemoryContent(ContentSpool spool, List<byte[]> chunks, int lastChunkFill, int memory, long size, long bareLineFeeds) {
        this.spool = spool;
        this.chunks = new AtomicReference<>(chunks);
        this.lastChunkFill = lastChunkFill;
        this.memory = memory;
        this.size = size;
        this.bareLineFeeds = bareLineFeeds;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public long bareLineFeeds() {
        return bareLineFeeds;
    }

    @Override
    public InputStream open() throws IOException {
        return new ChunksInputStream(openChunks(), size);
    }

    @Override
    public void writeTo(WritableByteChannel channel) throws IOException {
        writeTo(channel, ByteBuffer.allocate(0));
    }

    @Override
    public void writeTo(WritableByteChannel channel, ByteBuffer head) throws IOException {
        List<byte[]> held = openChunks();
        ByteBuffer first = piece(held, 0);
        if (channel instanceof GatheringByteChannel gathering && first.hasRemaining()) {
            // Head and first chunk in one call: all of most messages. No more at once, because the JDK keeps a direct buffer for
            // each piece with the thread for ever.
            ByteBuffer[] both = {head, first};
            do {
                gathering.write(both);
            } while (first.hasRemaining());
        } else {
            writeFully(channel, head);
            writeFully(channel, first);
        }
        for (int i = 1; i < held.size(); i++) {
            writeFully(channel, piece(held, i));
        }
    }

    private ByteBuffer piece(List<byte[]> held, int index) {
        if (index >= held.size()) {
            return ByteBuffer.allocate(0);
        }
        byte[] chunk = held.get(index);
        boolean last = index == held.size() - 1;
        return ByteBuffer.wrap(chunk, 0, last ? lastChunkFill : chunk.length);
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer piece) throws IOException {
        while (piece.hasRemaining()) {
            channel.write(piece);
        }
    }

    @Override
    public void close() {
        if (chunks.getAndSet(null) != null) {
            spool.giveBackMemory(memory);
        }
    }

    private List<byte[]> openChunks() throws IOException {
        List<byte[]> held = chunks.get();
        if (held == null) {
            throw new ClosedChannelException();
        }
        return held;
    }

    private static final class ChunksInputStream extends InputStream {
        private final List<byte[]> chunks;
        private int chunk;
        private int position;
        private long left;

        ChunksInputStream(List<byte[]> chunks, long size) {
            this.chunks = chunks;
            this.left = size;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                return -1;
            }
            byte[] current = chunks.get(chunk);
            int copied = (int) Math.min(Math.min(length, left), current.length - position);
            System.arraycopy(current, position, target, offset, copied);
            left -= copied;
            position += copied;
            if (position == current.length) {
                chunk++;
                position = 0;
            }
            return copied;
        }

        @Override
        public int available() {
            return (int) Math.min(left, Integer.MAX_VALUE);
        }
    }
}
