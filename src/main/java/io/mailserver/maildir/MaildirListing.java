package io.mailserver.maildir;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The names in {@code new} and {@code cur} of a mailbox at one time; some 100 ms for 100,000 messages. As other programs rename files
 * meanwhile, a message may be missing that is there, or be listed under its old name and its new one: whoever draws conclusions looks
 * twice.
 *
 * @param files in no order
 * @param stamp of the folder before it was listed; {@link FolderStamp#UNKNOWN} when it had changed too shortly before
 */
public record MaildirListing(List<Entry> files, FolderStamp stamp) {
    /** 400 octets of memory each. */
    private static final int MAX_FILES = 5_000_000;

    public MaildirListing {
        files = List.copyOf(files);
    }

    /**
     * A message file.
     *
     * @param name its name
     * @param fresh whether it is in {@code new}, else in {@code cur}
     */
    public record Entry(MaildirName name, boolean fresh) {
        /** Where it is. */
        public Path path(MaildirFolder folder) {
            return (fresh ? folder.fresh() : folder.cur()).resolve(name.toString());
        }
    }

    /**
     * Lists {@code folder}; a missing {@code new} or {@code cur} is empty. To be called on a thread of a pool.
     *
     * @param now the time, for the stamp
     */
    public static MaildirListing of(MaildirFolder folder, Instant now) throws IOException {
        FolderStamp stamp = FolderStamp.of(folder);
        List<Entry> files = new ArrayList<>();
        // A message that is moved to cur meanwhile is seen twice rather than never.
        for (boolean fresh : new boolean[] {true, false}) {
            list(folder, fresh, name -> true, files);
        }
        return new MaildirListing(files, stamp.settledAt(now) ? stamp : FolderStamp.UNKNOWN);
    }

    /** The first file whose name {@code wanted} says yes to. */
    static Optional<Entry> find(MaildirFolder folder, Predicate<MaildirName> wanted) throws IOException {
        List<Entry> found = new ArrayList<>(1);
        list(folder, true, wanted, found);
        if (found.isEmpty()) {
            list(folder, false, wanted, found);
        }
        return found.stream().findFirst();
    }

    private static void list(MaildirFolder folder, boolean fresh, Predicate<MaildirName> wanted, List<Entry> files) throws IOException {
        Path path = fresh ? folder.fresh() : folder.cur();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(path)) {
            for (Path file : names) {
                Optional<MaildirName> name = MaildirName.parse(file.getFileName().toString());
                if (name.isPresent() && wanted.test(name.get())) {
                    files.add(new Entry(name.get(), fresh));
                }
                if (files.size() > MAX_FILES) {
                    throw new IOException(path + " has more than " + MAX_FILES + " files");
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException e) {
            // Nothing there.
            return;
        } catch (NotDirectoryException e) {
            throw new IOException(path + " is not a folder: move that file away", e);
        }
    }
}
