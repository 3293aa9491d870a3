package io.mailserver.maildir;

import io.mailserver.base.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The file {@code dovecot-keywords} of a mailbox: which keyword the letters {@code a} to {@code z} in file names stand for. A line is a
 * number from 0 and a keyword. What a letter stands for must not change while file names carry it.
 *
 * @param names by letter; an empty text where a letter is free
 */
public record DovecotKeywords(List<String> names) {
    /** No letters are taken. */
    public static final DovecotKeywords NONE = new DovecotKeywords(List.of());

    private static final String NAME = "dovecot-keywords";
    private static final int MAX_LINES = 1_000;
    private static final int MAX_KEYWORD_OCTETS = 255;

    public DovecotKeywords {
        names = List.copyOf(names);
        if (names.size() > MaildirFlags.KEYWORD_LETTERS) {
            throw new IllegalArgumentException("more keywords than letters");
        }
    }

    /**
     * The letters of {@code folder}; none where there is no file. Lines that cannot be understood, and keywords that no IMAP client could
     * name, are passed over.
     */
    public static DovecotKeywords read(MaildirFolder folder) throws IOException {
        List<String> names = new ArrayList<>(Collections.nCopies(MaildirFlags.KEYWORD_LETTERS, ""));
        BoundedLines.read(folder.path().resolve(NAME), MAX_LINES, line -> {
            int space = line.indexOf(' ');
            boolean numbered = space == 1 || space == 2;
            if (!numbered || !line.chars().limit(space).allMatch(c -> c >= '0' && c <= '9')) {
                return;
            }
            int index = Integer.parseInt(line.substring(0, space));
            String keyword = line.substring(space + 1);
            if (index < names.size() && isAtom(keyword)) {
                names.set(index, keyword);
            }
        });
        int used = names.size();
        while (used > 0 && names.get(used - 1).isEmpty()) {
            used--;
        }
        return new DovecotKeywords(names.subList(0, used));
    }

    /** Replaces the file of {@code folder} durably. Not for two threads at once on one mailbox. */
    public void write(MaildirFolder folder) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            if (!names.get(i).isEmpty()) {
                text.append(i).append(' ').append(names.get(i)).append('\n');
            }
        }
        DurableFiles.replace(folder.path().resolve(NAME), text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** What {@code letter} stands for; empty for a free letter. */
    public Optional<String> keyword(char letter) {
        int index = letter - 'a';
        return index >= 0 && index < names.size() && !names.get(index).isEmpty() ? Optional.of(names.get(index)) : Optional.empty();
    }

    /** The letter of {@code keyword}, upper and lower case alike; empty if it has none. */
    public Optional<Character> letter(String keyword) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(keyword)) {
                return Optional.of(MaildirFlags.keywordLetter(i));
            }
        }
        return Optional.empty();
    }

    /** With a letter for {@code keyword}: the one it has, a free one, or none when all are taken. */
    public DovecotKeywords with(String keyword) {
        if (!isAtom(keyword)) {
            throw new IllegalArgumentException("not a keyword");
        }
        if (letter(keyword).isPresent()) {
            return this;
        }
        List<String> more = new ArrayList<>(names);
        int free = more.indexOf("");
        if (free >= 0) {
            more.set(free, keyword);
        } else if (more.size() < MaildirFlags.KEYWORD_LETTERS) {
            more.add(keyword);
        } else {
            return this;
        }
        return new DovecotKeywords(more);
    }

    /** RFC 9051 §9: flag-keyword is an atom. */
    static boolean isAtom(String keyword) {
        return !keyword.isEmpty()
                && keyword.length() <= MAX_KEYWORD_OCTETS
                && keyword.chars().allMatch(c -> c > ' ' && c < 0x7f && "(){%*\"\\]".indexOf(c) < 0);
    }
}
