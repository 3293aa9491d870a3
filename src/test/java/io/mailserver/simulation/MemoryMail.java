package io.mailserver.simulation;

import io.mailserver.store.AccountEmails;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.Change;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MailboxStatus;
import io.mailserver.store.Mailboxes;
import io.mailserver.store.SpecialUse;
import io.mailserver.store.StoreException;
import io.mailserver.store.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The mail of one account in memory, done in the simplest way: what sessions stand on where a test is about them and not about the
 * store, and what the store is compared with. Any thread.
 */
public final class MemoryMail implements AccountMail, Mailboxes {
    private final AccountKey account;
    private final Map<MailboxName, MemoryMailbox> byName = new TreeMap<>();
    private final Map<MailboxName, MailboxInfo> infos = new TreeMap<>();
    private final Set<MailboxName> subscribed = new TreeSet<>();
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Optional<MailboxId>, Map<String, byte[]>> metadata = new HashMap<>();
    private final Map<MailboxId, Map<String, String>> acls = new HashMap<>();
    private final AtomicLong modSeq = new AtomicLong(1);
    private int lastId;
    private @Nullable StoreException failure;
    private boolean bug;

    public MemoryMail(AccountKey account) {
        this.account = account;
        try {
            create(MailboxName.INBOX, Set.of());
            create(MailboxName.of("Drafts"), Set.of(SpecialUse.DRAFTS));
            create(MailboxName.of("Sent"), Set.of(SpecialUse.SENT));
            create(MailboxName.of("Trash"), Set.of(SpecialUse.TRASH));
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next call of a mailbox fails so. */
    public synchronized void fail(StoreException with) {
        failure = with;
    }

    /** The next call of a mailbox meets a bug. */
    public synchronized void failWithBug() {
        bug = true;
    }

    synchronized void mayFail() throws StoreException {
        if (bug) {
            bug = false;
            throw new IllegalStateException("a bug for the test");
        }
        StoreException now = failure;
        failure = null;
        if (now != null) {
            throw now;
        }
    }

    long nextModSeq() {
        return modSeq.incrementAndGet();
    }

    void changed(MailboxId mailbox) {
        Change change = new Change.Messages(mailbox, modSeq.get());
        listeners.forEach(listener -> listener.accept(change));
    }

    @Override
    public AccountKey account() {
        return account;
    }

    @Override
    public Mailboxes mailboxes() {
        return this;
    }

    @Override
    public synchronized MemoryMailbox mailbox(MailboxId id) throws StoreException {
        return byName.values().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow(MemoryMail::noSuchMailbox);
    }

    static StoreException noSuchMailbox() {
        return new StoreException(StoreException.Cause.NO_SUCH_MAILBOX, "There is no such mailbox");
    }

    @Override
    public Watch watch(Consumer<Change> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public synchronized Usage usage() {
        return byName.values().stream()
                .map(MemoryMailbox::status)
                .reduce(new Usage(0, 0), (sum, status) -> new Usage(sum.messages() + status.messages(), sum.bytes() + status.size()),
                        (one, other) -> one);
    }

    @Override
    public long highestModSeq() {
        return modSeq.get();
    }

    @Override
    public void close() {
        // Nothing is kept open.
    }

    @Override
    public synchronized List<MailboxInfo> all() {
        List<MailboxInfo> all = new ArrayList<>();
        for (MailboxInfo info : infos.values()) {
            all.add(new MailboxInfo(info.id(), info.name(), info.uidValidity(), info.use(), subscribed.contains(info.name())));
        }
        return all;
    }

    @Override
    public synchronized Optional<MailboxInfo> find(MailboxName name) {
        return Optional.ofNullable(infos.get(name));
    }

    @Override
    public Optional<MailboxInfo> find(MailboxId id) {
        return all().stream().filter(info -> info.id().equals(id)).findFirst();
    }

    @Override
    public Optional<MailboxInfo> find(SpecialUse use) {
        return all().stream().filter(info -> info.use().equals(Optional.of(use))).findFirst();
    }

    @Override
    public synchronized MailboxInfo create(MailboxName name, Set<SpecialUse> uses) throws StoreException {
        if (infos.containsKey(name)) {
            throw new StoreException(StoreException.Cause.ALREADY_EXISTS, "There is a mailbox of that name");
        }
        Optional<MailboxName> parent = name.parent();
        if (parent.isPresent() && !infos.containsKey(parent.get())) {
            create(parent.get(), Set.of());
        }
        MailboxInfo info = new MailboxInfo(new MailboxId(++lastId), name, 1000 + lastId, uses.stream().findFirst(), false);
        infos.put(name, info);
        byName.put(name, new MemoryMailbox(this, info));
        treeChanged();
        return info;
    }

    @Override
    public synchronized void rename(MailboxName from, MailboxName to) throws StoreException {
        if (infos.containsKey(to)) {
            throw new StoreException(StoreException.Cause.ALREADY_EXISTS, "There is a mailbox of that name");
        }
        MailboxInfo info = infos.remove(from);
        MemoryMailbox mailbox = byName.remove(from);
        if (info == null || mailbox == null) {
            throw noSuchMailbox();
        }
        infos.put(to, new MailboxInfo(info.id(), to, info.uidValidity(), info.use(), false));
        byName.put(to, mailbox);
        treeChanged();
    }

    @Override
    public void delete(MailboxName name) throws StoreException {
        if (name.isInbox()) {
            throw new StoreException(StoreException.Cause.CANNOT, "The INBOX cannot be deleted");
        }
        MemoryMailbox deleted;
        synchronized (this) {
            infos.remove(name);
            deleted = byName.remove(name);
        }
        if (deleted == null) {
            throw noSuchMailbox();
        }
        deleted.delete();
        changed(deleted.id());
        treeChanged();
    }

    private void treeChanged() {
        Change change = new Change.MailboxTree(modSeq.get());
        listeners.forEach(listener -> listener.accept(change));
    }

    @Override
    public void assign(MailboxId id, Optional<SpecialUse> use) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AccountEmails emails() {
        throw new UnsupportedOperationException("who looks across mailboxes is tested with the real store");
    }

    @Override
    public synchronized void subscribe(MailboxName name, boolean on) {
        if (on) {
            subscribed.add(name);
        } else {
            subscribed.remove(name);
        }
        treeChanged();
    }

    @Override
    public synchronized Set<MailboxName> subscriptions() {
        return new TreeSet<>(subscribed);
    }

    @Override
    public MailboxStatus status(MailboxId id) throws StoreException {
        return mailbox(id).status();
    }

    @Override
    public Map<String, byte[]> metadata(Optional<MailboxId> mailbox, String entry) {
        synchronized (metadata) {
            Map<String, byte[]> found = new TreeMap<>(metadata.getOrDefault(mailbox, Map.of()));
            String below = entry.endsWith("/") ? entry : entry + "/";
            found.keySet().removeIf(name -> !name.equals(entry) && !name.startsWith(below));
            return found;
        }
    }

    @Override
    public void setMetadata(Optional<MailboxId> mailbox, Map<String, Optional<byte[]>> entries) {
        synchronized (metadata) {
            Map<String, byte[]> kept = metadata.computeIfAbsent(mailbox, key -> new TreeMap<>());
            entries.forEach((name, value) -> value.ifPresentOrElse(octets -> kept.put(name, octets), () -> kept.remove(name)));
        }
        treeChanged();
    }

    @Override
    public synchronized Map<String, String> acl(MailboxId mailbox) throws StoreException {
        mailbox(mailbox);
        return new TreeMap<>(acls.getOrDefault(mailbox, Map.of()));
    }

    @Override
    public void setAcl(MailboxId mailbox, String identifier, String rights) {
        synchronized (this) {
            Map<String, String> list = acls.computeIfAbsent(mailbox, id -> new TreeMap<>());
            list.remove(identifier);
            if (!rights.isEmpty()) {
                list.put(identifier, rights);
            }
        }
        treeChanged();
    }

    @Override
    public OptionalLong appendLimit() {
        return OptionalLong.empty();
    }

    /** The INBOX, for tests. */
    public MemoryMailbox inbox() {
        try {
            return mailbox(Objects.requireNonNull(infos.get(MailboxName.INBOX)).id());
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }
}
