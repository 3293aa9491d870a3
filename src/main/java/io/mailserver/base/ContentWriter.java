package io.mailserver.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the octets of one message as they arrive, and then is a {@link Content}. Made by {@link ContentSpool}; closed by whoever
 * asked for it, which drops everything that was not finished. Used by one thread at a time.
 */
public final class ContentWriter implements AutoCloseable {
    private static final int FIRST_CHUNK_OCTETS = 8 << 10;
    /** Also the piece in which a spooled message goes to its file: large beside the cost of a hop to the pool. */
    private static final int MAX_CHUNK_OCTETS = 128 << 10;

    private final ContentSpool spool;
    private final boolean mayHoldBareLineFeeds;
    /** Chunks in the order of the message; all full but the last. Once there is a file: at most one, the buffer before it. */
    private final List<byte[]> chunks = new ArrayList<>();
    private int lastChunkFill;
    private int memory;
    private @Nullable FileChannel file;
    private long size;
    private long bareLineFeeds;
    private byte previous;
    private boolean done;

    ContentWriter(ContentSpool spool, boolean mayHoldBareLineFeeds) {
        this.spool = spool;
        this.mayHoldBareLineFeeds = mayHoldBareLineFeeds;
    }

    /**
     * Appends octets.
     *
     * @throws IOException the spool's disk is full or failed, or too much work waits for it; the message cannot be finished any more
     */
    public void write(byte[] octets, int offset, int length) throws IOException {
        if (done) {
            throw new IllegalStateException("finished");
        }
        if (mayHoldBareLineFeeds) {
            countBareLineFeeds(octets, offset, length);
        }
        size += length;
        int taken = 0;
        while (taken < length && file == null) {
            taken += fillMemory(octets, offset + taken, length - taken);
            if (taken < length && !addChunk()) {
                spill();
            }
        }
        if (taken < length) {
            writeToFile(octets, offset + taken, length - taken);
        }
    }

    /** Octets so far. */
    public long size() {
        return size;
    }

    /**
     * The message, which the caller closes from now on. Closing this writer then does nothing.
     *
     * @throws IOException as {@link #write}
     */
    public Content finish() throws IOException {
        if (done) {
            throw new IllegalStateException("finished");
        }
        FileChannel spooled = file;
        Content content;
        if (spooled == null) {
            content = new MemoryContent(spool, List.copyOf(chunks), lastChunkFill, memory, size, bareLineFeeds);
        } else {
            flushChunk(spooled);
            dropChunksBut(0);
            content = new FileContent(spool, spooled, size, bareLineFeeds);
        }
        done = true;
        return content;
    }

    /** Drops the message if it was not finished. Idempotent. */
    @Override
    public void close() {
        if (done) {
            return;
        }
        done = true;
        dropChunksBut(0);
        if (file != null) {
            spool.discard(file);
        }
    }

    private int fillMemory(byte[] octets, int offset, int length) {
        if (chunks.isEmpty()) {
            return 0;
        }
        byte[] last = chunks.getLast();
        int fits = Math.min(length, last.length - lastChunkFill);
        System.arraycopy(octets, offset, last, lastChunkFill, fits);
        lastChunkFill += fits;
        return fits;
    }

    private boolean addChunk() {
        int wanted = chunks.isEmpty() ? FIRST_CHUNK_OCTETS : Math.min(2 * chunks.getLast().length, MAX_CHUNK_OCTETS);
        int octets = Math.min(wanted, spool.memoryPerContent() - memory);
        if (octets <= 0 || !spool.takeMemory(octets)) {
            return false;
        }
        memory += octets;
        chunks.add(new byte[octets]);
        lastChunkFill = 0;
        return true;
    }

    /** From memory to a file. The largest chunk stays as the buffer before the file, if there was any. */
    private void spill() throws IOException {
        FileChannel opened = spool.openFile();
        file = opened;
        ByteBuffer[] held = new ByteBuffer[chunks.size()];
        for (int i = 0; i < held.length; i++) {
            byte[] chunk = chunks.get(i);
            held[i] = ByteBuffer.wrap(chunk, 0, i == held.length - 1 ? lastChunkFill : chunk.length);
        }
        spool.append(opened, held);
        chunks.sort((a, b) -> Integer.compare(b.length, a.length));
        dropChunksBut(1);
        lastChunkFill = 0;
    }

    private void writeToFile(byte[] octets, int offset, int length) throws IOException {
        FileChannel spooled = file;
        if (spooled == null) {
            throw new IllegalStateException("no file");
        }
        int room = chunks.isEmpty() ? 0 : chunks.getFirst().length - lastChunkFill;
        if (length > room) {
            flushChunk(spooled);
        }
        if (chunks.isEmpty() || length >= chunks.getFirst().length) {
            spool.append(spooled, new ByteBuffer[] {ByteBuffer.wrap(octets, offset, length)});
        } else {
            fillMemory(octets, offset, length);
        }
    }

    private void flushChunk(FileChannel spooled) throws IOException {
        if (lastChunkFill > 0 && !chunks.isEmpty()) {
            spool.append(spooled, new ByteBuffer[] {ByteBuffer.wrap(chunks.getFirst(), 0, lastChunkFill)});
            lastChunkFill = 0;
        }
    }

    private void dropChunksBut(int kept) {
        while (chunks.size() > kept) {
            int octets = chunks.removeLast().length;
            memory -= octets;
            spool.giveBackMemory(octets);
        }
    }

    private void countBareLineFeeds(byte[] octets, int offset, int length) {
        byte before = previous;
        for (int i = offset; i < offset + length; i++) {
            byte octet = octets[i];
            if (octet == '\n' && before != '\r') {
                bareLineFeeds++;
            }
            before = octet;
        }
        previous = before;
    }
}
