package io.mailserver.smtpclient;

import io.mailserver.base.Content;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a message holds that a server must be able to take.
 *
 * @param eightBit whether any octet is above 127
 * @param headerHasUtf8 whether one in the header is
 * @param binary whether there is a NUL, or a CR or LF alone (RFC 2045 §2.9): what no DATA carries
 * @param longLines whether a line has more than {@value #MAX_LINE_OCTETS} octets before its CRLF
 */
public record MessageShape(boolean eightBit, boolean headerHasUtf8, boolean binary, boolean longLines) {
    /** RFC 5321 §4.5.3.1.6. */
    static final int MAX_LINE_OCTETS = 998;

    private static final int BUFFER_OCTETS = 32 << 10;

    /** Reads the message through. */
    public static MessageShape of(Content content) throws IOException {
        byte[] buffer = new byte[BUFFER_OCTETS];
        Scan scan = new Scan();
        try (InputStream in = content.open()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                scan.take(buffer, read);
            }
        }
        return scan.shape();
    }

    private static final class Scan {
        private boolean eightBit;
        private boolean headerHasUtf8;
        private boolean binary;
        private boolean longLines;
        private boolean inHeader = true;
        private boolean afterCarriageReturn;
        private int lineOctets;

        void take(byte[] octets, int length) {
            for (int i = 0; i < length; i++) {
                byte octet = octets[i];
                if (octet == '\n') {
                    binary |= !afterCarriageReturn;
                    inHeader &= lineOctets > 0;
                    lineOctets = 0;
                    afterCarriageReturn = false;
                    continue;
                }
                binary |= afterCarriageReturn || octet == 0;
                afterCarriageReturn = octet == '\r';
                if (octet < 0) {
                    eightBit = true;
                    headerHasUtf8 |= inHeader;
                }
                lineOctets += afterCarriageReturn ? 0 : 1;
                longLines |= lineOctets > MAX_LINE_OCTETS;
            }
        }

        MessageShape shape() {
            return new MessageShape(eightBit, headerHasUtf8, binary || afterCarriageReturn, longLines);
        }
    }
}
