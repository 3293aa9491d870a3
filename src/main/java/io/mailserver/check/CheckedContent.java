package io.mailserver.check;

import io.mailserver.base.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/** A message on disk as it would come over the wire. */
record CheckedContent(MessageFile message, long size) implements Content {
    @Override
    public long bareLineFeeds() {
        return 0;
    }

    @Override
    public InputStream open() throws IOException {
        return message.open();
    }

    @Override
    public void writeTo(WritableByteChannel channel) throws IOException {
        try (InputStream in = open()) {
            in.transferTo(Channels.newOutputStream(channel));
        }
    }

    @Override
    public void close() {
        // The file is not ours.
    }
}
