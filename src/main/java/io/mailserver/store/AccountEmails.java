package io.mailserver.store;

import io.mailserver.store.Index.Event;
import io.mailserver.store.Index.LogRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The emails of an account across its mailboxes, as JMAP sees them: each once, whatever the number of its copies; with its thread; and
 * what happened to them since some state. A state is the number of the account's last change that matters.
 *
 * <p>Safe for use by any thread but those of a pool; calls block. The lock of a view comes before all locks of the account; who holds it
 * does not write to a client.
 */
public final class AccountEmails {
    private final OpenAccount account;
    private final ReentrantLock lock = new ReentrantLock();

    /** All guarded by {@link #lock}. */
    private @Nullable EmailTable table;

    private long emailState;
    private long threadState;
    private long mailboxState;
    private volatile int loaded;

    AccountEmails(OpenAccount account) {
        this.account = account;
    }

    /** How much a mailbox holds, copies with \Deleted left out (RFC 8621 §2). */
    public record Counts(int emails, int unreadEmails, int threads, int unreadThreads) {}

    /**
     * What happened to an email.
     *
     * @param thread 0 in the number of one that is not known any more
     * @param modSeq of the last thing that happened
     * @param made whether it may have been unknown at the state asked for
     * @param shown whether it is there
     */
    public record EmailChange(EmailId email, ThreadId thread, long modSeq, boolean made, boolean shown) {}

    /**
     * What happened to a mailbox.
     *
     * @param made whether it is new since the state asked for
     * @param there whether it still is there
     * @param countsOnly whether nothing but its {@link Counts} may differ
     */
    public record MailboxChange(MailboxId mailbox, long modSeq, boolean made, boolean there, boolean countsOnly) {}

    /** Looks at a view. */
    @FunctionalInterface
    public interface Reader<T extends @Nullable Object> {
        T read(View view) throws StoreException;
    }

    /** Runs {@code reader} with all that was accepted before this call; nothing in the view changes meanwhile. It must be quick. */
    public <T extends @Nullable Object> T read(Reader<T> reader) throws StoreException {
        for (OpenMailbox mailbox : account.mailboxes()) {
            bringInStep(mailbox);
        }
        lock.lock();
        try {
            return reader.read(new View(follow()));
        } finally {
            lock.unlock();
        }
    }

    private void bringInStep(OpenMailbox mailbox) throws StoreException {
        try {
            new StoredMailbox(account, mailbox).messages();
        } catch (StoreException e) {
            if (e.reason() != StoreException.Cause.NO_SUCH_MAILBOX) {
                throw e;
            }
        }
    }

    /** Lists of one moment. */
    private record Moment(Map<Integer, MessageList> lists, Optional<MailboxId> trash, long treeModSeq) {}

    private EmailTable follow() throws StoreException {
        Moment now = account.exclusively(() -> {
            account.absorb();
            Index index = account.index();
            Map<Integer, MessageList> lists = new TreeMap<>();
            for (OpenMailbox mailbox : account.mailboxes()) {
                lists.put(mailbox.id().number(), mailbox.load(index));
            }
            return new Moment(lists, account.find(SpecialUse.TRASH).map(OpenMailbox::id), account.log().treeModSeq());
        });
        EmailTable known = table;
        boolean first = known == null || !known.trash().equals(now.trash());
        EmailTable current = known == null || first ? new EmailTable(now.trash()) : known;
        boolean others;
        boolean usable = false;
        try {
            others = current.follow(now.lists(), this::threadsOf);
            usable = true;
        } finally {
            table = usable ? current : null;
        }
        long newest = now.lists().values().stream().mapToLong(MessageList::highestModSeq).max().orElse(0);
        if (first) {
            mailboxState = Math.max(mailboxState, account.index().lastLogged(Event.MAILBOX_MADE));
            // Never below what the log reaches back to: who is told a state may ask what came after it.
            emailState = Math.max(emailState, account.index().logFloor().orElse(0));
            emailState = Math.max(emailState, account.index().lastLogged(Event.SHOWN));
        }
        emailState = Math.max(emailState, Math.max(newest, now.treeModSeq()));
        mailboxState = Math.max(mailboxState, emailState);
        threadState = first || others ? emailState : threadState;
        if (first) {
            account.log().begin(emailState);
        }
        loaded = current.size();
        return current;
    }

    private long[] threadsOf(long[] emails) throws StoreException {
        long[] threads = emails.clone(); // What is not rendered yet is a thread of its own.
        account.index().emails(emails, false, (place, email) -> threads[place] = email.thread());
        return threads;
    }

    /** How much is in memory, in messages of a list. */
    int loaded() {
        return 2 * loaded;
    }

    void unload() {
        lock.lock();
        try {
            table = null;
            loaded = 0;
        } finally {
            lock.unlock();
        }
    }

    /** The account at one moment; only within {@link Reader#read}. */
    public final class View {
        private final EmailTable emails;

        private View(EmailTable emails) {
            this.emails = emails;
        }

        /** The state of emails. */
        public long emailState() {
            return emailState;
        }

        /** The state of threads: changes with the emails in them, not with flags. */
        public long threadState() {
            return threadState;
        }

        /** The state of mailboxes, their counts included. */
        public long mailboxState() {
            return mailboxState;
        }

        /** The messages of a mailbox; empty if there is no such mailbox. */
        public Optional<MessageList> messages(MailboxId mailbox) {
            return Optional.ofNullable(emails.lists().get(mailbox.number()));
        }

        /** An email that is shown. */
        public Optional<StoredEmail> email(EmailId id) {
            return Optional.ofNullable(emails.email(id.number())).filter(StoredEmail::visible);
        }

        /** A thread that has emails. */
        public Optional<EmailThread> thread(ThreadId id) {
            return Optional.ofNullable(emails.thread(id.number())).filter(thread -> !thread.emails().isEmpty());
        }

        /** The figures of a mailbox. */
        public Counts counts(MailboxId mailbox) {
            return emails.counts(mailbox.number());
        }

        /** Hands over every email of a mailbox once, in the order of its messages. */
        public void forEachIn(MailboxId mailbox, Consumer<StoredEmail> consumer) {
            MessageList list = emails.lists().get(mailbox.number());
            Set<StoredEmail> doubled = new HashSet<>();
            for (int i = 0; list != null && i < list.size(); i++) {
                StoredEmail email = emails.email(list.emailId(i).number());
                boolean here = email != null && email.visible() && (list.flags(i) & MessageList.DELETED) == 0;
                if (email != null && here && (email.mailboxes().length == 1 || doubled.add(email))) {
                    consumer.accept(email);
                }
            }
        }

        /** Hands over every email, in no order. */
        public void forEach(Consumer<StoredEmail> consumer) {
            emails.forEach(email -> {
                if (email.visible()) {
                    consumer.accept(email);
                }
            });
        }

        /** What happened to emails after a state; empty if that is not known any more, or no state that was. */
        public Optional<List<EmailChange>> emailChanges(long since) throws StoreException {
            if (since > emailState || !reaches(since)) {
                return Optional.empty();
            }
            Map<Long, Happened> happened = new LinkedHashMap<>();
            for (LogRow row : account.index().log(since)) {
                switch (row.event()) {
                    case SHOWN -> {
                        for (long email : row.numbers()) {
                            happened.computeIfAbsent(email, _ -> new Happened()).at(row.modSeq()).made = true;
                        }
                    }
                    case HIDDEN -> {
                        for (int i = 0; i < row.numbers().length; i += 2) {
                            happened.computeIfAbsent(row.numbers()[i], _ -> new Happened()).at(row.modSeq()).thread = row.numbers()[i + 1];
                        }
                    }
                    case MAILBOX_MADE, MAILBOX_CHANGED -> { }
                }
            }
            for (MessageList list : emails.lists().values()) {
                if (list.highestModSeq() > since) {
                    list.changedSince(since).forEach(uid -> {
                        int index = list.indexOf(uid);
                        happened.computeIfAbsent(list.emailId(index).number(), _ -> new Happened()).at(list.modSeq(index));
                    });
                }
            }
            List<EmailChange> changes = new ArrayList<>(happened.size());
            happened.forEach((number, what) -> changes.add(change(number, what, since)));
            return Optional.of(changes);
        }

        private EmailChange change(long number, Happened what, long since) {
            StoredEmail email = emails.email(number);
            long thread = email == null ? what.thread : email.thread().number();
            boolean shown = email != null && email.visible();
            boolean made = what.made && !(email != null && shown && wasShown(email, since));
            return new EmailChange(new EmailId(number), new ThreadId(thread), what.modSeq, made, shown);
        }

        /** Whether a copy that is shown has not changed since: then it was shown before, whatever became of others. */
        private boolean wasShown(StoredEmail email, long since) {
            for (StoredEmail.Place place : email.state().places()) {
                MessageList list = emails.lists().get(place.mailbox().number());
                if (list != null && list.modSeq(list.indexOf(place.uid())) <= since) {
                    return true;
                }
            }
            return false;
        }

        /** What happened to mailboxes after a state; empty as of {@link #emailChanges}. */
        public Optional<List<MailboxChange>> mailboxChanges(long since) throws StoreException {
            Optional<List<EmailChange>> changed = since > mailboxState ? Optional.empty() : emailChanges(Math.min(since, emailState));
            if (changed.isEmpty()) {
                return Optional.empty();
            }
            Map<Integer, Happened> trees = new TreeMap<>();
            for (LogRow row : account.index().log(since)) {
                boolean made = row.event() == Event.MAILBOX_MADE;
                if (made || row.event() == Event.MAILBOX_CHANGED) {
                    for (long mailbox : row.numbers()) {
                        Happened what = trees.computeIfAbsent((int) mailbox, _ -> new Happened()).at(row.modSeq());
                        what.made |= made;
                    }
                }
            }
            Map<Integer, Long> counted = new TreeMap<>();
            emails.lists().forEach((mailbox, list) -> {
                if (list.highestModSeq() > since) {
                    counted.put(mailbox, list.highestModSeq());
                }
            });
            changed.get().forEach(change -> around(change, counted));
            List<MailboxChange> changes = new ArrayList<>();
            Set<Integer> all = new HashSet<>(trees.keySet());
            all.addAll(counted.keySet());
            for (int mailbox : all) {
                Happened tree = trees.getOrDefault(mailbox, new Happened());
                long modSeq = Math.max(tree.modSeq, counted.getOrDefault(mailbox, 0L));
                boolean there = emails.lists().containsKey(mailbox);
                changes.add(new MailboxChange(new MailboxId(mailbox), modSeq, tree.made, there, tree.modSeq == 0));
            }
            return Optional.of(changes);
        }

        /** An email that is read or goes changes how many unread threads there are wherever its thread is. */
        private void around(EmailChange change, Map<Integer, Long> counted) {
            EmailThread thread = emails.thread(change.thread().number());
            if (thread != null) {
                for (StoredEmail email : thread.emails()) {
                    for (int mailbox : email.mailboxes()) {
                        counted.merge(mailbox, change.modSeq(), Math::max);
                    }
                }
            }
        }

        private boolean reaches(long since) throws StoreException {
            OptionalLong floor = account.index().logFloor();
            return floor.isPresent() && since >= floor.getAsLong();
        }
    }

    private static final class Happened {
        private long modSeq;
        private long thread;
        private boolean made;

        Happened at(long number) {
            modSeq = Math.max(modSeq, number);
            return this;
        }
    }

    /** What the index keeps of emails, by their ids; those that are gone are missing. */
    public Map<EmailId, EmailParts> parts(Collection<StoredEmail.State> wanted) throws StoreException {
        return new EmailContents(account).parts(wanted);
    }

    /**
     * The octets of an email, from whichever copy.
     *
     * @throws StoreException EXPUNGED
     */
    public MessageContent content(EmailId id) throws StoreException {
        for (int tries = 0; tries < 3; tries++) { // It may be moved between the look and the opening.
            Optional<StoredEmail.State> state = read(view -> view.email(id).map(StoredEmail::state));
            for (StoredEmail.Place place : state.map(StoredEmail.State::places).orElse(List.of())) {
                try {
                    return new StoredMailbox(account, account.mailbox(place.mailbox().number())).content(place.uid());
                } catch (StoreException e) {
                    if (e.reason() != StoreException.Cause.EXPUNGED && e.reason() != StoreException.Cause.NO_SUCH_MAILBOX) {
                        throw e;
                    }
                }
            }
        }
        throw new StoreException(StoreException.Cause.EXPUNGED, "The message is gone");
    }

    /** Adds a message to mailboxes, all or none; at least one. */
    public StoredEmail.State add(NewMessage message, List<MailboxId> mailboxes) throws StoreException {
        StoredMailbox first = new StoredMailbox(account, account.mailbox(mailboxes.getFirst().number()));
        for (MailboxId other : mailboxes) {
            account.mailbox(other.number());
        }
        UidSet uids = first.append(List.of(message)).uids();
        boolean everywhere = false;
        try {
            for (MailboxId other : mailboxes.subList(1, mailboxes.size())) {
                first.copy(uids, other);
            }
            everywhere = true;
        } finally {
            if (!everywhere) {
                first.removeMessages(uids);
            }
        }
        MessageList list = first.messages();
        int index = list.indexOf(uids.first(0));
        if (index < 0) {
            throw new StoreException(StoreException.Cause.EXPUNGED, "The message was removed as soon as it was there");
        }
        EmailId id = list.emailId(index);
        return read(view -> view.email(id).map(StoredEmail::state))
                .orElseThrow(() -> new StoreException(StoreException.Cause.EXPUNGED, "The message was removed as soon as it was there"));
    }

    /** Removes emails for good, all copies. */
    public void destroy(Collection<EmailId> ids) throws StoreException {
        Map<MailboxId, UidSet.Builder> victims = new HashMap<>();
        places(ids).values().forEach(places -> places.forEach(place -> uids(victims, place.mailbox()).add(place.uid())));
        for (Map.Entry<MailboxId, UidSet.Builder> mailbox : victims.entrySet()) {
            mailbox(mailbox.getKey()).removeMessages(mailbox.getValue().build());
        }
    }

    private Map<EmailId, List<StoredEmail.Place>> places(Collection<EmailId> ids) throws StoreException {
        return read(view -> {
            Map<EmailId, List<StoredEmail.Place>> found = new LinkedHashMap<>();
            for (EmailId id : ids) {
                view.email(id).ifPresent(email -> found.put(id, email.allPlaces()));
            }
            return found;
        });
    }

    /** Changes the flags of all copies. */
    public void flag(Collection<EmailId> ids, FlagChange change) throws StoreException {
        Map<MailboxId, UidSet.Builder> changed = new HashMap<>();
        Map<EmailId, List<StoredEmail.Place>> shown = read(view -> {
            Map<EmailId, List<StoredEmail.Place>> found = new LinkedHashMap<>();
            for (EmailId id : ids) {
                view.email(id).ifPresent(email -> found.put(id, email.state().places()));
            }
            return found;
        });
        shown.values().forEach(places -> places.forEach(place -> uids(changed, place.mailbox()).add(place.uid())));
        for (Map.Entry<MailboxId, UidSet.Builder> mailbox : changed.entrySet()) {
            mailbox(mailbox.getKey()).store(mailbox.getValue().build(), change, OptionalLong.empty());
        }
    }

    /**
     * Has emails be in these mailboxes and no others. What is added comes first, so that an email is always somewhere; what is cut short
     * by trouble leaves emails in more mailboxes than wanted.
     *
     * @param wanted at least one mailbox for each; emails that are gone are passed over
     */
    public void place(Map<EmailId, Set<MailboxId>> wanted) throws StoreException {
        Relocation relocation = new Relocation();
        read(view -> {
            for (Map.Entry<EmailId, Set<MailboxId>> each : wanted.entrySet()) {
                view.email(each.getKey()).ifPresent(email -> relocation.plan(email.state().places(), each.getValue()));
            }
            return null;
        });
        relocation.run(this::mailbox);
    }

    private StoredMailbox mailbox(MailboxId id) throws StoreException {
        return new StoredMailbox(account, account.mailbox(id.number()));
    }

    private static UidSet.Builder uids(Map<MailboxId, UidSet.Builder> sets, MailboxId mailbox) {
        return sets.computeIfAbsent(mailbox, _ -> new UidSet.Builder());
    }
}
