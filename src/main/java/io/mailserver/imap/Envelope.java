package io.mailserver.imap;

import io.mailserver.base.Domain;
import io.mailserver.mime.AddressList;
import io.mailserver.mime.EncodedWords;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.mime.HeaderText;
import io.mailserver.mime.MailAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ENVELOPE of a message (RFC 9051 §7.5.2), rendered once when it is stored. Pure; safe for any thread. */
public final class Envelope {
    /** What an opaque message inside a message has. */
    static final String UNKNOWN = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)";

    private Envelope() {}

    /** The envelope in the form that {@link ImapWriter#rendered} takes. */
    public static byte[] render(HeaderBlock header) {
        RenderedOctets out = new RenderedOctets();
        render(header, out);
        return out.toOctets();
    }

    static void render(HeaderBlock header, RenderedOctets out) {
        AddressList from = AddressList.of(header, "From");
        out.ascii("(").text(value(header, "Date"));
        out.ascii(" ").text(value(header, "Subject"));
        addresses(from, out);
        addresses(orElse(AddressList.of(header, "Sender"), from), out);
        addresses(orElse(AddressList.of(header, "Reply-To"), from), out);
        addresses(AddressList.of(header, "To"), out);
        addresses(AddressList.of(header, "Cc"), out);
        addresses(AddressList.of(header, "Bcc"), out);
        out.ascii(" ").text(value(header, "In-Reply-To"));
        out.ascii(" ").text(value(header, "Message-ID")).ascii(")");
    }

    /** RFC 9051 §7.5.2: a Sender or Reply-To that is missing or empty is the From. */
    private static AddressList orElse(AddressList list, AddressList from) {
        return list.isEmpty() ? from : list;
    }

    private static @Nullable String value(HeaderBlock header, String name) {
        Optional<HeaderField> field = header.first(name);
        return field.isPresent() ? HeaderText.raw(field.get()) : null;
    }

    private static void addresses(AddressList list, RenderedOctets out) {
        out.ascii(" ");
        if (list.isEmpty()) {
            out.ascii("NIL");
            return;
        }
        out.ascii("(");
        for (MailAddress entry : list.entries()) {
            switch (entry) {
                case MailAddress.Mailbox mailbox -> mailbox(mailbox, out);
                case MailAddress.Group group -> group(group.name(), group.members(), out);
            }
        }
        out.ascii(")");
    }

    /** A group begins with an address whose host is NIL, and ends with one that is nothing but NIL. */
    private static void group(String name, List<MailAddress.Mailbox> members, RenderedOctets out) {
        out.ascii("(NIL NIL ").text(name).ascii(" NIL)");
        for (MailAddress.Mailbox member : members) {
            mailbox(member, out);
        }
        out.ascii("(NIL NIL NIL NIL)");
    }

    private static void mailbox(MailAddress.Mailbox mailbox, RenderedOctets out) {
        out.ascii("(").text(orNull(mailbox.name()));
        out.ascii(" ").text(orNull(mailbox.route()));
        // Neither may be NIL, which would make it the beginning or the end of a group.
        out.ascii(" ").text(mailbox.localPart()).ascii(" ");
        host(mailbox.domain(), out);
        out.ascii(")");
    }

    /** With A-labels for clients without UTF-8: other forms would be no domain. */
    private static void host(String domain, RenderedOctets out) {
        if (RenderedOctets.isAscii(domain)) {
            out.text(domain);
        } else {
            String ascii = Domain.parse(domain).map(Domain::ascii).orElseGet(() -> EncodedWords.encode(domain));
            out.string(ascii, domain);
        }
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
