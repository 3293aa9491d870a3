package io.mailserver.store;

import io.mailserver.maildir.MaildirListing.Entry;
import io.mailserver.store.Index.FileRow;
import io.mailserver.store.Reconciliation.KnownFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The few names of a mailbox that need a {@link Reconciliation}: those that are not both in the index and in the folder, and those that
 * these may be mistaken for. Most of 100,000 messages are where the index says; they cost no more than a look into a set.
 *
 * @param known what the index has of them
 * @param listed what the folder has of them
 */
record NameDifference(List<KnownFile> known, List<Entry> listed) {
    static NameDifference of(List<FileRow> rows, List<Entry> files) {
        Set<String> inIndex = HashSet.newHashSet(rows.size());
        rows.forEach(row -> inIndex.add(row.file()));
        Set<String> inFolder = HashSet.newHashSet(files.size());
        List<Entry> listed = new ArrayList<>();
        Set<String> uniques = new HashSet<>();
        Set<Long> uids = new HashSet<>();
        for (Entry file : files) {
            String text = MaildirBlobs.text(file);
            inFolder.add(text);
            if (!inIndex.contains(text)) {
                listed.add(file);
                uniques.add(file.name().unique());
                file.name().imapNumber().ifPresent(number -> uids.add(number.uid()));
            }
        }
        List<KnownFile> known = new ArrayList<>();
        for (FileRow row : rows) {
            boolean there = inFolder.contains(row.file());
            if (there && listed.isEmpty()) {
                continue;
            }
            Entry file = MaildirBlobs.entry(row.file());
            if (!there) {
                known.add(new KnownFile(row.uid(), file));
            } else if (uids.contains(Integer.toUnsignedLong(row.uid())) || uniques.contains(file.name().unique())) {
                known.add(new KnownFile(row.uid(), file));
                listed.add(file);
            }
        }
        return new NameDifference(known, listed);
    }

    boolean isEmpty() {
        return known.isEmpty() && listed.isEmpty();
    }
}
