package io.mailserver.store;

import io.mailserver.maildir.DovecotKeywords;
import io.mailserver.maildir.MaildirFlags;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What flags are called in file names. System flags have the letters of Maildir; keywords those of the mailbox's
 * {@code dovecot-keywords}, as far as there are letters. {@code $Forwarded} is also {@code P}, which other programs know without that file.
 */
final class FileFlags {
    private static final Flag FORWARDED = new Flag("$Forwarded");

    private FileFlags() {}

    /** The flags that letters stand for. Letters without a meaning are nothing. */
    static Set<Flag> flags(MaildirFlags letters, DovecotKeywords names) {
        if (letters.equals(MaildirFlags.NONE)) {
            return Set.of();
        }
        Set<Flag> flags = new LinkedHashSet<>();
        for (Flag flag : Flag.SYSTEM) {
            if (letters.has(letter(flag))) {
                flags.add(flag);
            }
        }
        if (letters.has(MaildirFlags.PASSED)) {
            flags.add(FORWARDED);
        }
        for (int i = 0; i < names.names().size(); i++) {
            if (letters.has(MaildirFlags.keywordLetter(i))) {
                Flag.parse(names.names().get(i)).ifPresent(flags::add);
            }
        }
        return flags;
    }

    /** The letters of flags; those of keywords without a letter are missing. */
    static MaildirFlags letters(Set<Flag> flags, DovecotKeywords names) {
        MaildirFlags letters = MaildirFlags.NONE;
        for (Flag flag : flags) {
            if (flag.system()) {
                letters = letters.with(letter(flag));
                continue;
            }
            if (flag.equals(FORWARDED)) {
                letters = letters.with(MaildirFlags.PASSED);
            }
            Optional<Character> letter = names.letter(flag.name());
            if (letter.isPresent()) {
                letters = letters.with(letter.get());
            }
        }
        return letters;
    }

    /** With letters for all keywords in {@code flags}, as long as there are any. */
    static DovecotKeywords named(Set<Flag> flags, DovecotKeywords names) {
        DovecotKeywords more = names;
        for (Flag flag : flags) {
            more = flag.system() ? more : more.with(flag.name());
        }
        return more;
    }

    private static char letter(Flag system) {
        return switch (system.name()) {
            case "\\Answered" -> MaildirFlags.REPLIED;
            case "\\Flagged" -> MaildirFlags.FLAGGED;
            case "\\Deleted" -> MaildirFlags.TRASHED;
            case "\\Seen" -> MaildirFlags.SEEN;
            case "\\Draft" -> MaildirFlags.DRAFT;
            default -> throw new IllegalArgumentException("not a system flag");
        };
    }
}
