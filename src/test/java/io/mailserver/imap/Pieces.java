package io.mailserver.imap;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A connection that gives at most so many octets at once. */
final class Pieces extends InputStream {
    private final InputStream text;
    private final int piece;

    Pieces(String text, int piece) {
        this.text = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
        this.piece = piece;
    }

    @Override
    public int read() {
        throw new UnsupportedOperationException("one by one");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws java.io.IOException {
        return text.read(into, offset, Math.min(length, piece));
    }
}
