package io.mailserver.maildir;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a message file: a unique part that never changes, sizes, and flags in {@code cur}.
 * {@code 1763787600.M12345P678Q9.mail.example.com,S=1234,W=1250:2,FS}
 *
 * <p>The unique part is ours or any other program's. {@code S=} is the file's size in octets, {@code W=} its size with CRLF line ends;
 * readers such as Dovecot take both on trust, so they are exact or absent.
 *
 * @param unique everything before the first {@code ,} or {@code :}; not empty
 * @param size {@code S=}, if there
 * @param crlfSize {@code W=}, if there
 * @param flags the letters after {@code :2,}; empty for a file in {@code new}, and for one without an info part
 */
public record MaildirName(String unique, OptionalLong size, OptionalLong crlfSize, Optional<String> flags) {
    /** The longest name most file systems take. */
    public static final int MAX_OCTETS = 255;

    private static final Pattern FIELD = Pattern.compile("([A-Z])=([0-9]{1,18})");
    private static final String INFO = ":2,";

    public MaildirName {
        if (unique.isEmpty() || unique.startsWith(".") || unique.chars().anyMatch(c -> c == '/' || c == ',' || c == ':')) {
            throw new IllegalArgumentException("not the unique part of a Maildir name");
        }
    }

    /** A name for a new message with both sizes and no flags. */
    static MaildirName of(String unique, long size, long crlfSize) {
        return new MaildirName(unique, OptionalLong.of(size), OptionalLong.of(crlfSize), Optional.empty());
    }

    /** Reads any program's file name; empty for names that no message has (hidden files, an empty unique part). */
    public static Optional<MaildirName> parse(String fileName) {
        int info = fileName.indexOf(':');
        String base = info < 0 ? fileName : fileName.substring(0, info);
        Optional<String> flags = info >= 0 && fileName.startsWith(INFO, info)
                ? Optional.of(fileName.substring(info + INFO.length()))
                : Optional.empty();
        String[] parts = base.split(",", -1);
        if (parts[0].isEmpty() || parts[0].startsWith(".")) {
            return Optional.empty();
        }
        OptionalLong size = OptionalLong.empty();
        OptionalLong crlfSize = OptionalLong.empty();
        for (int i = 1; i < parts.length; i++) {
            Matcher field = FIELD.matcher(parts[i]);
            if (field.matches()) {
                long value = Long.parseLong(field.group(2));
                switch (field.group(1)) {
                    case "S" -> size = OptionalLong.of(value);
                    case "W" -> crlfSize = OptionalLong.of(value);
                    default -> {
                        // Another program's field, such as mbsync's U=: its own business.
                    }
                }
            }
        }
        return Optional.of(new MaildirName(parts[0], size, crlfSize, flags));
    }

    /** The file name. */
    @Override
    public String toString() {
        StringBuilder name = new StringBuilder(unique);
        size.ifPresent(octets -> name.append(",S=").append(octets));
        crlfSize.ifPresent(octets -> name.append(",W=").append(octets));
        flags.ifPresent(letters -> name.append(INFO).append(letters));
        return name.toString();
    }
}
