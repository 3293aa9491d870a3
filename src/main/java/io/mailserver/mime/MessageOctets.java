package io.mailserver.mime;

import io.mailserver.base.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The octets of a message as it is served (every line ends in CRLF), at any place: what the places of {@link MimePart} speak of. */
@FunctionalInterface
public interface MessageOctets {
    /** The octets from a place on, to the end of the message; the caller closes the stream. */
    InputStream from(long offset) throws IOException;

    /** The decoded body of a part, for IMAP BINARY, JMAP downloads and searching. */
    default InputStream decodedBody(MimePart part) throws IOException {
        return part.transferEncoding().decode(new BoundedInputStream(from(part.bodyStart()), part.bodyOctets()));
    }

    /** A message in memory, with CRLF line ends. */
    static MessageOctets of(byte[] served) {
        return offset -> {
            int from = (int) Math.min(offset, served.length);
            return new ByteArrayInputStream(served, from, served.length - from);
        };
    }

    /** A received message. Each call reads from its start. */
    static MessageOctets of(Content message) {
        return offset -> {
            InputStream in = message.bareLineFeeds() == 0 ? message.open() : new CrlfInputStream(message.open());
            in.skipNBytes(Math.min(offset, message.size() + message.bareLineFeeds()));
            return in;
        };
    }
}
