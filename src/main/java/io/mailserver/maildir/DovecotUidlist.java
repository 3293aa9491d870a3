package io.mailserver.maildir;

import io.mailserver.base.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What Dovecot's {@code dovecot-uidlist} of a mailbox says: read once, when we take the mailbox over, so that clients keep their caches.
 * Version 3 has a head {@code 3 V<uidvalidity> N<next uid> G<guid>} and lines {@code <uid> <fields> :<file name>}; version 1 a head
 * {@code 1 <uidvalidity> <next uid>} and lines {@code <uid> <file name>}, as has Courier's {@code courierimapuiddb}. Unknown fields, and
 * lines that cannot be understood, are passed over.
 *
 * @param uidValidity as Dovecot told its clients
 * @param nextUid above all UIDs here, and at least what Dovecot had promised
 * @param uids by the unique part of the file's name
 */
public record DovecotUidlist(long uidValidity, long nextUid, Map<String, Long> uids) {
    private static final String NAME = "dovecot-uidlist";
    private static final String COURIER_NAME = "courierimapuiddb";
    /** A copy of ours, as Dovecot may go on writing its own: what it gives after us is not to be believed. */
    private static final String ADOPTED_NAME = "adopted-uidlist";

    private static final int MAX_LINES = 5_000_000;
    private static final long MAX_NUMBER = 0xffff_ffffL;
    private static final int HEAD_OCTETS = 100;
    private static final int LINE_OCTETS = 60;

    public DovecotUidlist {
        uids = Map.copyOf(uids);
    }

    /** Reads it; empty where there is none, or its head is of another version or broken. */
    public static Optional<DovecotUidlist> read(MaildirFolder folder) throws IOException {
        return read(folder.path().resolve(NAME));
    }

    /** Reads that of Courier; empty as for {@link #read}. */
    public static Optional<DovecotUidlist> readCourier(MaildirFolder folder) throws IOException {
        return read(folder.path().resolve(COURIER_NAME));
    }

    /** What it said when {@link #adopt} was called; empty where that never was. */
    public static Optional<DovecotUidlist> readAdopted(MaildirFolder folder) throws IOException {
        return read(folder.path().resolve(ADOPTED_NAME));
    }

    /** Keeps this durably for {@link #readAdopted}. */
    public void adopt(MaildirFolder folder) throws IOException {
        StringBuilder text = new StringBuilder(HEAD_OCTETS + uids.size() * LINE_OCTETS);
        text.append("3 V").append(uidValidity).append(" N").append(nextUid).append('\n');
        uids.forEach((unique, uid) -> text.append(uid).append(" :").append(unique).append('\n'));
        DurableFiles.replace(folder.path().resolve(ADOPTED_NAME), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<DovecotUidlist> read(Path file) throws IOException {
        Reader reader = new Reader();
        BoundedLines.read(file, MAX_LINES, reader::accept);
        return reader.result();
    }

    /** The UID of the message with this name, whatever became of its fields and flags since. */
    public OptionalLong uid(MaildirName name) {
        Long uid = uids.get(name.unique());
        return uid == null ? OptionalLong.empty() : OptionalLong.of(uid);
    }

    private static final class Reader {
        private boolean head = true;
        private boolean understood;
        private boolean version3;
        private long uidValidity;
        private long nextUid = 1;
        private final Map<String, Long> uids = new HashMap<>();
        private final Set<Long> taken = new HashSet<>();

        void accept(String line) {
            if (head) {
                head = false;
                readHead(line.split(" ", -1));
            } else if (understood) {
                readEntry(line);
            }
        }

        Optional<DovecotUidlist> result() {
            return understood ? Optional.of(new DovecotUidlist(uidValidity, nextUid, uids)) : Optional.empty();
        }

        private void readHead(String[] words) {
            version3 = words[0].equals("3");
            if (version3) {
                for (int i = 1; i < words.length; i++) {
                    if (words[i].startsWith("V")) {
                        uidValidity = number(words[i].substring(1)).orElse(0);
                    } else if (words[i].startsWith("N")) {
                        nextUid = number(words[i].substring(1)).orElse(1);
                    }
                }
            } else if (words[0].equals("1") && words.length >= 3) {
                uidValidity = number(words[1]).orElse(0);
                nextUid = number(words[2]).orElse(1);
            }
            understood = uidValidity >= 1;
        }

        private void readEntry(String line) {
            int space = line.indexOf(' ');
            // In version 3 the name follows the first colon after the fields; it may have its own, with flags that were true once.
            int before = version3 ? line.indexOf(" :") + 1 : space;
            if (space <= 0 || before <= 0) {
                return;
            }
            OptionalLong uid = number(line.substring(0, space));
            Optional<MaildirName> name = MaildirName.parse(line.substring(before + 1));
            // A UID or a name that comes twice is damage: the first counts, the second message gets a UID of its own.
            if (uid.isPresent() && name.isPresent() && taken.add(uid.getAsLong())) {
                uids.putIfAbsent(name.get().unique(), uid.getAsLong());
                nextUid = Math.max(nextUid, Math.min(uid.getAsLong() + 1, MAX_NUMBER));
            }
        }

        private static OptionalLong number(String text) {
            boolean digits = !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
            long number = digits ? Long.parseLong(text) : 0;
            return number >= 1 && number <= MAX_NUMBER ? OptionalLong.of(number) : OptionalLong.empty();
        }
    }
}
