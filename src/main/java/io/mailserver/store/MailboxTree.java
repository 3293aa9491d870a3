package io.mailserver.store;

import io.mailserver.maildir.FolderName;
import io.mailserver.store.AccountDatabase.Entry;
import io.mailserver.store.AccountDatabase.Marks;
import io.mailserver.store.AccountDatabase.Removal;
import io.mailserver.store.Index.Event;
import io.mailserver.store.Index.Figures;
import io.mailserver.store.Index.Write;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The mailboxes of an open account by name. A change that touches several folders is first noted in {@code account.db}, so that the next
 * open completes what a crash has cut short.
 */
final class MailboxTree implements Mailboxes {
    /** More than any person has; each costs a list of its own. */
    private static final int MAX_MAILBOXES = 10_000;

    private static final int MAX_SUBSCRIPTIONS = 20_000;
    /** RFC 5464 §4.1: a server may limit them. */
    private static final int MAX_ANNOTATIONS = 1_000;

    private static final int MAX_ANNOTATION_OCTETS = 64 << 10;
    private static final Comparator<MailboxInfo> INBOX_FIRST =
            Comparator.comparing((MailboxInfo info) -> !info.name().isInbox()).thenComparing(MailboxInfo::name);

    private final OpenAccount account;

    MailboxTree(OpenAccount account) {
        this.account = account;
    }

    @Override
    public List<MailboxInfo> all() throws StoreException {
        return account.exclusively(() ->
                account.mailboxes().stream().map(this::info).sorted(INBOX_FIRST).toList());
    }

    private MailboxInfo info(OpenMailbox mailbox) {
        boolean subscribed = account.subscriptions().contains(mailbox.name().text());
        return new MailboxInfo(mailbox.id(), mailbox.name(), mailbox.uidValidity(), mailbox.use(), subscribed);
    }

    @Override
    public Optional<MailboxInfo> find(MailboxName name) throws StoreException {
        return account.exclusively(() -> account.find(name).map(this::info));
    }

    @Override
    public Optional<MailboxInfo> find(MailboxId id) throws StoreException {
        return all().stream().filter(info -> info.id().equals(id)).findFirst();
    }

    @Override
    public Optional<MailboxInfo> find(SpecialUse use) throws StoreException {
        return account.exclusively(() -> account.find(use).map(this::info));
    }

    @Override
    public MailboxInfo create(MailboxName name, Set<SpecialUse> uses) throws StoreException {
        if (uses.size() > 1 || !uses.stream().allMatch(SpecialUse::assignable)) {
            throw new StoreException(StoreException.Cause.CANNOT, "A mailbox has one special use at most, of those announced");
        }
        return account.exclusively(() -> {
            if (account.find(name).isPresent()) {
                throw new StoreException(StoreException.Cause.ALREADY_EXISTS, "There is a mailbox of this name already");
            }
            for (SpecialUse use : uses) {
                if (account.find(use).isPresent()) {
                    throw new StoreException(StoreException.Cause.CANNOT, "Another mailbox has this special use already");
                }
            }
            createAbove(name);
            return info(make(name, uses.stream().findFirst()));
        });
    }

    private void createAbove(MailboxName name) throws StoreException {
        Optional<MailboxName> parent = name.parent();
        if (parent.isPresent() && account.find(parent.get()).isEmpty()) {
            createAbove(parent.get());
            make(parent.get(), Optional.empty());
        }
    }

    /** Makes one mailbox. Under the account's lock. */
    OpenMailbox make(MailboxName name, Optional<SpecialUse> use) throws StoreException {
        checkLength(name);
        if (account.mailboxes().size() >= MAX_MAILBOXES) {
            throw new StoreException(StoreException.Cause.LIMIT, "An account has at most " + MAX_MAILBOXES + " mailboxes");
        }
        finishRemovalOf(name);
        try {
            account.parts().blobs().create(new Blobs.Place(account.key(), folder(name)));
        } catch (IOException e) {
            throw Troubles.of(e);
        }
        Marks marks = account.marksForMailbox();
        account.log().tree(Event.MAILBOX_MADE, marks.lastMailbox());
        Entry entry = new Entry(marks.lastMailbox(), name.text(), marks.lastUidValidity(), 0, use, Optional.empty());
        account.database().add(marks, List.of(entry));
        account.marked(marks);
        return account.add(entry, List.of(), new Arrivals(1, 0));
    }

    private static void checkLength(MailboxName name) throws StoreException {
        if (folder(name).tooLong()) {
            throw new StoreException(
                    StoreException.Cause.LIMIT, "The name is too long: a folder's name has at most " + FolderName.MAX_OCTETS + " octets");
        }
    }

    private static FolderName folder(MailboxName name) {
        return new FolderName(name.levels());
    }

    @Override
    public void rename(MailboxName from, MailboxName to) throws StoreException {
        if (from.isInbox()) {
            renameInbox(to);
            return;
        }
        alone(() -> {
            Map<OpenMailbox, MailboxName> names = renamed(from, to);
            createAbove(to);
            Map<Integer, String> noted = new TreeMap<>();
            names.forEach((mailbox, name) -> noted.put(mailbox.id().number(), name.text()));
            account.log().tree(Event.MAILBOX_CHANGED, noted.keySet().stream().mapToInt(Integer::intValue).toArray());
            account.database().beginRename(noted);
            try {
                for (Map.Entry<OpenMailbox, MailboxName> each : names.entrySet()) {
                    renameFolder(each.getKey().name(), each.getValue());
                }
            } catch (IOException e) {
                throw takeBack(names, e);
            }
            account.database().finishRename();
            names.forEach(this::renamed);
            return null;
        });
    }

    private void renamed(OpenMailbox mailbox, MailboxName name) {
        mailbox.renamed(name);
        account.files().moved(mailbox);
    }

    /** Does something to folders while nobody works on the files in them. */
    private void alone(OpenAccount.Action<?> action) throws StoreException {
        account.folders().writeLock().lock();
        try {
            account.exclusively(action);
        } finally {
            account.folders().writeLock().unlock();
        }
    }

    /** What a rename makes of which mailbox; refuses what cannot be. */
    private Map<OpenMailbox, MailboxName> renamed(MailboxName from, MailboxName to) throws StoreException {
        if (account.find(from).isEmpty()) {
            throw new StoreException(StoreException.Cause.NO_SUCH_MAILBOX, "There is no such mailbox");
        }
        if (to.isInbox() || account.find(to).isPresent()) {
            throw new StoreException(StoreException.Cause.ALREADY_EXISTS, "There is a mailbox of the new name already");
        }
        if (to.isBelow(from)) {
            throw new StoreException(StoreException.Cause.CANNOT, "A mailbox cannot be moved into itself");
        }
        Map<OpenMailbox, MailboxName> names = new LinkedHashMap<>();
        for (OpenMailbox mailbox : account.mailboxes()) {
            if (mailbox.name().equals(from) || mailbox.name().isBelow(from)) {
                MailboxName name = mailbox.name().moved(from, to);
                checkLength(name);
                if (account.find(name).isPresent()) {
                    throw new StoreException(StoreException.Cause.ALREADY_EXISTS, "There is a mailbox of a new name already");
                }
                names.put(mailbox, name);
            }
        }
        return names;
    }

    private void renameFolder(MailboxName from, MailboxName to) throws IOException {
        try {
            account.parts().blobs().rename(new Blobs.Place(account.key(), folder(from)), folder(to));
        } catch (NoSuchFileException e) {
            // A mailbox that has never had a message may have no folder yet.
            account.parts().blobs().create(new Blobs.Place(account.key(), folder(to)));
        }
    }

    private StoreException takeBack(Map<OpenMailbox, MailboxName> names, IOException trouble) {
        StoreException refusal = Troubles.of(trouble);
        try {
            for (Map.Entry<OpenMailbox, MailboxName> each : names.entrySet()) {
                renameBack(each.getValue(), each.getKey().name());
            }
            account.database().cancelRename();
        } catch (IOException | StoreException e) {
            refusal.addSuppressed(e);
            account.fail(refusal);
        }
        return refusal;
    }

    private void renameBack(MailboxName from, MailboxName to) throws IOException {
        try {
            account.parts().blobs().rename(new Blobs.Place(account.key(), folder(from)), folder(to));
        } catch (NoSuchFileException e) {
            // It was not renamed, or has no folder.
            return;
        }
    }

    /** RFC 9051 §6.3.6: the messages move, the INBOX stays, and so do mailboxes below it. */
    private void renameInbox(MailboxName to) throws StoreException {
        MailboxInfo made = create(to, Set.of());
        OpenMailbox inbox = account.exclusively(() -> account.find(MailboxName.INBOX).orElseThrow());
        StoredMailbox messages = new StoredMailbox(account, inbox);
        messages.move(UidSet.ALL, made.id());
    }

    @Override
    public void delete(MailboxName name) throws StoreException {
        if (name.isInbox()) {
            throw new StoreException(StoreException.Cause.CANNOT, "The INBOX cannot be deleted");
        }
        alone(() -> {
            OpenMailbox mailbox = account.find(name)
                    .orElseThrow(() -> new StoreException(StoreException.Cause.NO_SUCH_MAILBOX, "There is no such mailbox"));
            account.absorb();
            MessageList list = mailbox.load(account.index());
            Removal removal = new Removal(mailbox.id().number(), name.text());
            long modSeq = account.log().tree(Event.MAILBOX_CHANGED, removal.id());
            account.database().beginRemoval(removal);
            account.forget(mailbox);
            List<Write> writes = List.of(
                    new Write.HideEmails(OpenMailbox.emails(list, list.uids())),
                    new Write.DropMailbox(removal.id()),
                    new Write.Log(modSeq, Event.MAILBOX_CHANGED, new long[] {removal.id()}));
            account.index().commit(writes, false);
            finishRemoval(removal);
            return null;
        });
    }

    private void finishRemoval(Removal removal) throws StoreException {
        try {
            account.parts().blobs().remove(new Blobs.Place(account.key(), folder(MailboxName.of(removal.name()))));
        } catch (IOException e) {
            throw Troubles.of(e);
        }
        account.database().finishRemoval(removal.id());
    }

    /** A mailbox of this name may have been deleted while its folder could not be removed. */
    private void finishRemovalOf(MailboxName name) throws StoreException {
        for (Removal removal : account.database().load().orElseThrow().removals()) {
            if (removal.name().equals(name.text())) {
                finishRemoval(removal);
            }
        }
    }

    /** Completes what a crash has cut short. Before anybody else uses the account. */
    void resume(Optional<AccountDatabase.State> found) throws StoreException {
        if (found.isEmpty()) {
            return;
        }
        for (Removal removal : found.get().removals()) {
            finishRemoval(removal);
            account.log().forget(); // Its emails may not have been logged as gone.
        }
        Map<OpenMailbox, MailboxName> names = new LinkedHashMap<>();
        for (Entry entry : found.get().mailboxes()) {
            if (entry.renamedTo().isPresent()) {
                names.put(account.mailbox(entry.id()), MailboxName.of(entry.renamedTo().get()));
            }
        }
        if (names.isEmpty()) {
            return;
        }
        try {
            for (Map.Entry<OpenMailbox, MailboxName> each : names.entrySet()) {
                renameFolder(each.getKey().name(), each.getValue());
            }
        } catch (IOException e) {
            throw Troubles.of(e);
        }
        account.database().finishRename();
        names.forEach(OpenMailbox::renamed);
    }

    @Override
    public void assign(MailboxId id, Optional<SpecialUse> use) throws StoreException {
        account.exclusively(() -> {
            OpenMailbox mailbox = account.mailbox(id.number());
            boolean possible = use.isEmpty() || (use.get().assignable() && !mailbox.name().isInbox());
            boolean free = use.isEmpty() || account.find(use.get()).isEmpty() || mailbox.use().equals(use);
            if (!possible || !free) {
                throw new StoreException(StoreException.Cause.CANNOT, "The mailbox cannot have this special use");
            }
            account.log().tree(Event.MAILBOX_CHANGED, id.number());
            account.database().setUse(id.number(), use);
            mailbox.use(use);
            return null;
        });
    }

    @Override
    public void subscribe(MailboxName name, boolean subscribed) throws StoreException {
        account.exclusively(() -> {
            if (subscribed && account.subscriptions().size() >= MAX_SUBSCRIPTIONS) {
                throw new StoreException(StoreException.Cause.LIMIT, "An account has at most " + MAX_SUBSCRIPTIONS + " subscriptions");
            }
            account.log().tree(
                    Event.MAILBOX_CHANGED, account.find(name).stream().mapToInt(mailbox -> mailbox.id().number()).toArray());
            account.database().subscribe(name.text(), subscribed);
            if (subscribed) {
                account.subscriptions().add(name.text());
            } else {
                account.subscriptions().remove(name.text());
            }
            account.files().pushSubscriptionsSoon();
            return null;
        });
    }

    @Override
    public Set<MailboxName> subscriptions() throws StoreException {
        return account.exclusively(() -> {
            Set<MailboxName> names = new TreeSet<>();
            for (String name : account.subscriptions()) {
                names.add(MailboxName.of(name));
            }
            return names;
        });
    }

    @Override
    public MailboxStatus status(MailboxId id) throws StoreException {
        OpenMailbox mailbox = account.mailbox(id.number());
        account.index();
        account.files().of(mailbox).look();
        account.showArrivals(mailbox);
        return account.exclusively(() -> {
            Index index = account.index();
            Figures figures = mailbox.figures();
            int recent = 0;
            if (figures.messages() > 0 && Integer.compareUnsigned(figures.recentFrom(), figures.uidNext()) < 0) {
                MessageList list = mailbox.load(index);
                recent = list.size() - list.indexFrom(figures.recentFrom());
            }
            return new MailboxStatus(
                    figures.messages(), figures.unseen(), figures.deleted(), recent, figures.uidNext(), mailbox.uidValidity(),
                    figures.highestModSeq(), figures.octets());
        });
    }

    @Override
    public Map<String, byte[]> metadata(Optional<MailboxId> mailbox, String entry) throws StoreException {
        String below = entry.endsWith("/") ? entry : entry + "/";
        return account.database().metadata(number(mailbox)).entrySet().stream()
                .filter(each -> each.getKey().equals(entry) || each.getKey().startsWith(below))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    @Override
    public void setMetadata(Optional<MailboxId> mailbox, Map<String, Optional<byte[]>> entries) throws StoreException {
        int number = number(mailbox);
        account.exclusively(() -> {
            Set<String> names = new TreeSet<>(account.database().metadata(number).keySet());
            for (Map.Entry<String, Optional<byte[]>> entry : entries.entrySet()) {
                if (entry.getValue().map(value -> value.length).orElse(0) > MAX_ANNOTATION_OCTETS) {
                    throw new StoreException(
                            StoreException.Cause.LIMIT, "An annotation has at most " + MAX_ANNOTATION_OCTETS + " octets");
                }
                if (entry.getValue().isPresent()) {
                    names.add(entry.getKey());
                }
            }
            if (names.size() > MAX_ANNOTATIONS) {
                throw new StoreException(StoreException.Cause.LIMIT, "There are at most " + MAX_ANNOTATIONS + " annotations");
            }
            account.log().tree(Event.MAILBOX_CHANGED, number);
            account.database().setMetadata(number, entries);
            return null;
        });
    }

    private int number(Optional<MailboxId> mailbox) throws StoreException {
        return mailbox.isEmpty() ? 0 : account.mailbox(mailbox.get().number()).id().number();
    }

    @Override
    public Map<String, String> acl(MailboxId mailbox) throws StoreException {
        OpenMailbox open = account.mailbox(mailbox.number());
        Map<String, String> known = open.acl();
        return known != null ? known : account.exclusively(() -> {
            Map<String, String> stored = Map.copyOf(account.database().acl(mailbox.number()));
            open.acl(stored);
            return stored;
        });
    }

    @Override
    public void setAcl(MailboxId mailbox, String identifier, String rights) throws StoreException {
        OpenMailbox open = account.mailbox(mailbox.number());
        account.exclusively(() -> {
            open.acl(null);
            account.log().tree(Event.MAILBOX_CHANGED, mailbox.number());
            account.database().setAcl(mailbox.number(), identifier, rights);
            return null;
        });
    }

    @Override
    public OptionalLong appendLimit() {
        return OptionalLong.empty();
    }

    /** The mailbox for mail of some use; made if it was deleted. */
    OpenMailbox forDelivery(Optional<SpecialUse> use) throws StoreException {
        Optional<OpenMailbox> known = use.isPresent() ? account.find(use.get()) : account.find(MailboxName.INBOX);
        if (known.isPresent()) {
            return known.get();
        }
        return account.exclusively(() -> {
            SpecialUse wanted = use.orElseThrow();
            Optional<OpenMailbox> made = account.find(wanted);
            if (made.isPresent()) {
                return made.get();
            }
            List<OpenMailbox> named = new ArrayList<>(account.mailboxes());
            MailboxName name = MailboxName.of(account.parts().folderNames().apply(wanted));
            named.removeIf(mailbox -> !mailbox.name().equals(name));
            return named.isEmpty() ? make(name, use) : named.getFirst();
        });
    }
}
