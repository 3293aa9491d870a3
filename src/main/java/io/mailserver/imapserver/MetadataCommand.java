package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.Octets;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.ResponseCode.WithNumber.Name;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** GETMETADATA and SETMETADATA (RFC 5464 §4), of mailboxes and, under the empty name, of the account. */
final class MetadataCommand {
    /** Of one value: a note, a colour, a small picture. */
    private static final int MAX_VALUE_OCTETS = 64 << 10;

    /** Of one mailbox, or of the account. */
    private static final int MAX_ENTRIES = 100;

    private final SessionContext context;
    private final ImapWriter out;

    MetadataCommand(SessionContext context) {
        this.context = context;
        this.out = context.out();
    }

    StatusResponse get(ImapCommand.GetMetadata command) throws StoreException, IOException {
        Optional<MailboxInfo> mailbox = find(command.mailbox());
        if (mailbox.isEmpty() && !command.mailbox().isEmpty()) {
            return Refusals.NO_SUCH_MAILBOX;
        }
        Map<String, Optional<byte[]>> values = new LinkedHashMap<>();
        for (String entry : command.entries()) {
            values.putAll(values(mailbox.map(MailboxInfo::id), entry, command.depth()));
        }
        long most = command.maxSize().orElse(Long.MAX_VALUE);
        long longest = values.values().stream().flatMap(Optional::stream).mapToLong(value -> value.length).filter(size -> size > most)
                .max().orElse(0);
        values.values().removeIf(value -> value.isPresent() && value.get().length > most);
        write(mailbox, values);
        return longest > 0
                ? StatusResponse.ok(new ResponseCode.WithNumber(Name.METADATA_LONGENTRIES, longest), "Some values are longer")
                : StatusResponse.ok("GETMETADATA completed");
    }

    /** An entry, with those below it as deep as asked; an entry asked for that has no value is NIL (RFC 5464 §4.4.1). */
    private Map<String, Optional<byte[]>> values(Optional<MailboxId> mailbox, String entry, int depth) throws StoreException {
        Map<String, Optional<byte[]>> values = new TreeMap<>();
        values.put(entry, Optional.empty());
        for (Map.Entry<String, byte[]> stored : context.mailboxes().metadata(mailbox, entry).entrySet()) {
            String name = stored.getKey();
            String rest = name.length() > entry.length() ? name.substring(entry.length() + 1) : "";
            boolean wanted = rest.isEmpty() || depth == Integer.MAX_VALUE || (depth == 1 && rest.indexOf('/') < 0);
            if (wanted) {
                values.put(name, Optional.of(stored.getValue()));
            }
        }
        return values;
    }

    /** One METADATA response with these entries, for LIST. */
    void write(Optional<MailboxInfo> mailbox, List<String> entries) throws StoreException, IOException {
        Map<String, Optional<byte[]>> values = new LinkedHashMap<>();
        for (String entry : entries) {
            values.putAll(values(mailbox.map(MailboxInfo::id), entry, 0));
        }
        write(mailbox, values);
    }

    private void write(Optional<MailboxInfo> mailbox, Map<String, Optional<byte[]>> values) throws IOException {
        if (values.isEmpty()) {
            return;
        }
        out.begin("METADATA").space();
        mailboxName(mailbox);
        out.space().open();
        boolean first = true;
        for (Map.Entry<String, Optional<byte[]>> value : values.entrySet()) {
            if (!first) {
                out.space();
            }
            first = false;
            out.astring(value.getKey()).space();
            value(value.getValue());
        }
        out.close().crlf();
    }

    /** RFC 5464 §4.4.2: that these entries have changed. */
    void writeNames(Optional<MailboxInfo> mailbox, Set<String> names) throws IOException {
        out.begin("METADATA").space();
        mailboxName(mailbox);
        for (String name : names) {
            out.space().astring(name);
        }
        out.crlf();
    }

    private void mailboxName(Optional<MailboxInfo> mailbox) throws IOException {
        if (mailbox.isPresent()) {
            out.mailbox(mailbox.get().name().text());
        } else {
            out.ascii("\"\"");
        }
    }

    private void value(Optional<byte[]> value) throws IOException {
        if (value.isEmpty()) {
            out.nil();
        } else if (holdsNul(value.get())) {
            out.literal8(value.get().length).octets(value.get()); // RFC 5464 §5
        } else {
            out.string(value.get());
        }
    }

    private static boolean holdsNul(byte[] octets) {
        for (byte octet : octets) {
            if (octet == 0) {
                return true;
            }
        }
        return false;
    }

    StatusResponse set(ImapCommand.SetMetadata command) throws StoreException {
        Optional<MailboxInfo> mailbox = find(command.mailbox());
        if (mailbox.isEmpty() && !command.mailbox().isEmpty()) {
            return Refusals.NO_SUCH_MAILBOX;
        }
        Map<String, Optional<byte[]>> changes = new LinkedHashMap<>();
        for (ImapCommand.SetMetadata.Entry entry : command.entries()) {
            if (entry.value().filter(value -> value.size() > MAX_VALUE_OCTETS).isPresent()) {
                return StatusResponse.no(
                        new ResponseCode.WithNumber(Name.METADATA_MAXSIZE, MAX_VALUE_OCTETS),
                        "A value has at most " + MAX_VALUE_OCTETS + " octets");
            }
            changes.put(entry.name(), entry.value().map(Octets::toArray));
        }
        Optional<MailboxId> id = mailbox.map(MailboxInfo::id);
        Map<String, byte[]> after = new TreeMap<>(context.mailboxes().metadata(id, "/"));
        changes.forEach((name, value) -> value.ifPresentOrElse(octets -> after.put(name, octets), () -> after.remove(name)));
        if (after.size() > MAX_ENTRIES) {
            return StatusResponse.no(ResponseCode.Metadata.TOOMANY, "There are at most " + MAX_ENTRIES + " entries here");
        }
        context.mailboxes().setMetadata(id, changes);
        return StatusResponse.ok("SETMETADATA completed");
    }

    private Optional<MailboxInfo> find(String mailbox) throws StoreException {
        return mailbox.isEmpty() ? Optional.empty() : context.mailboxes().find(MailboxName.of(mailbox));
    }
}
