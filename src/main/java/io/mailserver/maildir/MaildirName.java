package io.mailserver.maildir;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The name of a message file: a unique part that never changes, fields, and flags in {@code cur}.
 * {@code 1763787600.M12345P678Q9.mail.example.com,S=1234,W=1250,I=1763787599-17:2,FS}
 *
 * <p>The unique part is ours or any other program's. {@code S=} is the file's size in octets, {@code W=} its size with CRLF line ends;
 * readers such as Dovecot take both on trust, so in our names they are exact or absent. {@code I=} is UIDVALIDITY and UID, ours alone
 * (DESIGN §6). Fields of other programs, such as mbsync's {@code U=}, are kept as they are and never trusted.
 *
 * @param base everything before the first {@code :}: unique part and fields
 * @param info the rest with its {@code :}, or empty
 */
public record MaildirName(String base, String info) {
    /** The longest name most file systems take. */
    public static final int MAX_OCTETS = 255;

    private static final String INFO = ":2,";
    private static final long MAX_NUMBER = 0xffff_ffffL;
    private static final int MAX_DIGITS = 18;
    /** The flags with a meaning; other capitals are some other program's and stay. */
    private static final MaildirFlags KNOWN = MaildirFlags.of("DFPRSTabcdefghijklmnopqrstuvwxyz");

    public MaildirName {
        if (base.isEmpty() || base.startsWith(".") || base.startsWith(",") || base.indexOf('/') >= 0 || base.indexOf(':') >= 0) {
            throw new IllegalArgumentException("not the base of a Maildir name");
        }
        if ((!info.isEmpty() && !info.startsWith(":")) || info.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not the info part of a Maildir name");
        }
    }

    /**
     * What {@code I=} says.
     *
     * @param uidValidity 1 to 4,294,967,295
     * @param uid 1 to 4,294,967,295
     */
    public record ImapNumber(long uidValidity, long uid) {
        public ImapNumber {
            if (uidValidity < 1 || uidValidity > MAX_NUMBER || uid < 1 || uid > MAX_NUMBER) {
                throw new IllegalArgumentException("not a UIDVALIDITY and a UID");
            }
        }

        @Override
        public String toString() {
            return uidValidity + "-" + uid;
        }

        private static Optional<ImapNumber> parse(String text) {
            int dash = text.indexOf('-');
            if (dash < 0) {
                return Optional.empty();
            }
            OptionalLong uidValidity = number(text.substring(0, dash));
            OptionalLong uid = number(text.substring(dash + 1));
            boolean valid = uidValidity.orElse(0) >= 1
                    && uidValidity.orElse(0) <= MAX_NUMBER
                    && uid.orElse(0) >= 1
                    && uid.orElse(0) <= MAX_NUMBER;
            return valid ? Optional.of(new ImapNumber(uidValidity.getAsLong(), uid.getAsLong())) : Optional.empty();
        }
    }

    /** A name for a new message with both sizes and no flags. */
    static MaildirName of(String unique, long size, long crlfSize) {
        return new MaildirName(unique + ",S=" + size + ",W=" + crlfSize, "");
    }

    /** Reads any program's file name; empty for names that no message has (hidden files, an empty unique part). */
    public static Optional<MaildirName> parse(String fileName) {
        int colon = fileName.indexOf(':');
        String base = colon < 0 ? fileName : fileName.substring(0, colon);
        if (base.isEmpty() || base.charAt(0) == '.' || base.charAt(0) == ',' || fileName.indexOf('/') >= 0) {
            return Optional.empty();
        }
        return Optional.of(new MaildirName(base, colon < 0 ? "" : fileName.substring(colon)));
    }

    /** Everything before the first {@code ,} or {@code :}: which message this is, whatever becomes of its fields and flags. */
    public String unique() {
        int comma = base.indexOf(',');
        return comma < 0 ? base : base.substring(0, comma);
    }

    /** {@code S=}, if there. */
    public OptionalLong size() {
        return field("S").map(MaildirName::number).orElse(OptionalLong.empty());
    }

    /** {@code W=}, if there. */
    public OptionalLong crlfSize() {
        return field("W").map(MaildirName::number).orElse(OptionalLong.empty());
    }

    /** {@code I=}, if there and well formed. Whether it may be believed is for the store to say. */
    public Optional<ImapNumber> imapNumber() {
        return field("I").flatMap(ImapNumber::parse);
    }

    /** The letters after {@code :2,}; none for a file in {@code new}, and for one without such an info part. */
    public MaildirFlags flags() {
        return info.startsWith(INFO) ? MaildirFlags.of(info.substring(INFO.length())) : MaildirFlags.NONE;
    }

    /**
     * The same message with these flags, in the form for {@code cur}. Capitals without a meaning and other characters that some program
     * has put there are kept.
     */
    public MaildirName withFlags(MaildirFlags flags) {
        String before = info.startsWith(INFO) ? info.substring(INFO.length()) : "";
        MaildirFlags kept = MaildirFlags.of(before).without(KNOWN);
        StringBuilder fresh = new StringBuilder(INFO).append(flags.and(kept));
        before.chars().filter(c -> MaildirFlags.of(String.valueOf((char) c)).letters() == 0).forEach(c -> fresh.append((char) c));
        return new MaildirName(base, fresh.toString());
    }

    /** The same message as UID {@code number}; an {@code I=} that is there already gives way. */
    public MaildirName withImapNumber(ImapNumber number) {
        return new MaildirName(withoutField("I") + ",I=" + number, info);
    }

    /** The same message without a UID. */
    public MaildirName withoutImapNumber() {
        return new MaildirName(withoutField("I"), info);
    }

    /** Whether a file may be called so; another program's long name leaves no room for fields of ours. */
    public boolean fits() {
        // Names we can handle are ASCII or come from the file system's own characters; three octets are the most for one of those.
        return base.length() + info.length() <= MAX_OCTETS
                && base.chars().mapToLong(c -> c < 0x80 ? 1 : 3).sum() + info.length() <= MAX_OCTETS;
    }

    /** The file name. */
    @Override
    public String toString() {
        return base + info;
    }

    /** The value of the first field of this name. */
    private Optional<String> field(String name) {
        for (int start = base.indexOf(','); start >= 0; start = base.indexOf(',', start + 1)) {
            if (base.startsWith(name, start + 1) && base.startsWith("=", start + 1 + name.length())) {
                int value = start + 2 + name.length();
                int end = base.indexOf(',', value);
                return Optional.of(base.substring(value, end < 0 ? base.length() : end));
            }
        }
        return Optional.empty();
    }

    private String withoutField(String name) {
        String[] parts = base.split(",", -1);
        StringBuilder left = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            if (!parts[i].startsWith(name + "=")) {
                left.append(',').append(parts[i]);
            }
        }
        return left.toString();
    }

    private static OptionalLong number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
