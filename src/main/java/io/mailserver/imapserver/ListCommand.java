package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.ListOptions;
import io.mailserver.imap.StatusResponse;
import io.mailserver.sharing.Right;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.SpecialUse;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * LIST in its basic and extended forms and LSUB (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154, RFC 9590, RFC 3501 §6.3.9).
 */
final class ListCommand {
    private final SessionContext context;
    private final ImapWriter out;

    ListCommand(SessionContext context) {
        this.context = context;
        this.out = context.out();
    }

    StatusResponse list(ImapCommand.ListMailboxes command) throws StoreException, IOException {
        if (!command.extended() && command.patterns().getFirst().isEmpty()) {
            out.begin("LIST (\\Noselect) \"/\" \"\"").crlf(); // RFC 9051 §6.3.9: what separates levels
            return StatusResponse.ok("LIST completed");
        }
        List<MailboxPattern> patterns = new ArrayList<>();
        for (String pattern : command.patterns()) {
            patterns.add(MailboxPattern.of(command.reference() + pattern));
        }
        MailboxTree tree = MailboxTree.of(context.mailboxes());
        for (String name : tree.names()) {
            if (patterns.stream().anyMatch(pattern -> pattern.matches(name))) {
                listed(command, tree, name);
            }
        }
        return StatusResponse.ok("LIST completed");
    }

    private void listed(ImapCommand.ListMailboxes command, MailboxTree tree, String name) throws StoreException, IOException {
        Set<ListOptions.Select> select = command.select();
        Optional<MailboxInfo> info = tree.find(name);
        boolean bySubscription = select.contains(ListOptions.Select.SUBSCRIBED);
        boolean chosen = bySubscription ? tree.isSubscribed(name) : tree.isListed(name);
        if (select.contains(ListOptions.Select.SPECIAL_USE)) {
            chosen &= info.flatMap(MailboxInfo::use).isPresent(); // RFC 6154 §4
        }
        boolean childInfo = select.contains(ListOptions.Select.RECURSIVEMATCH) && tree.hasSubscribedBelow(name);
        if (!chosen && !childInfo) {
            return;
        }
        List<String> attributes = attributes(tree, name, info);
        boolean tellsSubscribed = bySubscription || command.returns().contains(ListOptions.Return.SUBSCRIBED);
        if (tellsSubscribed && tree.isSubscribed(name)) {
            attributes.add("\\Subscribed"); // RFC 9051 §6.3.9.1
        }
        line("LIST", name, attributes, childInfo);
        if (info.isPresent()) {
            returned(command, info.get());
        }
    }

    private static List<String> attributes(MailboxTree tree, String name, Optional<MailboxInfo> info) {
        List<String> attributes = new ArrayList<>();
        if (info.isEmpty()) {
            attributes.add("\\NonExistent");
            attributes.add("\\Noselect"); // for clients of RFC 3501, who do not know the other
        }
        attributes.add(tree.hasChildren(name) ? "\\HasChildren" : "\\HasNoChildren"); // RFC 9051 §7.3.1
        info.flatMap(MailboxInfo::use).map(SpecialUse::attribute).ifPresent(attributes::add);
        return attributes;
    }

    /** What RETURN asks for beside the LIST response. */
    private void returned(ImapCommand.ListMailboxes command, MailboxInfo info) throws StoreException, IOException {
        if (command.returns().contains(ListOptions.Return.MYRIGHTS)) {
            new AclCommand(context).writeMine(info); // RFC 8440 §3
        }
        boolean readable = context.mail().may(info.id(), Right.READ);
        if (!command.status().isEmpty() && readable) {
            new StatusCommand(context).write(info, command.status()); // RFC 5819 §2
        }
        if (!command.metadata().isEmpty() && readable) {
            new MetadataCommand(context).write(Optional.of(info), command.metadata()); // RFC 9590 §3
        }
    }

    /** RFC 3501 §6.3.9: where {@code %} ends above a subscribed name, that stands for it as \Noselect. */
    StatusResponse lsub(ImapCommand.Lsub command) throws StoreException, IOException {
        MailboxPattern wanted = MailboxPattern.of(command.reference() + command.pattern());
        MailboxTree tree = MailboxTree.of(context.mailboxes());
        for (String name : tree.names()) {
            if (!wanted.matches(name)) {
                continue;
            }
            if (tree.isSubscribed(name)) {
                line("LSUB", name, List.of(), false);
            } else if (command.pattern().endsWith("%") && tree.hasSubscribedBelow(name)) {
                line("LSUB", name, List.of("\\Noselect"), false);
            }
        }
        return StatusResponse.ok("LSUB completed");
    }

    /** A name that is another, new or gone, for NOTIFY (RFC 5465 §5.4, §5.5). */
    void changed(MailboxTree tree, String name, Optional<String> oldName) throws IOException {
        List<String> attributes = attributes(tree, name, tree.find(name));
        if (tree.isSubscribed(name)) {
            attributes.add("\\Subscribed");
        }
        begin("LIST", name, attributes);
        if (oldName.isPresent()) {
            out.ascii(" (\"OLDNAME\" (").mailbox(oldName.get()).ascii("))"); // RFC 9051 §6.3.9.7
        }
        out.crlf();
    }

    private void line(String response, String name, List<String> attributes, boolean childInfo) throws IOException {
        begin(response, name, attributes);
        if (childInfo) {
            out.ascii(" (\"CHILDINFO\" (\"SUBSCRIBED\"))"); // RFC 9051 §6.3.9.6
        }
        out.crlf();
    }

    private void begin(String response, String name, List<String> attributes) throws IOException {
        out.begin(response).space().flags(attributes).ascii(" \"/\" ").mailbox(name);
    }
}
