package io.mailserver.imapserver;

import io.mailserver.imap.FetchItem;
import io.mailserver.imap.MailboxFilter;
import io.mailserver.imap.NotifyEvents;
import io.mailserver.imap.NotifyEvents.Event;
import io.mailserver.imap.StatusItem;
import io.mailserver.imapserver.Wakeups.Wakeup;
import io.mailserver.sharing.Right;
import io.mailserver.store.AccountMail;
import io.mailserver.store.Change;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxStatus;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a client that said NOTIFY SET is told all the time, also between commands (RFC 5465): news of the selected mailbox, STATUS of
 * others, LIST of names that changed. The store's hints say where to look; what is told comes from comparing with what was told before.
 *
 * <p>Not followed: without a SELECTED group, what happens in the selected mailbox is still told at the end of commands as always, so that
 * the client's own commands are answered as they must be.
 *
 * <p>Belongs to the session's thread, but for {@link #noted}, which the store calls. Closed by the session, which ends the watching.
 */
final class Notifications implements AutoCloseable {
    private static final Set<Event> OF_MESSAGES = EnumSet.of(Event.MESSAGENEW, Event.MESSAGEEXPUNGE, Event.FLAGCHANGE);

    private final SessionContext context;
    private final List<NotifyEvents> groups;
    private final Set<MailboxId> changed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean treeChanged = new AtomicBoolean();
    private final Map<MailboxId, MailboxStatus> told = new HashMap<>();
    private final NameChanges names;
    private final AccountMail.Watch watch;
    /** The selected mailbox for which {@link #fetchedUpTo} holds. */
    private @Nullable MailboxId fetchedIn;

    private int fetchedUpTo;

    Notifications(SessionContext context, List<NotifyEvents> groups) throws StoreException {
        this.context = context;
        this.groups = List.copyOf(groups);
        this.watch = context.mail().watch(this::noted);
        this.names = new NameChanges(context, this);
        for (MailboxInfo info : context.mailboxes().all()) {
            if (!messageEventsOf(info).isEmpty()) {
                told.put(info.id(), context.mailboxes().status(info.id()));
            }
        }
    }

    /** Any thread. */
    private void noted(Change change) {
        switch (change) {
            case Change.Messages messages -> changed.add(messages.mailbox());
            case Change.MailboxTree tree -> treeChanged.set(true);
        }
        context.wakeups().post(Wakeup.MAIL);
    }

    /** What is wanted of a mailbox that is not selected. */
    Set<Event> eventsOf(MailboxInfo info) {
        Set<Event> events = EnumSet.noneOf(Event.class);
        for (NotifyEvents group : groups) {
            boolean ofSelected = group.mailboxes() == MailboxFilter.Plain.SELECTED
                    || group.mailboxes() == MailboxFilter.Plain.SELECTED_DELAYED;
            if (!ofSelected && FilteredMailboxes.matcher(group.mailboxes(), context).test(info)) {
                events.addAll(group.events());
            }
        }
        return events;
    }

    /** What is wanted of the messages of a mailbox that is not selected; nothing where they may not be read (RFC 5465 §7). */
    private Set<Event> messageEventsOf(MailboxInfo info) throws StoreException {
        Set<Event> events = eventsOf(info);
        events.retainAll(OF_MESSAGES);
        return events.isEmpty() || context.mail().may(info.id(), Right.READ) ? events : EnumSet.noneOf(Event.class);
    }

    /** Whether some group wants an event, of whatever mailbox. */
    boolean wants(Event event) {
        return groups.stream().anyMatch(group -> group.events().contains(event));
    }

    private Optional<NotifyEvents> ofSelected(MailboxFilter.Plain kind) {
        return groups.stream().filter(group -> group.mailboxes() == kind).findFirst();
    }

    /** STATUS of all mailboxes of which events of messages are wanted, but the selected one (RFC 5465 §3.1). */
    void writeStatus() throws StoreException, IOException {
        for (MailboxInfo info : context.mailboxes().all()) {
            Set<Event> events = messageEventsOf(info);
            Set<StatusItem> items = new LinkedHashSet<>();
            if (events.contains(Event.MESSAGENEW)) {
                items.addAll(List.of(StatusItem.MESSAGES, StatusItem.UIDNEXT, StatusItem.UIDVALIDITY));
            }
            if (events.contains(Event.FLAGCHANGE)) {
                items.addAll(List.of(StatusItem.UIDVALIDITY, StatusItem.HIGHESTMODSEQ));
            }
            if (!items.isEmpty() && !isSelected(info.id())) {
                new StatusCommand(context).writeItems(info, List.copyOf(items));
            }
        }
    }

    /** Between commands. */
    void tellWaiting() throws StoreException, IOException {
        Optional<NotifyEvents> atOnce = ofSelected(MailboxFilter.Plain.SELECTED);
        boolean wanted = atOnce.or(() -> ofSelected(MailboxFilter.Plain.SELECTED_DELAYED))
                .filter(group -> !group.events().isEmpty()).isPresent();
        tell(wanted, atOnce.isPresent(), true);
    }

    /** At the end of a command. */
    void tellAfterCommand(boolean expunges, boolean withUid) throws StoreException, IOException {
        tell(true, expunges, withUid);
    }

    private void tell(boolean selected, boolean expunges, boolean withUid) throws StoreException, IOException {
        if (selected && context.isSelected()) {
            new MailboxNews(context).tell(expunges, withUid);
            fetchNew();
        }
        if (treeChanged.getAndSet(false)) {
            names.tell();
        }
        for (MailboxId id : List.copyOf(changed)) {
            changed.remove(id);
            Optional<MailboxInfo> info = isSelected(id) ? Optional.empty() : context.mailboxes().find(id);
            if (info.isPresent()) {
                status(info.get());
            }
        }
    }

    private boolean isSelected(MailboxId id) {
        return context.isSelected() && context.selected().info().id().equals(id);
    }

    /** RFC 5465 §5.2: what the client wants to know of each message that is new in the selected mailbox. */
    private void fetchNew() throws StoreException, IOException {
        SelectedMailbox selected = context.selected();
        MessageList list = selected.view().list();
        boolean known = selected.info().id().equals(fetchedIn);
        int from = fetchedUpTo;
        fetchedIn = selected.info().id();
        fetchedUpTo = list.uidNext();
        List<FetchItem> items = ofSelected(MailboxFilter.Plain.SELECTED).or(() -> ofSelected(MailboxFilter.Plain.SELECTED_DELAYED))
                .map(NotifyEvents::newMessageItems).orElse(List.of());
        if (known && !items.isEmpty() && Integer.compareUnsigned(from, list.uidNext()) < 0) {
            UidSet arrived = list.select(UidSet.range(from, list.uidNext() - 1));
            new FetchWriter(context, FetchPlan.of(items, !context.has(Feature.UIDONLY), false, true)).write(arrived, UidSet.EMPTY);
        }
    }

    private void status(MailboxInfo info) throws StoreException, IOException {
        Set<Event> events = messageEventsOf(info);
        if (events.isEmpty()) {
            return;
        }
        MailboxStatus now = context.mailboxes().status(info.id());
        Optional<MailboxStatus> before = Optional.ofNullable(told.put(info.id(), now));
        boolean others = before.isEmpty()
                || before.get().uidNext() != now.uidNext() || before.get().messages() != now.messages();
        boolean flags = before.isEmpty() || before.get().highestModSeq() != now.highestModSeq();
        List<StatusItem> items = new ArrayList<>();
        if (others) {
            items.addAll(List.of(StatusItem.UIDNEXT, StatusItem.MESSAGES));
        } else if (flags && events.contains(Event.FLAGCHANGE)) {
            items.addAll(List.of(StatusItem.UIDVALIDITY, StatusItem.UNSEEN));
        }
        if (!items.isEmpty()) {
            if (context.has(Feature.CONDSTORE)) {
                items.add(StatusItem.HIGHESTMODSEQ);
            }
            new StatusCommand(context).writeItems(info, items);
        }
    }

    /** Ends the watching. */
    @Override
    public void close() {
        watch.close();
    }
}
