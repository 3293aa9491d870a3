package io.mailserver.store;

import java.io.IOException;
import java.io.InputStream;

/**
 * The octets of a stored message as they are served: with CRLF line ends, whatever the file has. Stays readable while the message is
 * expunged. Used by one thread at a time; closed by whoever asked for it.
 */
public interface MessageContent extends AutoCloseable {
    /** The size in octets as served; exact. */
    long size();

    /**
     * Octets from {@code position} on.
     *
     * @return how many were read: as many as asked for unless the content ends
     */
    int read(long position, byte[] into, int offset, int length) throws IOException;

    /** All octets from {@code position} on, at most {@code length}; the caller closes the stream. */
    InputStream open(long position, long length) throws IOException;

    @Override
    void close();
}
