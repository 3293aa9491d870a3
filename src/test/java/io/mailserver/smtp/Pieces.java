package io.mailserver.smtp;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Input that arrives in pieces of a given size, as a network may deliver it. */
final class Pieces {
    private Pieces() {}

    static SmtpInput input(String text, int pieceOctets) {
        return input(text.getBytes(StandardCharsets.ISO_8859_1), pieceOctets);
    }

    static SmtpInput input(byte[] octets, int pieceOctets) {
        InputStream whole = new ByteArrayInputStream(octets) {
            @Override
            public synchronized int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(length, pieceOctets));
            }
        };
        return new SmtpInput(whole, () -> {});
    }
}
