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

/**
 * The file {@code format} of a queue's folder: {@code mailserver queue format 3 salt 1f2e3d4c}.
 *
 * <p>Format 2: an envelope's flags may say how and when it goes on (REQUIRETLS, FUTURERELEASE), which a program that knows format 1 only
 * would not heed. Format 3: records may have a priority (MT-PRIORITY) and a time by
 * which they are to be delivered (DELIVERBY). Records of an older format are records of a newer one, so nothing of the log is written anew.
 */
final class QueueFormat implements FormatVersion.Versioned<IOException> {
    private static final int NEWEST = 3;
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
        DurableFiles.replace(file(), text(NEWEST, random.getAsInt()));
    }

    @Override
    public void copyAside(int version) throws IOException {
        // The file that changes; the log stays, and a copy of it would be mail that is sent twice.
        DurableFiles.replace(folder.resolve("format." + version), Files.readAllBytes(file()));
    }

    @Override
    public void migrate(int from) throws IOException {
        DurableFiles.replace(file(), text(from + 1, Integer.parseUnsignedInt(line().group(2), 16)));
    }

    private static byte[] text(int version, int salt) {
        return String.format("mailserver queue format %d salt %08x%n", version, salt).getBytes(StandardCharsets.US_ASCII);
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
