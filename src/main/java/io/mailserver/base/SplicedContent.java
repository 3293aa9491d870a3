package io.mailserver.base;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A message whose first octets were replaced, such as by a header without some of its fields; the rest is another content's and is not
 * copied. Does not own that content: closing this closes nothing.
 */
public final class SplicedContent implements Content {
    private final byte[] start;
    private final Content rest;
    private final long from;
    private final long bareLineFeeds;

    /**
     * @param start the new first octets; not changed by anybody from here on
     * @param rest outlives this content
     * @param from where in {@code rest} the octets begin that follow
     * @param removedBareLineFeeds how many of {@link Content#bareLineFeeds} of {@code rest} are gone
     */
    public SplicedContent(byte[] start, Content rest, long from, long removedBareLineFeeds) {
        if (from < 0 || from > rest.size()) {
            throw new IllegalArgumentException("no such place in the content");
        }
        this.start = start;
        this.rest = rest;
        this.from = from;
        this.bareLineFeeds = rest.bareLineFeeds() - removedBareLineFeeds;
    }

    @Override
    public long size() {
        return start.length + rest.size() - from;
    }

    @Override
    public long bareLineFeeds() {
        return bareLineFeeds;
    }

    @Override
    public InputStream open() throws IOException {
        InputStream tail = rest.open();
        tail.skipNBytes(from);
        return new SequenceInputStream(new ByteArrayInputStream(start), tail);
    }

    @Override
    public void writeTo(WritableByteChannel channel) throws IOException {
        rest.writeTo(channel, ByteBuffer.wrap(start), from);
    }

    @Override
    public void writeTo(WritableByteChannel channel, ByteBuffer head) throws IOException {
        ByteBuffer both = ByteBuffer.allocate(head.remaining() + start.length).put(head).put(start).flip();
        rest.writeTo(channel, both, from);
    }

    @Override
    public void close() {
        // Whoever received the other content closes that.
    }
}
