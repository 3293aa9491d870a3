package io.mailserver.base;

import java.io.IOException;
import java.io.InputStream;
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

    /** Writes all octets to {@code channel}, in large pieces or by the kernel's own copy. */
    void writeTo(WritableByteChannel channel) throws IOException;

    /** Frees memory or deletes the spool file. Idempotent. */
    @Override
    void close();
}
