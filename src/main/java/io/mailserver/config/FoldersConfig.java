package io.mailserver.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the folders for special uses (RFC 6154) are called that each new account gets. Accounts that exist keep theirs. */
public record FoldersConfig(
        @Key(doc = "Copies of mail that was sent.", value = "Sent") String sent,
        @Key(doc = "Mail that is being written.", value = "Drafts") String drafts,
        @Key(doc = "Mail that is probably spam; made again where it was deleted.", value = "Junk") String junk,
        @Key(doc = "Deleted mail.", value = "Trash") String trash,
        @Key(doc = "Mail that is kept out of the way.", value = "Archive") String archive) {
    private static final int MAX_CHARS = 60;

    public FoldersConfig {
        Set<String> seen = new HashSet<>();
        for (String name : List.of(sent, drafts, junk, trash, archive)) {
            if (!isFolder(name)) {
                throw new IllegalArgumentException(Words.quote(name) + " cannot be the name of a folder for a special use");
            }
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("two folders are called " + Words.quote(name));
            }
        }
    }

    /** A level of its own, so that it is neither below the INBOX nor among others' mailboxes. */
    private static boolean isFolder(String name) {
        return !name.isBlank()
                && name.length() <= MAX_CHARS
                && name.equals(name.strip())
                && name.chars().noneMatch(c -> c == '/' || c == '*' || c == '%' || Character.isISOControl(c))
                && !name.equalsIgnoreCase("INBOX")
                && !name.equalsIgnoreCase("Other Users");
    }
}
