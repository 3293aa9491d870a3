package io.mailserver.store;

import io.mailserver.maildir.DovecotUidlist;
import io.mailserver.maildir.MaildirFlags;
import io.mailserver.maildir.MaildirListing.Entry;
import io.mailserver.maildir.MaildirName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What other programs did to a mailbox's files: a listing compared with what the index knows. A pure function; nothing is looked at but
 * names.
 *
 * <p>A message is known by the unique part of its name, which no program changes, and after that by its {@code I=}. An {@code I=} is
 * believed if it names this mailbox's UIDVALIDITY and a UID that we may have given (not above the reserved mark, not expunged), that
 * no other message has and that is above all in the index; so are the UIDs of a mailbox that was taken over from Dovecot. A file
 * that nothing of this holds for is foreign: somebody dropped, copied or moved it here, and it gets a UID of its own.
 *
 * @param renamed known messages under another name
 * @param arrived files that the index does not know
 * @param gone messages without a file; only to be believed after a second look
 * @param doubled further files of a message that has one
 */
record Reconciliation(List<Renamed> renamed, List<Arrival> arrived, List<KnownFile> gone, List<Doubled> doubled) {
    /**
     * Where the index says that a message is.
     *
     * @param uid an unsigned number
     */
    record KnownFile(int uid, Entry file) {}

    /**
     * A known message under another name.
     *
     * @param from what the index knows
     * @param to what it is called now
     */
    record Renamed(int uid, Entry from, Entry to) {
        /** Letters that it has now and had not. */
        MaildirFlags added() {
            return to.name().flags().without(from.name().flags());
        }

        /** Letters that it had and has no more. */
        MaildirFlags removed() {
            return from.name().flags().without(to.name().flags());
        }
    }

    /**
     * A file that the index does not know.
     *
     * @param uid the UID it was given by us and keeps, an unsigned number; 0 for a foreign file
     */
    record Arrival(Entry file, int uid) {
        boolean foreign() {
            return uid == 0;
        }
    }

    /**
     * Two files of one unique name, as a program leaves them that was cut off between making the new name and removing the old one, or
     * as a listing shows them that ran beside a rename.
     *
     * @param kept the file that counts
     * @param other the one that is too many
     */
    record Doubled(Entry kept, Entry other) {}

    /**
     * What UIDs of a mailbox may be believed.
     *
     * @param uidValidity of the mailbox, an unsigned number
     * @param shown the highest UID in the index, an unsigned number: a message below it would come up where clients do not look
     * @param reserved the highest UID that may have been given, an unsigned number
     * @param expunged UIDs whose messages are gone for good: a file that bears one was put back by somebody
     * @param adopted what another program had given when the mailbox was taken over from it
     */
    record Numbers(int uidValidity, int shown, int reserved, UidSet expunged, Optional<DovecotUidlist> adopted) {
        /** The UID that is in {@code name}, if it can be ours; else 0. */
        int inName(MaildirName name) {
            Optional<MaildirName.ImapNumber> number = name.imapNumber();
            boolean ours = number.isPresent() && number.get().uidValidity() == Integer.toUnsignedLong(uidValidity);
            return ours ? possible(number.get().uid()) : 0;
        }

        /** The UID that the message of this name had when the mailbox was taken over; else 0. */
        int fromBefore(MaildirName name) {
            boolean ours = adopted.isPresent() && adopted.get().uidValidity() == Integer.toUnsignedLong(uidValidity);
            return ours ? possible(adopted.get().uid(name).orElse(0)) : 0;
        }

        private boolean comesBehind(int uid) {
            return Integer.compareUnsigned(uid, shown) > 0;
        }

        private int possible(long uid) {
            boolean possible = uid > 0 && uid <= Integer.toUnsignedLong(reserved) && !expunged.contains((int) uid);
            return possible ? (int) uid : 0;
        }
    }

    /** No difference. */
    static final Reconciliation NONE = new Reconciliation(List.of(), List.of(), List.of(), List.of());

    /** Nothing to do. */
    boolean isEmpty() {
        return renamed.isEmpty() && arrived.isEmpty() && gone.isEmpty() && doubled.isEmpty();
    }

    /**
     * Compares.
     *
     * @param known what the index has, each UID once
     * @param listed the files, in any order
     */
    static Reconciliation of(Collection<KnownFile> known, Collection<Entry> listed, Numbers numbers) {
        return new Comparison(known, numbers).with(listed);
    }

    /** Without the messages that {@code earlier} did not miss: gone is what two looks did not find. */
    Reconciliation confirming(Reconciliation earlier) {
        Set<Integer> missed = new HashSet<>();
        earlier.gone.forEach(file -> missed.add(file.uid()));
        return new Reconciliation(
                renamed, arrived, gone.stream().filter(file -> missed.contains(file.uid())).toList(), doubled);
    }

    private static final class Comparison {
        /** Of the files of one message those in {@code cur} come first. */
        private static final Comparator<Entry> BY_NAME = Comparator.comparing((Entry entry) -> entry.name().unique())
                .thenComparing(Entry::fresh)
                .thenComparing(entry -> entry.name().toString());

        private final Numbers numbers;
        private final Map<String, KnownFile> byUnique = new HashMap<>();
        private final Map<Integer, KnownFile> byUid = new HashMap<>();
        private final Map<Integer, Entry> found = new HashMap<>();
        private final List<Entry> unknown = new ArrayList<>();
        private final List<Doubled> doubled = new ArrayList<>();

        Comparison(Collection<KnownFile> known, Numbers numbers) {
            this.numbers = numbers;
            for (KnownFile file : known) {
                byUid.put(file.uid(), file);
                byUnique.put(file.file().name().unique(), file);
            }
        }

        Reconciliation with(Collection<Entry> listed) {
            for (Entry entry : listed) {
                KnownFile file = byUnique.get(entry.name().unique());
                if (file == null) {
                    unknown.add(entry);
                } else {
                    match(file, entry);
                }
            }
            List<Arrival> arrived = arrivals();
            List<Renamed> renamed = new ArrayList<>();
            List<KnownFile> gone = new ArrayList<>();
            for (KnownFile file : byUid.values()) {
                Entry now = found.get(file.uid());
                if (now == null) {
                    gone.add(file);
                } else if (!now.equals(file.file())) {
                    renamed.add(new Renamed(file.uid(), file.file(), now));
                }
            }
            renamed.sort(Comparator.comparingLong(file -> Integer.toUnsignedLong(file.uid())));
            gone.sort(Comparator.comparingLong(file -> Integer.toUnsignedLong(file.uid())));
            return new Reconciliation(renamed, arrived, gone, doubled);
        }

        /** Of several files the one that the index knows counts, else one in {@code cur}: it has flags. */
        private void match(KnownFile file, Entry entry) {
            Entry first = found.putIfAbsent(file.uid(), entry);
            if (first == null) {
                return;
            }
            boolean better = entry.equals(file.file()) || (!first.equals(file.file()) && BY_NAME.compare(entry, first) < 0);
            found.put(file.uid(), better ? entry : first);
            doubled.add(better ? new Doubled(entry, first) : new Doubled(first, entry));
        }

        private List<Arrival> arrivals() {
            // By name, so that the same files get the same UIDs whatever order the file system lists them in; ours begin with the time.
            unknown.sort(BY_NAME);
            List<Arrival> arrived = new ArrayList<>();
            List<Entry> unnumbered = new ArrayList<>();
            Map<String, Entry> uniques = new HashMap<>();
            Set<Integer> claimed = new HashSet<>();
            for (Entry entry : unknown) {
                Entry first = uniques.putIfAbsent(entry.name().unique(), entry);
                int uid = first == null ? numbers.inName(entry.name()) : 0;
                if (first != null) {
                    doubled.add(new Doubled(first, entry));
                } else if (byUid.containsKey(uid) && !found.containsKey(uid)) {
                    // Some program gave it a name of its own and kept our field.
                    found.put(uid, entry);
                } else if (numbers.comesBehind(uid) && !byUid.containsKey(uid) && claimed.add(uid)) {
                    arrived.add(new Arrival(entry, uid));
                } else {
                    unnumbered.add(entry);
                }
            }
            for (Entry entry : unnumbered) {
                int uid = numbers.fromBefore(entry.name());
                boolean free = numbers.comesBehind(uid) && !byUid.containsKey(uid) && claimed.add(uid);
                arrived.add(new Arrival(entry, free ? uid : 0));
            }
            // Known ones first, by UID; foreign ones keep the order of their names, and get higher UIDs.
            arrived.sort(Comparator.comparing(Arrival::foreign).thenComparingLong(arrival -> Integer.toUnsignedLong(arrival.uid())));
            return arrived;
        }
    }
}
