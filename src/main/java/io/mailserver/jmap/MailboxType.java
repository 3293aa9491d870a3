package io.mailserver.jmap;

import io.mailserver.store.AccountEmails;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Mailbox/get and Mailbox/changes (RFC 8621 §2.1, §2.2). */
final class MailboxType implements JmapType.Getter, JmapType.ChangeLog {
    /** Where the number to sort by is kept: an annotation of RFC 5464, which clients of IMAP may use, too. */
    static final String SORT_ORDER = "/private/vendor/jmap/sort-order";

    private static final List<String> PROPERTIES = List.of("id", "name", "parentId", "role", "sortOrder", "totalEmails",
            "unreadEmails", "totalThreads", "unreadThreads", "myRights", "isSubscribed");

    static JmapType type() {
        MailboxType mailbox = new MailboxType();
        return new JmapType("Mailbox", Api.MAIL, mailbox, mailbox, new MailboxQuery(), new MailboxSetter());
    }

    @Override
    public String state(JmapAccount account) throws StoreException {
        return account.emails().read(view -> State.of(view.mailboxState()).toString());
    }

    @Override
    public List<String> defaultProperties() {
        return PROPERTIES;
    }

    @Override
    public Optional<List<String>> allIds(JmapAccount account, int limit) throws StoreException {
        List<MailboxInfo> all = account.mail().mailboxes().all();
        return all.size() > limit ? Optional.empty() : Optional.of(all.stream().map(info -> info.id().toString()).toList());
    }

    @Override
    public Map<String, ObjectNode> get(JmapAccount account, List<String> ids, Set<String> properties, Object options)
            throws StoreException {
        MailboxTreeView tree = new MailboxTreeView(account);
        Map<String, ObjectNode> found = new LinkedHashMap<>();
        account.emails().read(view -> {
            for (String id : ids) {
                MailboxInfo mailbox = tree.find(id);
                if (mailbox != null) {
                    ObjectNode shown = Json.object().put("id", id);
                    AccountEmails.Counts counts = view.counts(mailbox.id());
                    for (String property : properties) {
                        add(account, tree, mailbox, counts, property, shown);
                    }
                    found.put(id, shown);
                }
            }
            return found;
        });
        return found;
    }

    private static void add(
            JmapAccount account,
            MailboxTreeView tree,
            MailboxInfo mailbox,
            AccountEmails.Counts counts,
            String property,
            ObjectNode shown) throws StoreException {
        switch (property) {
            case "name" -> shown.put(property, mailbox.name().isInbox() ? "Inbox" : tree.localName(mailbox));
            case "parentId" -> shown.put(property, tree.parent(mailbox).map(parent -> parent.id().toString()).orElse(null));
            case "role" -> shown.put(property, MailboxTreeView.role(mailbox).orElse(null));
            case "sortOrder" -> shown.put(property, sortOrder(account, mailbox));
            case "totalEmails" -> shown.put(property, counts.emails());
            case "unreadEmails" -> shown.put(property, counts.unreadEmails());
            case "totalThreads" -> shown.put(property, counts.threads());
            case "unreadThreads" -> shown.put(property, counts.unreadThreads());
            case "myRights" -> shown.set(property, rights(mailbox));
            case "isSubscribed" -> shown.put(property, mailbox.subscribed());
            default -> throw new IllegalArgumentException("no property of a mailbox: " + property);
        }
    }

    /** What was set, or else the usual order of roles. */
    static long sortOrder(JmapAccount account, MailboxInfo mailbox) throws StoreException {
        byte[] set = account.mail().mailboxes().metadata(Optional.of(mailbox.id()), SORT_ORDER).get(SORT_ORDER);
        if (set != null) {
            String text = new String(set, StandardCharsets.US_ASCII);
            return text.matches("[0-9]{1,10}") ? Math.min(Long.parseLong(text), Integer.MAX_VALUE) : 0;
        }
        return switch (MailboxTreeView.role(mailbox).orElse("")) {
            case "inbox" -> 1;
            case "drafts" -> 2;
            case "sent" -> 3;
            case "archive" -> 4;
            case "junk" -> 5;
            case "trash" -> 6;
            default -> 10;
        };
    }

    private static ObjectNode rights(MailboxInfo mailbox) {
        boolean movable = !mailbox.name().isInbox();
        return Json.object()
                .put("mayReadItems", true)
                .put("mayAddItems", true)
                .put("mayRemoveItems", true)
                .put("maySetSeen", true)
                .put("maySetKeywords", true)
                .put("mayCreateChild", true)
                .put("mayRename", movable)
                .put("mayDelete", movable)
                .put("maySubmit", true);
    }

    @Override
    public Optional<JmapType.Changes> since(JmapAccount account, long state) throws StoreException {
        return account.emails().read(view -> view.mailboxChanges(state).map(changes -> {
            List<JmapType.Change> all = new ArrayList<>();
            Set<String> told = new LinkedHashSet<>();
            changes.forEach(change -> {
                if (told.add(change.mailbox().toString())) {
                    all.add(new JmapType.Change(
                            change.mailbox().toString(), change.modSeq(), change.made(), change.there(), change.countsOnly()));
                }
            });
            return new JmapType.Changes(view.mailboxState(), all);
        }));
    }
}
