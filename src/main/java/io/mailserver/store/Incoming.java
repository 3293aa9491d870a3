package io.mailserver.store;

import io.mailserver.base.Content;
import io.mailserver.mime.MessageOctets;
import io.mailserver.store.Arrivals.Arrival;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a message that has just been stored.
 *
 * @param size as served, in octets, unsigned
 * @param date seconds since 1970, unsigned
 * @param rendered empty if it could not be read: then that is done when it is first asked for
 */
record Incoming(int size, int date, Optional<RenderedEmail> rendered) {
    /** Messages up to this size are put together in memory, which the receiving side has seen to already. */
    private static final int IN_MEMORY_OCTETS = 1 << 20;

    /** Parses the message, as {@code head} and {@code content} together; trouble with that is logged, for the message is accepted. */
    static Incoming of(StoreParts parts, String head, Content content, Instant date) {
        byte[] octets = head.getBytes(StandardCharsets.UTF_8);
        long size = octets.length + content.size() + content.bareLineFeeds();
        Optional<RenderedEmail> rendered = Optional.empty();
        try {
            rendered = Optional.of(render(parts.renderer(), octets, content, size));
        } catch (IOException e) {
            parts.log().error("store.not-rendered", e);
        }
        return new Incoming((int) size, (int) date.getEpochSecond(), rendered);
    }

    private static RenderedEmail render(EmailRenderer renderer, byte[] head, Content content, long size) throws IOException {
        MessageOctets served = MessageOctets.of(content);
        if (size > IN_MEMORY_OCTETS) {
            return renderer.render(offset -> offset >= head.length
                    ? served.from(offset - head.length)
                    : new SequenceInputStream(new ByteArrayInputStream(head, (int) offset, head.length - (int) offset), served.from(0)));
        }
        byte[] message = new byte[(int) size];
        System.arraycopy(head, 0, message, 0, head.length);
        try (InputStream in = served.from(0)) {
            in.readNBytes(message, head.length, message.length - head.length);
        }
        return renderer.render(message);
    }

    Arrival arrival(int uid, long flags, Path file) {
        Path folder = file.getParent();
        String place = folder == null ? "" : folder.getFileName() + "/";
        return new Arrival(uid, flags, size, date, place + file.getFileName(), Optional.empty(), rendered);
    }
}
