package io.mailserver.store;

import io.mailserver.base.PlatformPool;
import io.mailserver.maildir.MessageFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The octets of a message file: a small one is read at once, of a large one 64 KiB at a time; all file work is done on the pool. */
final class StoredContent implements MessageContent {
    private static final int BUFFER_OCTETS = 64 << 10;

    private final MessageFile file;
    private final PlatformPool pool;
    private final long size;
    private final byte[] buffer;
    private long bufferStart;
    private int buffered;
    private boolean closed;

    private StoredContent(MessageFile file, PlatformPool pool) {
        this.file = file;
        this.pool = pool;
        this.size = file.size();
        this.buffer = new byte[(int) Math.min(size, BUFFER_OCTETS)];
    }

    /** On a thread of the pool; {@code file} belongs to the result, and is closed if this throws. */
    static StoredContent of(MessageFile file, PlatformPool pool) throws IOException {
        boolean read = false;
        StoredContent content = new StoredContent(file, pool);
        try {
            content.fill(0);
            read = true;
            if (content.buffered == content.size) {
                content.closed = true;
                file.close();
            }
            return content;
        } finally {
            if (!read) {
                file.close();
            }
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        int wanted = (int) Math.min(length, Math.max(0, size - position));
        if (wanted > buffer.length && closed) {
            throw new IOException("the content is closed");
        }
        if (wanted > BUFFER_OCTETS) {
            return pool.call(() -> file.read(position, into, offset, wanted));
        }
        int done = 0;
        while (done < wanted) {
            long at = position + done;
            if (at < bufferStart || at >= bufferStart + buffered) {
                refill(at);
            }
            int part = (int) Math.min(wanted - done, bufferStart + buffered - at);
            System.arraycopy(buffer, (int) (at - bufferStart), into, offset + done, part);
            done += part;
        }
        return done;
    }

    private void refill(long position) throws IOException {
        if (closed) {
            throw new IOException("the content is closed");
        }
        pool.call(() -> {
            fill(position);
            return position;
        });
    }

    private void fill(long position) throws IOException {
        buffered = 0;
        int read = file.read(position, buffer, 0, buffer.length);
        bufferStart = position;
        buffered = read;
        if (read == 0 && size > position) {
            throw new IOException("a message file ends early");
        }
    }

    @Override
    public InputStream open(long position, long length) {
        long end = Math.min(size, position + Math.min(length, size));
        if (position == bufferStart && end - position <= buffered) {
            return new ByteArrayInputStream(buffer, 0, (int) Math.max(0, end - position));
        }
        return new Reader(position, end);
    }

    private final class Reader extends InputStream {
        private long position;
        private final long end;

        Reader(long position, long end) {
            this.position = position;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (position >= end) {
                return -1;
            }
            int read = StoredContent.this.read(position, into, offset, (int) Math.min(length, end - position));
            position += read;
            return read == 0 ? -1 : read;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            file.close();
        } catch (IOException e) {
            // Nothing was written: a descriptor that cannot be closed is a bug or a sick kernel.
            throw new UncheckedIOException(e);
        }
    }
}
