package io.mailserver.maildir;

import java.nio.file.Path;

/**
 * One mailbox on disk: a folder with {@code tmp}, {@code new} and {@code cur} in it. Under Maildir++ the Maildir itself is the INBOX,
 * and the others are folders in it whose names begin with a dot and that hold an empty file {@code maildirfolder}.
 *
 * @param path the folder
 * @param inbox whether it is the Maildir itself
 */
public record MaildirFolder(Path path, boolean inbox) {
    /** The INBOX of the Maildir at {@code maildir}. */
    public static MaildirFolder inbox(Path maildir) {
        return new MaildirFolder(maildir, true);
    }

    /**
     * A mailbox of the Maildir at {@code maildir}.
     *
     * @throws IllegalArgumentException the name is {@link FolderName#tooLong}
     */
    public static MaildirFolder of(Path maildir, FolderName name) {
        if (name.isInbox()) {
            return inbox(maildir);
        }
        if (name.tooLong()) {
            throw new IllegalArgumentException("a folder's name is too long");
        }
        return new MaildirFolder(maildir.resolve(name.directory()), false);
    }

    /**
     * Another mailbox of the Maildir at {@code maildir}.
     *
     * @param name as in the file system, without the leading dot: modified UTF-7, levels joined by dots, such as {@code Junk}
     */
    public static MaildirFolder named(Path maildir, String name) {
        return of(
                maildir,
                FolderName.parse("." + name)
                        .orElseThrow(() -> new IllegalArgumentException("not the name of a Maildir++ folder")));
    }

    /** Where messages are written. */
    public Path tmp() {
        return path.resolve("tmp");
    }

    /** Messages that no reader has seen. */
    public Path fresh() {
        return path.resolve("new");
    }

    /** Messages with flags. */
    public Path cur() {
        return path.resolve("cur");
    }
}
