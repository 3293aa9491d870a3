package io.mailserver.queue;

import io.mailserver.base.Content;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The octets of a large queued message, in their file, which stays. */
record StoredContent(Path file, long size) implements Content {
    private static final int BUFFER_OCTETS = 64 << 10;

    /** Message octets in the queue have CRLF line ends only, but for BINARYMIME, where nobody counts. */
    @Override
    public long bareLineFeeds() {
        return 0;
    }

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

    @Override
    public void close() {
        // The file is the queue's.
    }
}
