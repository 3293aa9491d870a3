package io.mailserver.pop3server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines from the client. One thread. */
final class Pop3Input {
    private static final int BUFFER_OCTETS = 4096;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_OCTETS];
    private int next;
    private int end;

    Pop3Input(InputStream in) {
        this.in = in;
    }

    /** Whether the client has sent more than was read. */
    boolean hasReadAhead() {
        return next < end;
    }

    /** What came of reading a line. */
    sealed interface Line {
        /** Without its end. Octets that are no UTF-8 become U+FFFD. */
        record Text(String text) implements Line {}

        /** It was longer; all of it has been read. */
        record TooLong() implements Line {}
    }

    /**
     * The next line; ends with LF, and a CR before that belongs to its end.
     *
     * @param most octets without the end
     * @return empty at the end of the input
     */
    Optional<Line> readLine(int most) throws IOException {
        byte[] line = new byte[most + 1];
        int length = 0;
        boolean tooLong = false;
        while (true) {
            if (next == end) {
                end = in.read(buffer, 0, buffer.length);
                next = 0;
                if (end <= 0) {
                    end = 0;
                    return Optional.empty();
                }
            }
            byte octet = buffer[next++];
            if (octet == '\n') {
                break;
            }
            if (length < line.length) {
                line[length++] = octet;
            } else {
                tooLong = true;
            }
        }
        if (!tooLong && length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return Optional.of(
                tooLong || length > most ? new Line.TooLong() : new Line.Text(new String(line, 0, length, StandardCharsets.UTF_8)));
    }
}
