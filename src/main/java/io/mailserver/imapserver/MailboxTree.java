package io.mailserver.imapserver;

import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.Mailboxes;
import io.mailserver.store.StoreException;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The names of an account as LIST sees them: mailboxes, names between them that are no mailbox, and names that are only subscribed. As
 * they were when it was made.
 */
final class MailboxTree {
    private final NavigableMap<String, Optional<MailboxInfo>> names = new TreeMap<>(MailboxTree::inboxFirst);
    private final NavigableSet<String> subscribed = new TreeSet<>();
    /** Mailboxes that exist, in the order in which those below a name stand together. */
    private final NavigableSet<String> existing = new TreeSet<>();

    private MailboxTree() {}

    static MailboxTree of(Mailboxes mailboxes) throws StoreException {
        MailboxTree tree = new MailboxTree();
        for (MailboxInfo info : mailboxes.all()) {
            tree.names.put(info.name().text(), Optional.of(info));
            tree.existing.add(info.name().text());
            tree.addParents(info.name());
        }
        for (MailboxName name : mailboxes.subscriptions()) {
            tree.subscribed.add(name.text());
            tree.names.putIfAbsent(name.text(), Optional.empty());
            tree.addParents(name);
        }
        return tree;
    }

    private void addParents(MailboxName name) {
        Optional<MailboxName> above = name.parent();
        while (above.isPresent()) {
            names.putIfAbsent(above.get().text(), Optional.empty());
            above = above.get().parent();
        }
    }

    private static int inboxFirst(String one, String other) {
        boolean inbox = one.equals("INBOX");
        return inbox == other.equals("INBOX") ? one.compareTo(other) : inbox ? -1 : 1;
    }

    /** All names, the INBOX first. */
    Set<String> names() {
        return names.navigableKeySet();
    }

    /** Empty for a name that is no mailbox. */
    Optional<MailboxInfo> find(String name) {
        return names.getOrDefault(name, Optional.empty());
    }

    boolean isSubscribed(String name) {
        return subscribed.contains(name);
    }

    /** Whether a mailbox exists below the name, at any depth. */
    boolean hasChildren(String name) {
        return hasBelow(existing, name);
    }

    /** Whether a name below this one is subscribed, at any depth. */
    boolean hasSubscribedBelow(String name) {
        return hasBelow(subscribed, name);
    }

    /** Whether the name is there for LIST without selection: a mailbox, or above one. */
    boolean isListed(String name) {
        return existing.contains(name) || hasChildren(name);
    }

    private static boolean hasBelow(NavigableSet<String> sorted, String name) {
        String below = name + MailboxName.SEPARATOR;
        String next = sorted.ceiling(below);
        return next != null && next.startsWith(below);
    }
}
