package io.mailserver.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses of a From, To, Cc, Bcc, Sender or Reply-To field (RFC 5322 §3.4 with the obsolete forms of §4.4 and what else is met:
 * missing quotes, brackets and commas, semicolons for commas). Immutable.
 *
 * @param entries mailboxes and groups in order; at most {@value #MAX_MAILBOXES} mailboxes
 */
public record AddressList(List<MailAddress> entries) {
    static final int MAX_MAILBOXES = 10_000;
    /** No address. */
    public static final AddressList EMPTY = new AddressList(List.of());

    public AddressList {
        entries = List.copyOf(entries);
    }

    /** The addresses of a field. */
    public static AddressList parse(HeaderField field) {
        return parse(HeaderText.raw(field));
    }

    /** The addresses of all fields of a name in one list, as RFC 5322 §3.6 has one field only, but mail has more. */
    public static AddressList of(HeaderBlock header, String name) {
        List<HeaderField> fields = header.all(name);
        if (fields.size() == 1) {
            return parse(fields.getFirst());
        }
        return new AddressList(fields.stream().flatMap(field -> parse(field).entries.stream()).limit(MAX_MAILBOXES).toList());
    }

    /** The addresses in an unfolded value. */
    public static AddressList parse(String value) {
        return new AddressList(new AddressParser(value).list());
    }

    /** All mailboxes, those in groups too. */
    public List<MailAddress.Mailbox> mailboxes() {
        List<MailAddress.Mailbox> all = new ArrayList<>();
        for (MailAddress entry : entries) {
            switch (entry) {
                case MailAddress.Mailbox mailbox -> all.add(mailbox);
                case MailAddress.Group group -> all.addAll(group.members());
            }
        }
        return all;
    }

    /** All as a stream of {@code local@domain}. */
    public Stream<String> addresses() {
        return mailboxes().stream().map(MailAddress.Mailbox::address);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }
}
