package io.mailserver.smtpclient;

import io.mailserver.base.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** A message in memory, each char of the text one octet. */
record TestContent(String text) implements Content {
    @Override
    public long size() {
        return text.length();
    }

    @Override
    public long bareLineFeeds() {
        return 0;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(octets());
    }

    @Override
    public void writeTo(WritableByteChannel channel) throws IOException {
        channel.write(ByteBuffer.wrap(octets()));
    }

    private byte[] octets() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        // holds nothing
    }
}
