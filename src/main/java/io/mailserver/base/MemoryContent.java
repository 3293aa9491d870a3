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

    private final int memory;
    private final long size;
    private final long bareLineFeeds;

    MemoryContent(ContentSpool spool, List<byte[]> chunks, int memory, long size, long bareLineFeeds) {
        this.spool = spool;
        this.chunks = new AtomicReference<>(chunks);
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
        ByteBuffer[] pieces = new ByteBuffer[held.size() + 1];
        pieces[0] = head;
        long left = size;
        for (int i = 0; i < held.size(); i++) {
            byte[] chunk = held.get(i);
            pieces[i + 1] = ByteBuffer.wrap(chunk, 0, (int) Math.min(left, chunk.length));
            left -= chunk.length;
        }
        ByteBuffer last = pieces[pieces.length - 1];
        if (channel instanceof GatheringByteChannel gathering) {
            // Partial writes take whole buffers in order, so the last one is the last to be emptied.
            do {
                gathering.write(pieces);
            } while (last.hasRemaining());
        } else {
            for (ByteBuffer piece : pieces) {
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
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
