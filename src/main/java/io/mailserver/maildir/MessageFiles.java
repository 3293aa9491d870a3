package io.mailserver.maildir;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Renaming, finding and deleting message files beside other programs that do the same: that a file is not where it was is an answer and
 * no failure. Nothing here flushes: a rename that a power cut undoes leaves the message under its old name (file systems rename
 * atomically, docs/decisions/0206-lazy-renames.md); who needs a deletion to last flushes the folder.
 *
 * <p>To be called on a thread of a pool.
 */
public final class MessageFiles {
    private MessageFiles() {}

    /**
     * Gives a message another name.
     *
     * @return where it is now; empty if it was gone
     * @throws FileAlreadyExistsException another file has that name; nothing was done
     */
    public static Optional<MaildirListing.Entry> rename(MaildirFolder folder, MaildirListing.Entry from, MaildirListing.Entry target)
            throws IOException {
        if (target.equals(from)) {
            return Optional.of(from);
        }
        Path path = target.path(folder);
        // A rename would replace it without a word. No program makes a file of this unique name, so nobody slips in between.
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        try {
            Files.move(from.path(folder), path, StandardCopyOption.ATOMIC_MOVE);
            return Optional.of(target);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Where a message is now: where it was last, or under any other name with the same unique part.
     *
     * @return empty if it is not there under any name: gone, or (a look being no lock) renamed meanwhile
     */
    public static Optional<MaildirListing.Entry> find(MaildirFolder folder, MaildirListing.Entry last) throws IOException {
        if (Files.exists(last.path(folder), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(last);
        }
        String unique = last.name().unique();
        return MaildirListing.find(folder, name -> name.unique().equals(unique));
    }

    /**
     * Deletes a message under its last known name or whatever name it has now.
     *
     * @return whether there was one
     */
    public static boolean delete(MaildirFolder folder, MaildirListing.Entry last) throws IOException {
        if (Files.deleteIfExists(last.path(folder))) {
            return true;
        }
        Optional<MaildirListing.Entry> found = find(folder, last);
        return found.isPresent() && Files.deleteIfExists(found.get().path(folder));
    }
}
