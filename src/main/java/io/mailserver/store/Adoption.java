package io.mailserver.store;

import io.mailserver.maildir.CourierKeywords;
import io.mailserver.maildir.DovecotKeywords;
import io.mailserver.maildir.DovecotUidlist;
import io.mailserver.maildir.FolderName;
import io.mailserver.maildir.MaildirFlags;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirListing;
import io.mailserver.maildir.MaildirName;
import io.mailserver.maildir.MaildirTree;
import io.mailserver.maildir.SubscriptionsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a Maildir tells about mailboxes that {@code account.db} does not know: those of a Dovecot or Courier we take over from, those
 * another program made, and all of them when {@code account.db} was lost. UIDVALIDITY and UIDs come from {@code I=} in the names where
 * most files have it, else from {@code dovecot-uidlist} or {@code courierimapuiddb}, so that clients keep what they have.
 *
 * @param mailboxes with the INBOX first; other ones by name, those above before those below
 * @param subscriptions what the files of Dovecot and Courier say
 * @param passedOver folders that are no mailboxes, each with the reason, for the operator
 */
record Adoption(List<Found> mailboxes, Set<MailboxName> subscriptions, List<String> passedOver) {
    /**
     * How far UIDs go on above the highest one in a name when {@code account.db} was lost: how many messages with higher numbers came and
     * went is not known, and no number may be given again.
     */
    static final long UNKNOWN_UIDS = 1_000_000;

    private static final long MAX_UID = 0xffff_ffffL;
    /** Those that we give are times and stay below: higher ones would leave no room above. */
    private static final long MAX_VALIDITY = Integer.MAX_VALUE;

    /**
     * A mailbox as its folder tells.
     *
     * @param uidValidity an unsigned number; 0 if it tells none that can be used, and the messages get new numbers
     * @param uidReserved an unsigned number: UIDs up to it may have been given
     */
    record Found(MailboxName name, int uidValidity, int uidReserved) {}

    /**
     * Looks at the folders of {@code maildir} whose names are not in {@code known}. Numbers that Dovecot gave are kept beside the messages
     * before this returns. To be called on a thread of a pool, by the owner of the account.
     *
     * @param known names that have a mailbox
     * @param takenValidities UIDVALIDITYs of mailboxes that exist or existed: two mailboxes never have the same
     */
    static Adoption of(Path maildir, Set<MailboxName> known, Set<Integer> takenValidities, Instant now) throws IOException {
        MaildirTree.Folders folders = MaildirTree.list(maildir);
        List<String> passedOver = new ArrayList<>();
        for (String directory : folders.unreadable()) {
            passedOver.add("the folder " + directory + " is no mailbox: its name is not in modified UTF-7 as Dovecot writes it");
        }
        List<Found> mailboxes = new ArrayList<>();
        Set<Integer> validities = new HashSet<>(takenValidities);
        for (FolderName folder : folders.names().stream().sorted(Comparator.comparing((FolderName name) -> !name.isInbox())
                .thenComparing(FolderName::toString)).toList()) {
            Optional<MailboxName> name = mailboxName(folder);
            if (name.isEmpty()) {
                passedOver.add("the folder " + folder.directory()
                        + " is no mailbox: a mailbox of this name would have another folder; rename it");
            } else if (!known.contains(name.get())) {
                mailboxes.add(found(name.get(), MaildirFolder.of(maildir, folder), validities, now));
            }
        }
        return new Adoption(mailboxes, subscriptions(maildir), passedOver);
    }

    /** The mailbox of a folder; empty if it would be in another folder (other case of INBOX, accents in two forms). */
    static Optional<MailboxName> mailboxName(FolderName folder) {
        try {
            if (folder.levels().stream().anyMatch(level -> level.indexOf(MailboxName.SEPARATOR) >= 0)) {
                return Optional.empty();
            }
            MailboxName name = MailboxName.of(String.join("/", folder.levels()));
            return Optional.of(name).filter(mailbox -> folderName(mailbox).equals(folder));
        } catch (StoreException e) {
            return Optional.empty();
        }
    }

    /** The folder of a mailbox. */
    static FolderName folderName(MailboxName mailbox) {
        return new FolderName(mailbox.levels());
    }

    private static Set<MailboxName> subscriptions(Path maildir) throws IOException {
        Set<MailboxName> names = new TreeSet<>();
        for (FolderName folder : SubscriptionsFile.read(maildir)) {
            mailboxName(folder).ifPresent(names::add);
        }
        for (FolderName folder : SubscriptionsFile.readCourier(maildir)) {
            mailboxName(folder).ifPresent(names::add);
        }
        return names;
    }

    private static Found found(MailboxName name, MaildirFolder folder, Set<Integer> validities, Instant now) throws IOException {
        List<MaildirName> files = MaildirListing.of(folder, now).files().stream().map(MaildirListing.Entry::name).toList();
        Optional<Long> inNames = validityInNames(files);
        if (inNames.isPresent() && inNames.get() <= MAX_VALIDITY && validities.add((int) (long) inNames.get())) {
            long highest = files.stream()
                    .flatMap(file -> file.imapNumber().stream())
                    .filter(number -> number.uidValidity() == inNames.get())
                    .mapToLong(MaildirName.ImapNumber::uid)
                    .max()
                    .orElse(0);
            // At the end of the numbers there is no room to skip: better to begin anew.
            if (highest + UNKNOWN_UIDS < MAX_UID) {
                return new Found(name, (int) (long) inNames.get(), (int) (highest + UNKNOWN_UIDS));
            }
        }
        Optional<DovecotUidlist> ofDovecot = DovecotUidlist.read(folder);
        Optional<DovecotUidlist> list = ofDovecot.isPresent() ? ofDovecot : DovecotUidlist.readCourier(folder);
        boolean usable = list.isPresent() && list.get().uidValidity() <= MAX_VALIDITY && list.get().nextUid() < MAX_UID;
        if (usable && validities.add((int) list.get().uidValidity())) {
            if (ofDovecot.isEmpty()) {
                takeKeywords(CourierKeywords.read(folder), folder, now);
            }
            list.get().adopt(folder);
            return new Found(name, (int) list.get().uidValidity(), (int) (list.get().nextUid() - 1));
        }
        return new Found(name, 0, 0);
    }

    /**
     * Gives files the letters of the keywords that Courier kept beside them. Done again after a crash, it goes on where it was. Keywords
     * for which there is no letter are lost, which is so from the 27th one in a mailbox.
     */
    private static void takeKeywords(CourierKeywords keywords, MaildirFolder folder, Instant now) throws IOException {
        if (keywords.ofMessages().isEmpty()) {
            return;
        }
        DovecotKeywords letters = DovecotKeywords.read(folder);
        for (String keyword : keywords.ofMessages().values().stream().flatMap(Set::stream).distinct().sorted().toList()) {
            letters = letters.with(keyword);
        }
        letters.write(folder); // First, so that no letter ever means nothing.
        for (MaildirListing.Entry file : MaildirListing.of(folder, now).files()) {
            MaildirFlags flags = file.name().flags();
            for (String keyword : keywords.of(file.name())) {
                Optional<Character> letter = letters.letter(keyword);
                flags = letter.isPresent() ? flags.with(letter.get()) : flags;
            }
            MaildirName named = file.name().withFlags(flags);
            Path target = folder.cur().resolve(named.toString());
            // A second file of the name would be gone by a rename; both stay as they are.
            if (!flags.equals(file.name().flags()) && named.fits() && Files.notExists(target)) {
                Files.move(file.path(folder), target, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /** The UIDVALIDITY that most files bear; empty if most bear none. */
    private static Optional<Long> validityInNames(List<MaildirName> files) {
        Map<Long, Integer> votes = new HashMap<>();
        for (MaildirName file : files) {
            file.imapNumber().ifPresent(number -> votes.merge(number.uidValidity(), 1, Integer::sum));
        }
        return votes.entrySet().stream()
                .filter(vote -> vote.getValue() * 2 > files.size())
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
