package io.mailserver.maildir;

import io.mailserver.base.ModifiedUtf7;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The name of a Maildir++ folder: levels as people know them, and the directory as Dovecot writes it. The levels are in modified UTF-7
 * (RFC 3501 §5.1.3), joined by dots, with a dot in front; {@code .}, {@code /}, {@code \} inside a level and a {@code ~} in front of
 * all are {@code \} and two hexadecimal digits, which is what Dovecot's listescape does (docs/decisions/0205-maildir-folder-names.md).
 * {@code Entwürfe} with {@code v1.2} in it is {@code .Entw&APw-rfe.v1\2e2}.
 *
 * @param levels at least one; {@code INBOX} alone is the Maildir itself
 */
public record FolderName(List<String> levels) {
    /** The longest directory name file systems take. */
    public static final int MAX_OCTETS = 255;

    /** The Maildir itself. */
    public static final FolderName INBOX = new FolderName(List.of("INBOX"));

    private static final char ESCAPE = '\\';

    /** @throws IllegalArgumentException a level is empty, or holds a control character or half of a surrogate pair */
    public FolderName {
        levels = List.copyOf(levels);
        if (levels.isEmpty() || levels.stream().anyMatch(level -> level.isEmpty() || level.chars().anyMatch(FolderName::isControl))) {
            throw new IllegalArgumentException("not the levels of a folder");
        }
        levels.forEach(ModifiedUtf7::encode);
    }

    /** The name of a directory in a Maildir, with its leading dot; empty for what this class never writes. */
    public static Optional<FolderName> parse(String directory) {
        if (!directory.startsWith(".") || directory.length() > MAX_OCTETS) {
            return Optional.empty();
        }
        return ofStorageName(directory.substring(1)).filter(name -> !name.isInbox());
    }

    /** The name as it stands in {@code subscriptions}: like the directory without its dot. */
    static Optional<FolderName> ofStorageName(String name) {
        if (name.equals("INBOX")) {
            return Optional.of(INBOX);
        }
        List<String> levels = new ArrayList<>();
        for (String stored : name.split("\\.", -1)) {
            Optional<String> level = unescape(stored).flatMap(ModifiedUtf7::decode);
            if (level.isEmpty() || level.get().isEmpty() || level.get().chars().anyMatch(FolderName::isControl)) {
                return Optional.empty();
            }
            levels.add(level.get());
        }
        FolderName parsed = new FolderName(levels);
        return parsed.storageName().equals(name) && !parsed.equals(INBOX) ? Optional.of(parsed) : Optional.empty();
    }

    /** The directory in the Maildir; a single dot for the Maildir itself. */
    public String directory() {
        return isInbox() ? "." : "." + storageName();
    }

    /** Whether this is the Maildir itself. */
    public boolean isInbox() {
        return equals(INBOX);
    }

    /** Whether no file system would take the directory; such a mailbox cannot be made (NO [LIMIT] in IMAP). */
    public boolean tooLong() {
        return directory().length() > MAX_OCTETS;
    }

    /** Whether this is a folder inside {@code other}, at any depth. */
    public boolean isInside(FolderName other) {
        return levels.size() > other.levels.size() && levels.subList(0, other.levels.size()).equals(other.levels);
    }

    String storageName() {
        List<String> stored = new ArrayList<>(levels.size());
        for (String level : levels) {
            stored.add(escape(ModifiedUtf7.encode(level), stored.isEmpty()));
        }
        return String.join(".", stored);
    }

    @Override
    public String toString() {
        return String.join("/", levels);
    }

    private static String escape(String encoded, boolean first) {
        StringBuilder escaped = new StringBuilder(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            boolean home = c == '~' && i == 0 && first;
            if (c == '.' || c == '/' || c == ESCAPE || home) {
                escaped.append(ESCAPE).append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static Optional<String> unescape(String stored) {
        StringBuilder plain = new StringBuilder(stored.length());
        for (int i = 0; i < stored.length(); i++) {
            char c = stored.charAt(i);
            if (c != ESCAPE) {
                plain.append(c);
                continue;
            }
            int high = i + 1 < stored.length() ? Character.digit(stored.charAt(i + 1), 16) : -1;
            int low = i + 2 < stored.length() ? Character.digit(stored.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return Optional.empty();
            }
            plain.append((char) ((high << 4) | low));
            i += 2;
        }
        return Optional.of(plain.toString());
    }

    private static boolean isControl(int c) {
        return c < ' ' || (c >= 0x7f && c < 0xa0);
    }
}
