package io.mailserver.store;

import io.mailserver.base.DurableFiles;
import io.mailserver.base.FormatVersion;
import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The format of the folders below the data folder ({@code accounts}, {@code removed}), kept in the file {@code format} beside them
 * as one line: {@code mailserver data format 1}. What is versioned are names and places; a Maildir is a Maildir.
 */
public final class DataFolderFormat implements FormatVersion.Versioned<IOException> {
    /** The format this program writes. */
    public static final int NEWEST = 1;

    private static final int MAX_OCTETS = 200;
    private static final Pattern LINE = Pattern.compile("mailserver data format ([1-9][0-9]{0,5})\\s*");

    private final Path data;

    private DataFolderFormat(Path data) {
        this.data = data;
    }

    /**
     * Checks the data folder and brings it to the newest format; a folder without mail becomes a new one.
     *
     * @param data exists
     * @throws OperatorException it is newer, or holds mail but no readable format
     */
    public static void bringToNewest(Path data) throws IOException {
        FormatVersion.bringTo(NEWEST, new DataFolderFormat(data));
    }

    @Override
    public String name() {
        return "the data folder " + data;
    }

    @Override
    public int version() throws IOException {
        String line;
        try {
            if (Files.size(file()) > MAX_OCTETS) {
                throw unreadable();
            }
            line = Files.readString(file(), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            if (holdsMail()) {
                throw unreadable();
            }
            return 0;
        }
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw unreadable();
        }
        return Integer.parseInt(matcher.group(1));
    }

    @Override
    public void create() throws IOException {
        DurableFiles.replace(file(), ("mailserver data format " + NEWEST + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void copyAside(int version) throws IOException {
        FolderCopy.copy(data.resolve(AccountFolders.ACCOUNTS), data.resolve(AccountFolders.ACCOUNTS + ".format-" + version));
    }

    @Override
    public void migrate(int from) {
        throw new IllegalStateException("no format " + from + " was ever written");
    }

    private Path file() {
        return data.resolve("format");
    }

    private boolean holdsMail() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(data.resolve(AccountFolders.ACCOUNTS))) {
            return entries.iterator().hasNext();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private OperatorException unreadable() {
        return new OperatorException(
                name() + " holds mail, but its file \"format\" is missing or unreadable",
                "restore the file from the backup; for data of format 1 it is the line: mailserver data format 1");
    }
}
