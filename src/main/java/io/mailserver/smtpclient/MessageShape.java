package io.mailserver.smtpclient;

import io.mailserver.base.Content;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a message holds that a server must be able to take.
 *
 * @param eightBit whether any octet is above 127
 * @param headerHasUtf8 whether one in the header is
 */
public record MessageShape(boolean eightBit, boolean headerHasUtf8) {
    private static final int BUFFER_OCTETS = 32 << 10;

    /** Reads the message through. */
    public static MessageShape of(Content content) throws IOException {
        byte[] buffer = new byte[BUFFER_OCTETS];
        boolean inHeader = true;
        boolean lineIsEmpty = true;
        boolean eightBit = false;
        boolean headerHasUtf8 = false;
        try (InputStream in = content.open()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    byte octet = buffer[i];
                    eightBit |= octet < 0;
                    if (inHeader) {
                        headerHasUtf8 |= octet < 0;
                        inHeader = octet != '\n' || !lineIsEmpty;
                        lineIsEmpty = octet == '\n' || (lineIsEmpty && octet == '\r');
                    }
                }
            }
        }
        return new MessageShape(eightBit, headerHasUtf8);
    }
}
