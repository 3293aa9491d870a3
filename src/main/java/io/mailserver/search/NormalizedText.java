package io.mailserver.search;

import io.mailserver.mime.MessageText;

/**
 * Takes the text of a message in {@link UnicodeCasemap} form, the stretches apart by a separator that nothing contains, and hands it over
 * in large pieces. For one thread.
 */
final class NormalizedText implements MessageText.Sink {
    /** Between stretches: no term can reach across. */
    static final byte SEPARATOR = 0x1f;

    private static final int MAX_FIRST_OCTETS = 16 << 10;

    private final OctetBuffer buffer;
    private final int pieceOctets;
    private final int overlap;
    private final PieceConsumer consumer;

    /** Takes pieces. */
    @FunctionalInterface
    interface PieceConsumer {
        /** Returns whether more is wanted. */
        boolean piece(byte[] text, int from, int to);
    }

    /**
     * @param pieceOctets how large pieces are, at least
     * @param overlap how many octets of a piece come again with the next
     * @param expected about how many octets there will be
     */
    NormalizedText(int pieceOctets, int overlap, long expected, PieceConsumer consumer) {
        this.buffer = new OctetBuffer(Math.clamp(expected, 256, MAX_FIRST_OCTETS));
        this.pieceOctets = pieceOctets;
        this.overlap = overlap;
        this.consumer = consumer;
    }

    @Override
    public boolean text(CharSequence piece) {
        UnicodeCasemap.append(piece, buffer);
        if (buffer.length() - overlap < pieceOctets) {
            return true;
        }
        boolean more = consumer.piece(buffer.array(), 0, buffer.length());
        buffer.keepLast(overlap);
        return more;
    }

    @Override
    public void endOfStretch() {
        buffer.add(SEPARATOR);
    }

    /** Hands over the rest. */
    void finish() {
        if (buffer.length() > 0) {
            consumer.piece(buffer.array(), 0, buffer.length());
            buffer.clear();
        }
    }
}
