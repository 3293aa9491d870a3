package io.mailserver.base;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message in a spool file that has no name any more: closing the channel deletes it. */
final class FileContent implements Content {
    private static final int BUFFER_OCTETS = 64 << 10;
    /** One call copies at most this much, so that a copy of a huge message does not look like a hang in a thread dump. */
    private static final long TRANSFER_OCTETS = 64L << 20;

    private final ContentSpool spool;
    private final FileChannel file;
    private final long size;
    private final long bareLineFeeds;
    private final AtomicBoolean closed = new AtomicBoolean();

    FileContent(ContentSpool spool, FileChannel file, long size, long bareLineFeeds) {
        this.spool = spool;
        this.file = file;
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
    public InputStream open() {
        return new BufferedInputStream(new PositionalInputStream(), BUFFER_OCTETS);
    }

    @Override
    public void writeTo(WritableByteChannel channel) throws IOException {
        writeFrom(channel, 0);
    }

    @Override
    public void writeTo(WritableByteChannel channel, ByteBuffer head, long from) throws IOException {
        while (head.hasRemaining()) {
            channel.write(head);
        }
        writeFrom(channel, from);
    }

    private void writeFrom(WritableByteChannel channel, long from) throws IOException {
        long position = from;
        while (position < size) {
            long copied = file.transferTo(position, Math.min(size - position, TRANSFER_OCTETS), channel);
            if (copied <= 0 && file.size() < size) {
                throw new EOFException("spool file was cut at " + file.size());
            }
            position += copied;
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            spool.discard(file);
        }
    }

    /** Reads by position, so that several readers do not disturb each other. */
    private final class PositionalInputStream extends InputStream {
        private long position;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            int wanted = (int) Math.min(length, size - position);
            if (wanted <= 0) {
                return length == 0 ? 0 : -1;
            }
            int read = file.read(ByteBuffer.wrap(target, offset, wanted), position);
            if (read < 0) {
                throw new EOFException("spool file was cut at " + file.size());
            }
            position += read;
            return read;
        }
    }
}
