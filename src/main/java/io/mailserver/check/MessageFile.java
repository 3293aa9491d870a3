package io.mailserver.check;

import io.mailserver.mime.CrlfInputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A message on disk or in memory. Its line ends may be LF, as in files of other programs: it is checked and signed as it would go over
 * the wire, and written as it came.
 */
public final class MessageFile {
    private static final int BUFFER_OCTETS = 64 << 10;

    private final Source source;

    /** Opens the octets as they are; may be asked several times. */
    @FunctionalInterface
    private interface Source {
        InputStream open() throws IOException;
    }

    private MessageFile(Source source) {
        this.source = source;
    }

    /** That of a file, read anew each time. */
    public static MessageFile of(Path file) {
        return new MessageFile(() -> new BufferedInputStream(Files.newInputStream(file), BUFFER_OCTETS));
    }

    /** That of octets, which must not change. */
    public static MessageFile of(byte[] octets) {
        return new MessageFile(() -> new ByteArrayInputStream(octets));
    }

    /** The message with CRLF at the end of every line. */
    public InputStream open() throws IOException {
        return new CrlfInputStream(source.open());
    }

    /**
     * Writes the message below new fields, with the line ends that it has; one whose line ends differ gets CRLF everywhere.
     *
     * @param fields with CRLF
     */
    public void writeBelow(String fields, OutputStream out) throws IOException {
        boolean bare = onlyBareLineEnds();
        out.write((bare ? fields.replace("\r\n", "\n") : fields).getBytes(StandardCharsets.UTF_8));
        try (InputStream message = bare ? source.open() : open()) {
            message.transferTo(out);
        }
        out.flush();
    }

    /** Whether there are line ends, and all of them are LF alone. */
    private boolean onlyBareLineEnds() throws IOException {
        boolean any = false;
        int last = -1;
        try (InputStream message = source.open()) {
            for (int octet = message.read(); octet >= 0; octet = message.read()) {
                if (octet == '\n' && last == '\r') {
                    return false;
                }
                any |= octet == '\n';
                last = octet;
            }
        }
        return any;
    }
}
