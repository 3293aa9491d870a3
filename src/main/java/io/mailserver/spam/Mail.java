package io.mailserver.spam;

import io.mailserver.mime.AddressList;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.MailAddress;
import io.mailserver.mime.MimePart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A message as rules and the classifier look at it: decoded, and cut to a bounded size. Made by {@link MailReader}.
 *
 * @param author the first one
 * @param subject decoded
 * @param plain the text of all text/plain parts
 * @param text what people read, the subject included
 * @param html what HTML parts show
 * @param htmlOnly whether there is HTML and no plain text beside it
 * @param alternative whether plain text and HTML claim to be the same
 * @param oddCharset whether text names a charset that nobody knows
 * @param needlessBase64 whether plain ASCII text is hidden in base64
 * @param zeroWidth characters inside words that nobody sees
 * @param received when it came
 */
record Mail(
        HeaderBlock header,
        MimePart root,
        Optional<MailAddress.Mailbox> author,
        String subject,
        String plain,
        String text,
        Optional<HtmlText> html,
        boolean htmlOnly,
        boolean alternative,
        boolean oddCharset,
        boolean needlessBase64,
        int zeroWidth,
        List<Link> links,
        List<Attachment> attachments,
        Instant received) {
    Mail {
        links = List.copyOf(links);
        attachments = List.copyOf(attachments);
    }

    boolean has(String field) {
        return header.first(field).isPresent();
    }

    /** A field's value, unfolded; empty where it is missing. */
    String value(String field) {
        return header.first(field).map(found -> found.text().strip()).orElse("");
    }

    /** The domain of the first author, in lower case; empty if there is none. */
    String authorDomain() {
        return author().map(author -> author.domain().toLowerCase(Locale.ROOT)).orElse("");
    }

    /** Where answers go, if elsewhere. */
    Optional<MailAddress.Mailbox> replyTo() {
        return AddressList.of(header, "Reply-To").mailboxes().stream().findFirst();
    }

    List<MailAddress.Mailbox> addressees() {
        List<MailAddress.Mailbox> all = new ArrayList<>(AddressList.of(header, "To").mailboxes());
        all.addAll(AddressList.of(header, "Cc").mailboxes());
        return all;
    }
}
