package io.mailserver.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Works out how emails get into other mailboxes, many at once, and does it. For one thread. */
final class Relocation {
    private final Map<Way, UidSet.Builder> copies = new LinkedHashMap<>();
    private final Map<Way, UidSet.Builder> moves = new LinkedHashMap<>();
    private final Map<MailboxId, UidSet.Builder> removals = new LinkedHashMap<>();

    private record Way(MailboxId from, MailboxId to) {}

    /** Opens a mailbox. */
    @FunctionalInterface
    interface Mailboxes {
        StoredMailbox open(MailboxId id) throws StoreException;
    }

    /** @param places where the copies are; at least one */
    void plan(List<StoredEmail.Place> places, Set<MailboxId> wanted) {
        Set<MailboxId> missing = new TreeSet<>(wanted);
        List<StoredEmail.Place> surplus = new ArrayList<>();
        for (StoredEmail.Place place : places) {
            missing.remove(place.mailbox());
            if (!wanted.contains(place.mailbox())) {
                surplus.add(place);
            }
        }
        StoredEmail.Place source = places.getFirst();
        List<MailboxId> added = new ArrayList<>(missing);
        if (!surplus.isEmpty() && !added.isEmpty()) {
            StoredEmail.Place moved = surplus.removeFirst();
            MailboxId target = added.removeLast();
            moves.computeIfAbsent(new Way(moved.mailbox(), target), _ -> new UidSet.Builder()).add(moved.uid());
        }
        added.forEach(target -> copies.computeIfAbsent(new Way(source.mailbox(), target), _ -> new UidSet.Builder()).add(source.uid()));
        surplus.forEach(place -> removals.computeIfAbsent(place.mailbox(), _ -> new UidSet.Builder()).add(place.uid()));
    }

    void run(Mailboxes mailboxes) throws StoreException {
        for (Map.Entry<Way, UidSet.Builder> copy : copies.entrySet()) {
            mailboxes.open(copy.getKey().from()).copy(copy.getValue().build(), copy.getKey().to());
        }
        for (Map.Entry<Way, UidSet.Builder> move : moves.entrySet()) {
            mailboxes.open(move.getKey().from()).move(move.getValue().build(), move.getKey().to());
        }
        for (Map.Entry<MailboxId, UidSet.Builder> removal : removals.entrySet()) {
            mailboxes.open(removal.getKey()).removeMessages(removal.getValue().build());
        }
    }
}
