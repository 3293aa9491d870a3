package io.mailserver.store;

import io.mailserver.store.AccountDatabase.Entry;
import io.mailserver.store.AccountDatabase.Marks;
import io.mailserver.store.AccountDatabase.State;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What an account has that is opened for the first time, or whose {@code account.db} was lost: the mailboxes that its Maildir tells of,
 * the INBOX, and one for each special use.
 */
final class NewAccount {
    /** What mailboxes for a use are called by mail programs, the most usual first. */
    private static final Map<SpecialUse, List<String>> USUAL_NAMES = usualNames();

    private final Adoption adoption;
    private final Function<SpecialUse, String> folderNames;
    private final int firstValidity;
    private final List<Entry> entries = new ArrayList<>();
    private final Set<Integer> validities = new HashSet<>();

    /** @param firstValidity UIDVALIDITYs are given from here on */
    private NewAccount(Adoption adoption, Function<SpecialUse, String> folderNames, int firstValidity) {
        this.adoption = adoption;
        this.folderNames = folderNames;
        this.firstValidity = firstValidity;
    }

    /** @param modSeqReserved MODSEQs up to it may be given without another reservation */
    static State of(Adoption adoption, Function<SpecialUse, String> folderNames, int firstValidity, long modSeqReserved) {
        return new NewAccount(adoption, folderNames, firstValidity).state(modSeqReserved);
    }

    /** The mailboxes with a block of UIDs reserved for the INBOX, which will have mail at once. */
    static List<Entry> withFirstBlock(State state, int block) {
        List<Entry> reserved = new ArrayList<>(state.mailboxes());
        Entry inbox = reserved.getFirst();
        reserved.set(
                0,
                new Entry(inbox.id(), inbox.name(), inbox.uidValidity(), inbox.uidReserved() + block, inbox.use(), Optional.empty()));
        return reserved;
    }

    private State state(long modSeqReserved) {
        adoption.mailboxes().forEach(found -> validities.add(found.uidValidity()));
        Map<MailboxName, SpecialUse> uses = uses();
        boolean inbox = adoption.mailboxes().stream().anyMatch(found -> found.name().isInbox());
        if (!inbox) {
            add(MailboxName.INBOX.text(), 0, 0, Optional.empty());
        }
        for (Adoption.Found found : adoption.mailboxes()) {
            add(found.name().text(), found.uidValidity(), found.uidReserved(), Optional.ofNullable(uses.get(found.name())));
        }
        for (SpecialUse use : SpecialUse.values()) {
            if (use.assignable() && !uses.containsValue(use)) {
                add(folderNames.apply(use), 0, 0, Optional.of(use));
            }
        }
        TreeSet<String> subscriptions = new TreeSet<>();
        adoption.subscriptions().forEach(name -> subscriptions.add(name.text()));
        if (subscriptions.isEmpty()) {
            entries.forEach(entry -> subscriptions.add(entry.name()));
        }
        int lastValidity = entries.stream().mapToInt(Entry::uidValidity).max().orElse(firstValidity);
        return new State(new Marks(entries.size(), lastValidity, modSeqReserved), entries, List.of(), Map.of(), subscriptions);
    }

    private void add(String name, int uidValidity, int uidReserved, Optional<SpecialUse> use) {
        int id = entries.size() + 1;
        entries.add(new Entry(id, name, uidValidity == 0 ? freeValidity() : uidValidity, uidReserved, use, Optional.empty()));
    }

    private int freeValidity() {
        int validity = firstValidity;
        while (!validities.add(validity)) {
            validity++;
        }
        return validity;
    }

    /** Which of the mailboxes that are there is for what, by its name; those below others are not. */
    private Map<MailboxName, SpecialUse> uses() {
        Map<MailboxName, SpecialUse> uses = new TreeMap<>();
        for (SpecialUse use : USUAL_NAMES.keySet()) {
            find(List.of(folderNames.apply(use)), uses).ifPresent(name -> uses.put(name, use));
        }
        USUAL_NAMES.forEach((use, names) -> {
            if (!uses.containsValue(use)) {
                find(names, uses).ifPresent(name -> uses.put(name, use));
            }
        });
        return uses;
    }

    /** The first of these names that a mailbox has which is for nothing yet. */
    private Optional<MailboxName> find(List<String> names, Map<MailboxName, SpecialUse> taken) {
        return names.stream()
                .flatMap(name -> adoption.mailboxes().stream().filter(found -> found.name().text().equalsIgnoreCase(name)))
                .map(Adoption.Found::name)
                .filter(name -> !taken.containsKey(name))
                .findFirst();
    }

    private static Map<SpecialUse, List<String>> usualNames() {
        Map<SpecialUse, List<String>> names = new EnumMap<>(SpecialUse.class);
        names.put(SpecialUse.DRAFTS, List.of("Drafts"));
        names.put(SpecialUse.SENT, List.of("Sent", "Sent Messages", "Sent Items", "Sent Mail"));
        names.put(SpecialUse.JUNK, List.of("Junk", "Spam", "Junk E-mail", "Junk Email"));
        names.put(SpecialUse.TRASH, List.of("Trash", "Deleted Messages", "Deleted Items"));
        names.put(SpecialUse.ARCHIVE, List.of("Archive", "Archives"));
        return names;
    }
}
