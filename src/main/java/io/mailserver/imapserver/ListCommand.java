package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.SpecialUse;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** LIST in its first form and LSUB (RFC 9051 §6.3.9, RFC 3501 §6.3.9). */
final class ListCommand {
    private final SessionContext context;
    private final ImapWriter out;

    ListCommand(SessionContext context) {
        this.context = context;
        this.out = context.out();
    }

    StatusResponse list(ImapCommand.ListMailboxes command) throws StoreException, IOException {
        if (command.extended()) {
            return Refusals.NOT_OFFERED;
        }
        String pattern = command.patterns().getFirst();
        if (pattern.isEmpty()) {
            out.begin("LIST (\\Noselect) \"/\" \"\"").crlf(); // RFC 9051 §6.3.9: what separates levels
            return StatusResponse.ok("LIST completed");
        }
        MailboxPattern wanted = MailboxPattern.of(command.reference() + pattern);
        NavigableMap<String, Optional<MailboxInfo>> tree = tree();
        for (String name : tree.keySet()) {
            if (wanted.matches(name)) {
                line("LIST", name, attributes(tree, name));
            }
        }
        return StatusResponse.ok("LIST completed");
    }

    /** All mailboxes by name, and names between them that are no mailbox. */
    private NavigableMap<String, Optional<MailboxInfo>> tree() throws StoreException {
        NavigableMap<String, Optional<MailboxInfo>> tree = new TreeMap<>(ListCommand::inboxFirst);
        List<MailboxInfo> all = context.mailboxes().all();
        for (MailboxInfo info : all) {
            tree.put(info.name().text(), Optional.of(info));
            Optional<MailboxName> above = info.name().parent();
            while (above.isPresent()) {
                tree.putIfAbsent(above.get().text(), Optional.empty());
                above = above.get().parent();
            }
        }
        return tree;
    }

    private static int inboxFirst(String one, String other) {
        boolean inbox = one.equals("INBOX");
        return inbox == other.equals("INBOX") ? one.compareTo(other) : inbox ? -1 : 1;
    }

    private static String attributes(NavigableMap<String, Optional<MailboxInfo>> tree, String name) {
        StringBuilder attributes = new StringBuilder();
        Optional<MailboxInfo> info = tree.getOrDefault(name, Optional.empty());
        if (info.isEmpty()) {
            attributes.append("\\NonExistent \\Noselect ");
        }
        String below = name + MailboxName.SEPARATOR;
        String next = tree.ceilingKey(below);
        boolean children = next != null && next.startsWith(below);
        attributes.append(children ? "\\HasChildren" : "\\HasNoChildren"); // RFC 9051 §7.3.1
        info.flatMap(MailboxInfo::use).map(SpecialUse::attribute).ifPresent(use -> attributes.append(' ').append(use));
        return attributes.toString();
    }

    /** RFC 3501 §6.3.9: where {@code %} ends above a subscribed name, that stands for it as \Noselect. */
    StatusResponse lsub(ImapCommand.Lsub command) throws StoreException, IOException {
        MailboxPattern wanted = MailboxPattern.of(command.reference() + command.pattern());
        Set<MailboxName> subscribed = context.mailboxes().subscriptions();
        Set<String> named = new TreeSet<>(ListCommand::inboxFirst);
        Set<String> above = new TreeSet<>(ListCommand::inboxFirst);
        for (MailboxName name : subscribed) {
            named.add(name.text());
            Optional<MailboxName> parent = name.parent();
            while (parent.isPresent()) {
                above.add(parent.get().text());
                parent = parent.get().parent();
            }
        }
        for (String name : named) {
            if (wanted.matches(name)) {
                line("LSUB", name, "");
            }
        }
        if (command.pattern().endsWith("%")) {
            for (String name : above) {
                if (!named.contains(name) && wanted.matches(name)) {
                    line("LSUB", name, "\\Noselect");
                }
            }
        }
        return StatusResponse.ok("LSUB completed");
    }

    private void line(String response, String name, String attributes) throws IOException {
        out.begin(response).space().open().ascii(attributes).close().ascii(" \"/\" ").mailbox(name).crlf();
    }
}
