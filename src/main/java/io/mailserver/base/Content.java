package io.mailserver.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * The octets of one message as received, dot-unstuffed, line ends as they came. Small messages are held in memory, large ones in a
 * spool file; the reader need not care which. Immutable; may be read by several threads at once. Closed by whoever received it,
 * which deletes a spool file.
 */
public interface Content extends AutoCloseable {
    /** The size in octets. */
    long size();

    /**
     * How many LF octets have no CR before them: what {@link #size()} lacks to the size with CRLF line ends (Maildir's {@code W=}).
     * Zero for all but BINARYMIME.
     */
    long bareLineFeeds();

    /** The octets from the start; the caller closes the stream. */
    InputStream open() throws IOException;

    /**
     * Writes all octets to {@code channel}, in large pieces or by the kernel's own copy. Blocks the calling thread, so a caller that
     * writes to a file is on a thread of the {@link PlatformPool}.
     */
    void writeTo(WritableByteChannel channel) throws IOException;

    /**
     * Writes {@code head} and then all octets to {@code channel}: what is held in memory by one gathered write where the channel can.
     *
     * @param head taken from its position to its limit
     */
    default void writeTo(WritableByteChannel channel, ByteBuffer head) throws IOException {
        while (head.hasRemaining()) {
            channel.write(head);
        }
        writeTo(channel);
    }

    /**
     * Writes {@code head} and then the octets after the first {@code from}.
     *
     * @param head taken from its position to its limit
     */
    default void writeTo(WritableByteChannel channel, ByteBuffer head, long from) throws IOException {
        while (head.hasRemaining()) {
            channel.write(head);
        }
        byte[] buffer = new byte[64 << 10];
        try (InputStream in = open()) {
            in.skipNBytes(from);
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                ByteBuffer piece = ByteBuffer.wrap(buffer, 0, read);
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
        }
    }

    /** Frees memory or deletes the spool file. Idempotent. */
    @Override
    void close();
}
