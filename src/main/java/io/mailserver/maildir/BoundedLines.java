package io.mailserver.maildir;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads the small text files that mail programs keep beside the messages: line by line, bounded, never trusting a length. */
final class BoundedLines {
    private static final int MAX_LINE_OCTETS = 8_192;

    private BoundedLines() {}

    /**
     * Gives each line of {@code file} to {@code reader}, without its line end; nothing where there is no such file. UTF-8; what is not
     * becomes replacement characters. Lines beyond 8,192 octets are left out: nothing any program writes there is so long.
     *
     * @throws IOException the file cannot be read, or has more than {@code maxLines} lines
     */
    static void read(Path file, int maxLines, Consumer<String> reader) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream(128);
            int lines = 0;
            boolean some = false;
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                some = true;
                if (octet != '\n') {
                    line.write(octet);
                    if (line.size() > MAX_LINE_OCTETS) {
                        line.reset();
                        octet = skipLine(in);
                    }
                }
                if (octet == '\n') {
                    if (++lines > maxLines) {
                        throw new IOException(file + " has more than " + maxLines + " lines");
                    }
                    reader.accept(text(line));
                    line.reset();
                    some = false;
                }
            }
            if (some && line.size() > 0) {
                reader.accept(text(line));
            }
        } catch (NoSuchFileException e) {
            // No file, no lines.
            return;
        }
    }

    /** @return a line feed, or -1 at the end */
    private static int skipLine(InputStream in) throws IOException {
        int octet = in.read();
        while (octet >= 0 && octet != '\n') {
            octet = in.read();
        }
        return octet;
    }

    private static String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
