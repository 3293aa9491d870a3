package io.mailserver.store;

import io.mailserver.maildir.FileFacts;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirListing.Entry;
import io.mailserver.maildir.MaildirName;
import io.mailserver.maildir.MessageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a second file with the unique name of a message: a second name of the same file goes, a file of its own gets a unique
 * name of its own and is a message. Not in its first minute, when the program that made it may be at work.
 */
record DoubledFiles(OpenAccount account, OpenMailbox mailbox, MailboxFiles files, MaildirFolder folder) {
    /** How long other programs have their files for themselves (DESIGN §6). */
    static final Duration FIRST_MINUTE = Duration.ofMinutes(1);

    private static final int MAX_NAMES = 1_000;

    void settle(List<Reconciliation.Doubled> doubled) throws StoreException {
        if (doubled.isEmpty()) {
            return;
        }
        Instant now = account.parts().time().now();
        files.onPool(() -> {
            for (Reconciliation.Doubled each : doubled) {
                settle(each, now);
            }
            return doubled;
        });
    }

    private void settle(Reconciliation.Doubled doubled, Instant now) throws IOException {
        Optional<FileFacts> other = FileFacts.of(folder, doubled.other());
        if (other.isEmpty() || other.get().changed().plus(FIRST_MINUTE).isAfter(now)) {
            return;
        }
        try {
            if (Files.isSameFile(doubled.kept().path(folder), doubled.other().path(folder))) {
                Files.deleteIfExists(doubled.other().path(folder));
            } else {
                MessageFiles.rename(folder, doubled.other(), new Entry(freeName(doubled.other()), false));
            }
        } catch (NoSuchFileException e) {
            // One of them has gone meanwhile; the next comparison sees what is left.
            return;
        }
    }

    private MaildirName freeName(Entry entry) throws IOException {
        MaildirName name = entry.name().withoutImapNumber();
        for (int i = 2; i < MAX_NAMES; i++) {
            String fields = name.base().substring(name.unique().length());
            MaildirName free = new MaildirName(name.unique() + "-" + i + fields, name.info()).withFlags(name.flags());
            if (MessageFiles.find(folder, new Entry(free, false)).isEmpty()) {
                return free;
            }
        }
        throw new IOException("too many files are called " + name.unique());
    }
}
