package io.mailserver.imapserver;

import io.mailserver.imap.NotifyEvents.Event;
import io.mailserver.sharing.Right;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Mailboxes made, renamed and deleted, subscriptions and annotations, as NOTIFY tells them (RFC 5465 §5.4 to §5.7). */
final class NameChanges {
    private final SessionContext context;
    private final Notifications notifications;
    private Map<MailboxId, MailboxInfo> mailboxes;
    /** Empty key: of the account. Only where somebody wants to hear of it. */
    private Map<Optional<MailboxId>, Map<String, byte[]>> metadata;

    NameChanges(SessionContext context, Notifications notifications) throws StoreException {
        this.context = context;
        this.notifications = notifications;
        this.mailboxes = mailboxes();
        this.metadata = metadata(mailboxes);
    }

    private Map<MailboxId, MailboxInfo> mailboxes() throws StoreException {
        Map<MailboxId, MailboxInfo> all = new TreeMap<>();
        for (MailboxInfo info : context.mailboxes().all()) {
            all.put(info.id(), info);
        }
        return all;
    }

    private Map<Optional<MailboxId>, Map<String, byte[]>> metadata(Map<MailboxId, MailboxInfo> of) throws StoreException {
        Map<Optional<MailboxId>, Map<String, byte[]>> all = new HashMap<>();
        if (notifications.wants(Event.SERVERMETADATACHANGE)) {
            all.put(Optional.empty(), context.mailboxes().metadata(Optional.empty(), "/"));
        }
        for (MailboxInfo info : of.values()) {
            if (wants(info, Event.MAILBOXMETADATACHANGE) && context.mail().may(info.id(), Right.READ)) {
                all.put(Optional.of(info.id()), context.mailboxes().metadata(Optional.of(info.id()), "/"));
            }
        }
        return all;
    }

    /** Tells what has changed since it was last called. */
    void tell() throws StoreException, IOException {
        Map<MailboxId, MailboxInfo> before = mailboxes;
        mailboxes = mailboxes();
        MailboxTree tree = MailboxTree.of(context.mailboxes());
        ListCommand list = new ListCommand(context);
        for (MailboxInfo old : before.values()) {
            if (!mailboxes.containsKey(old.id()) && wants(old, Event.MAILBOXNAME)) {
                list.changed(tree, old.name().text(), Optional.empty());
            }
        }
        for (MailboxInfo now : mailboxes.values()) {
            Optional<MailboxInfo> old = Optional.ofNullable(before.get(now.id()));
            boolean renamed = old.isPresent() && !old.get().name().equals(now.name());
            if (old.isEmpty() && wants(now, Event.MAILBOXNAME)) {
                list.changed(tree, now.name().text(), Optional.empty());
            } else if (renamed && !withParent(old.get(), now, before) && wants(now, Event.MAILBOXNAME)) {
                list.changed(tree, now.name().text(), Optional.of(old.get().name().text()));
            } else if (old.isPresent() && old.get().subscribed() != now.subscribed() && wants(now, Event.SUBSCRIPTIONCHANGE)) {
                list.changed(tree, now.name().text(), Optional.empty());
            }
        }
        tellMetadata();
    }

    private boolean wants(MailboxInfo info, Event event) {
        return notifications.eventsOf(info).contains(event);
    }

    /** Whether it has another name only because the mailbox above it has. */
    private boolean withParent(MailboxInfo old, MailboxInfo now, Map<MailboxId, MailboxInfo> before) {
        Optional<MailboxName> oldParent = old.name().parent();
        Optional<MailboxName> newParent = now.name().parent();
        return oldParent.isPresent() && newParent.isPresent() && before.values().stream()
                .filter(above -> above.name().equals(oldParent.get()))
                .anyMatch(above -> Optional.ofNullable(mailboxes.get(above.id())).map(MailboxInfo::name).equals(newParent));
    }

    private void tellMetadata() throws StoreException, IOException {
        Map<Optional<MailboxId>, Map<String, byte[]>> before = metadata;
        metadata = metadata(mailboxes);
        for (Map.Entry<Optional<MailboxId>, Map<String, byte[]>> entry : metadata.entrySet()) {
            Set<String> changed = changed(before.getOrDefault(entry.getKey(), Map.of()), entry.getValue());
            if (!changed.isEmpty()) {
                new MetadataCommand(context).writeNames(entry.getKey().map(mailboxes::get), changed);
            }
        }
    }

    private static Set<String> changed(Map<String, byte[]> before, Map<String, byte[]> now) {
        Set<String> changed = new TreeSet<>();
        before.forEach((name, value) -> {
            if (!Arrays.equals(value, now.get(name))) {
                changed.add(name);
            }
        });
        now.keySet().stream().filter(name -> !before.containsKey(name)).forEach(changed::add);
        return changed;
    }
}
