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
    private static final int MAX_NAME_OCTETS = 200;

    /** The INBOX of the Maildir at {@code maildir}. */
    public static MaildirFolder inbox(Path maildir) {
        return new MaildirFolder(maildir, true);
    }

    /**
     * Another mailbox of the Maildir at {@code maildir}.
     *
     * @param name as in the file system, without the leading dot: modified UTF-7, levels joined by dots, such as {@code Junk}
     */
    public static MaildirFolder named(Path maildir, String name) {
        boolean plain = name.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '/');
        if (name.isEmpty() || name.length() > MAX_NAME_OCTETS || !plain || name.startsWith(".") || name.contains("..")) {
            throw new IllegalArgumentException("not the name of a Maildir++ folder");
        }
        return new MaildirFolder(maildir.resolve("." + name), false);
    }

    Path tmp() {
        return path.resolve("tmp");
    }

    Path fresh() {
        return path.resolve("new");
    }

    Path cur() {
        return path.resolve("cur");
    }
}
