package io.mailserver.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often each numbered message of one run lies in a set of Maildirs ({@code new} and {@code cur}). */
public final class Census {
    /** The header block of a benchmark message, ours and the server's lines together, ends well before this. */
    private static final int HEAD_OCTETS = 4096;

    /** Beyond this a message's space is worth a system call. */
    private static final int LARGE_OCTETS = 16 << 10;

    private int[] copies = new int[1024];
    private int highest = -1;
    private int files;

    private Census() {}

    /**
     * Reads the head of every file.
     *
     * @param maildirs folders with {@code new} and {@code cur} in them; a missing one counts as empty
     * @param run the run whose messages are counted; others are passed over
     */
    public static Census take(List<Path> maildirs, String run) throws IOException {
        Census census = new Census();
        Pattern id = Pattern.compile("^Message-ID: <(\\d+)\\." + Pattern.quote(run) + "@", Pattern.MULTILINE);
        for (Path maildir : maildirs) {
            for (String part : List.of("new", "cur")) {
                census.countFolder(maildir.resolve(part), id);
            }
        }
        return census;
    }

    /** The number of message files in {@code new} of all {@code maildirs}, by listing alone. */
    public static int filesInNew(List<Path> maildirs) throws IOException {
        int files = 0;
        for (Path maildir : maildirs) {
            Path folder = maildir.resolve("new");
            if (Files.isDirectory(folder)) {
                String[] names = folder.toFile().list();
                files += names == null ? 0 : names.length;
            }
        }
        return files;
    }

    /**
     * Moves the messages of all {@code maildirs} out of the way, and frees the space of large ones. They are not deleted between
     * measurements: an ext4 without a journal looks past each inode deleted in the last minutes when it makes a file (28 % of a
     * server's processor time, measured), so whoever came next would pay for what went before.
     *
     * @param aside a folder on the same file system
     */
    public static void setAside(List<Path> maildirs, Path aside) throws IOException {
        Path folder = Files.createTempDirectory(Files.createDirectories(aside), "measured-");
        int number = 0;
        for (Path maildir : maildirs) {
            for (String part : List.of("tmp", "new", "cur")) {
                Path from = maildir.resolve(part);
                if (Files.isDirectory(from)) {
                    try (DirectoryStream<Path> messages = Files.newDirectoryStream(from)) {
                        for (Path message : messages) {
                            setAside(message, folder.resolve(Integer.toString(number++)));
                        }
                    }
                }
            }
        }
    }

    private static void setAside(Path message, Path target) throws IOException {
        Files.move(message, target);
        try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
            if (file.size() > LARGE_OCTETS) {
                file.truncate(0);
            }
        }
    }

    /** How often message {@code number} was found. */
    public int copies(int number) {
        return number < copies.length ? copies[number] : 0;
    }

    /** The highest number found, -1 when there was none. */
    public int highest() {
        return highest;
    }

    /** How many files of this run were found. */
    public int files() {
        return files;
    }

    private void countFolder(Path folder, Pattern id) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> messages = Files.newDirectoryStream(folder)) {
            for (Path message : messages) {
                count(message, id);
            }
        }
    }

    private void count(Path message, Pattern id) throws IOException {
        String head;
        try (InputStream in = Files.newInputStream(message)) {
            head = new String(in.readNBytes(HEAD_OCTETS), StandardCharsets.ISO_8859_1);
        }
        Matcher matcher = id.matcher(head);
        if (matcher.find()) {
            int number = Integer.parseInt(matcher.group(1));
            if (number >= copies.length) {
                copies = Arrays.copyOf(copies, Math.max(number + 1, copies.length * 2));
            }
            copies[number]++;
            highest = Math.max(highest, number);
            files++;
        }
    }
}
