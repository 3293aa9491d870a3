package io.mailserver.base;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A message in an array that nobody changes, with CRLF line ends only.
 *
 * @param octets all of it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OctetContent(byte[] octets) implements Content {
    @Override
    public long size() {
        return octets.length;
    }

    @Override
    public long bareLineFeeds() {
        return 0;
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

    @Override
    public void close() {
        // The array is the garbage collector's.
    }
}
