package io.mailserver.jmap;

import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The mailboxes of an account at one moment, as a tree of ids. Immutable. */
final class MailboxTreeView {
    private final List<MailboxInfo> all;
    private final Map<MailboxName, MailboxInfo> byName = new HashMap<>();
    private final Map<String, MailboxInfo> byId = new HashMap<>();

    MailboxTreeView(JmapAccount account) throws StoreException {
        all = account.mail().mailboxes().all();
        for (MailboxInfo info : all) {
            byName.put(info.name(), info);
            byId.put(info.id().toString(), info);
        }
    }

    List<MailboxInfo> all() {
        return all;
    }

    @Nullable MailboxInfo find(String id) {
        return byId.get(id);
    }

    /** The nearest mailbox above; places without mailbox are passed over. */
    Optional<MailboxInfo> parent(MailboxInfo mailbox) {
        Optional<MailboxName> name = mailbox.name().parent();
        while (name.isPresent() && !byName.containsKey(name.get())) {
            name = name.get().parent();
        }
        return name.map(byName::get);
    }

    /** What the name says below its parent's. */
    String localName(MailboxInfo mailbox) {
        String text = mailbox.name().text();
        return parent(mailbox).map(parent -> text.substring(parent.name().text().length() + 1)).orElse(text);
    }

    boolean hasChildren(MailboxInfo mailbox) {
        return all.stream().anyMatch(other -> other.name().isBelow(mailbox.name()));
    }

    /** RFC 8621 §2: in lower case, without backslash. */
    static Optional<String> role(MailboxInfo mailbox) {
        return mailbox.name().isInbox()
                ? Optional.of("inbox")
                : mailbox.use().map(use -> use.attribute().substring(1).toLowerCase(Locale.ROOT));
    }

}
