package io.mailserver.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often each numbered message of one run lies in a set of Maildirs ({@code new} and {@code cur}). */
public final class Census {
    /** The header block of a benchmark message, ours and the server's lines together, ends well before this. */
    private static final int HEAD_OCTETS = 4096;

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

    /** Deletes the messages of all {@code maildirs}. */
    public static void clear(List<Path> maildirs) throws IOException {
        for (Path maildir : maildirs) {
            for (String part : List.of("tmp", "new", "cur")) {
                Path folder = maildir.resolve(part);
                if (Files.isDirectory(folder)) {
                    try (DirectoryStream<Path> messages = Files.newDirectoryStream(folder)) {
                        for (Path message : messages) {
                            Files.delete(message);
                        }
                    }
                }
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
