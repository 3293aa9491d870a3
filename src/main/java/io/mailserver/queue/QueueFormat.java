package io.mailserver.queue;

import io.mailserver.base.DurableFiles;
import io.mailserver.base.FormatVersion;
import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file {@code format} of a queue's folder: {@code mailserver queue format 1 salt 1f2e3d4c}. */
final class QueueFormat implements FormatVersion.Versioned<IOException> {
    private static final int NEWEST = 1;
    private static final Pattern LINE = Pattern.compile("mailserver queue format ([1-9][0-9]{0,5}) salt ([0-9a-f]{8})\\s*");
    private static final int MAX_OCTETS = 200;

    private final Path folder;
    private final IntSupplier random;

    private QueueFormat(Path folder, IntSupplier random) {
        this.folder = folder;
        this.random = random;
    }

    /** Checks the format, makes it where the folder is new, and returns the salt. */
    static int bringToNewest(Path folder, IntSupplier random) throws IOException {
        QueueFormat format = new QueueFormat(folder, random);
        FormatVersion.bringTo(NEWEST, format);
        return Integer.parseUnsignedInt(format.line().group(2), 16);
    }

    @Override
    public String name() {
        return "the queue " + folder;
    }

    @Override
    public int version() throws IOException {
        try {
            return Integer.parseInt(line().group(1));
        } catch (NoSuchFileException e) {
            try (DirectoryStream<Path> segments = Files.newDirectoryStream(folder, "*" + Segment.SUFFIX)) {
                if (segments.iterator().hasNext()) {
                    throw unreadable();
                }
            }
            return 0;
        }
    }

    @Override
    public void create() throws IOException {
        String line = String.format("mailserver queue format %d salt %08x%n", NEWEST, random.getAsInt());
        DurableFiles.replace(file(), line.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void copyAside(int version) {
        throw new IllegalStateException("no format before " + NEWEST + " was ever written");
    }

    @Override
    public void migrate(int from) {
        throw new IllegalStateException("no format before " + NEWEST + " was ever written");
    }

    private Matcher line() throws IOException {
        if (Files.size(file()) > MAX_OCTETS) {
            throw unreadable();
        }
        Matcher line = LINE.matcher(Files.readString(file(), StandardCharsets.ISO_8859_1));
        if (!line.matches()) {
            throw unreadable();
        }
        return line;
    }

    private Path file() {
        return folder.resolve("format");
    }

    private OperatorException unreadable() {
        return new OperatorException(
                name() + " holds mail, but its file \"format\" is missing or unreadable", "restore that file from the backup");
    }
}
