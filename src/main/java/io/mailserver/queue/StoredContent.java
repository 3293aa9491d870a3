package io.mailserver.queue;

import io.mailserver.base.Content;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The octets of a queued message: those of small ones in memory, those of large ones in their file, which stays. */
sealed interface StoredContent extends Content {
    /** Message octets in the queue have CRLF line ends only, but for BINARYMIME, where nobody counts. */
    @Override
    default long bareLineFeeds() {
        return 0;
    }

    @Override
    default void close() {}

    record InMemory(byte[] octets) implements StoredContent {
        @Override
        public long size() {
            return octets.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(octets);
        }

        @Override
        public void writeTo(WritableByteChannel channel) throws IOException {
            ByteBuffer all = ByteBuffer.wrap(octets);
            while (all.hasRemaining()) {
                channel.write(all);
            }
        }
    }

    record InFile(Path file, long size) implements StoredContent {
        private static final int BUFFER_OCTETS = 64 << 10;

        @Override
        public InputStream open() throws IOException {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            return new BufferedInputStream(Channels.newInputStream(channel), BUFFER_OCTETS);
        }

        @Override
        public void writeTo(WritableByteChannel channel) throws IOException {
            try (FileChannel own = FileChannel.open(file, StandardOpenOption.READ)) {
                long position = 0;
                while (position < size) {
                    long copied = own.transferTo(position, size - position, channel);
                    if (copied <= 0) {
                        throw new DamagedRecordException(file + " ends at " + own.size());
                    }
                    position += copied;
                }
            }
        }
    }
}
