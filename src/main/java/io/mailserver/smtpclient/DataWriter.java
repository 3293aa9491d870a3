package io.mailserver.smtpclient;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes the octets of a message as DATA wants them: every line ended by CRLF, whatever ended it here, and a dot before each that begins
 * with one (RFC 5321 §4.5.2). {@link #end} writes the end of the message.
 */
final class DataWriter {
    private final OutputStream out;
    private final boolean stuffDots;
    private boolean atLineStart = true;
    private boolean afterCarriageReturn;

    DataWriter(OutputStream out, boolean stuffDots) {
        this.out = out;
        this.stuffDots = stuffDots;
    }

    void write(byte[] octets, int from, int to) throws IOException {
        int pieceStart = from;
        for (int i = from; i < to; i++) {
            byte octet = octets[i];
            if (afterCarriageReturn) {
                if (octet != '\n') {
                    out.write(octets, pieceStart, i - pieceStart);
                    pieceStart = i;
                    out.write('\n');
                }
                afterCarriageReturn = false;
                atLineStart = true;
                if (octet == '\n') {
                    continue;
                }
            }
            if (octet == '\n') {
                out.write(octets, pieceStart, i - pieceStart);
                pieceStart = i;
                out.write('\r');
                atLineStart = true;
            } else if (octet == '\r') {
                afterCarriageReturn = true;
            } else {
                if (atLineStart && octet == '.' && stuffDots) {
                    out.write(octets, pieceStart, i - pieceStart);
                    pieceStart = i;
                    out.write('.');
                }
                atLineStart = false;
            }
        }
        out.write(octets, pieceStart, to - pieceStart);
    }

    /** Ends the last line, where it is not, and the message. */
    void end() throws IOException {
        if (afterCarriageReturn) {
            out.write('\n');
        } else if (!atLineStart) {
            out.write('\r');
            out.write('\n');
        }
        out.write('.');
        out.write('\r');
        out.write('\n');
    }
}
