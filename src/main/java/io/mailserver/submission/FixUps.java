package io.mailserver.submission;

import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.SplicedContent;
import io.mailserver.mime.AddressList;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.mime.MailAddress;
import io.mailserver.smtp.Address;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Completes a submitted message (RFC 6409 §8) and says who its authors are. */
public final class FixUps {
    /** RFC 5322 §3.3. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private FixUps() {}

    /**
     * The addresses in From that a right to use them is needed for; empty where an entry is none or there is no field.
     */
    public static Optional<List<Address>> authors(HeaderBlock header) {
        List<HeaderField> from = header.all("From");
        List<MailAddress.Mailbox> mailboxes = AddressList.of(header, "From").mailboxes();
        if (from.isEmpty() || mailboxes.isEmpty()) {
            return Optional.empty();
        }
        List<Address> authors = new ArrayList<>(mailboxes.size());
        for (MailAddress.Mailbox mailbox : mailboxes) {
            Optional<Domain> domain = Domain.parse(mailbox.domain());
            if (domain.isEmpty() || mailbox.localPart().isEmpty()) {
                return Optional.empty();
            }
            authors.add(Address.of(mailbox.localPart(), domain.get()));
        }
        return Optional.of(authors);
    }

    /**
     * The message as it goes on: without Bcc (RFC 6409 §8.2 allows it, RFC 5322 §3.6.3 wants blind copies blind), with From, Date and
     * Message-ID.
     *
     * @param header all of it: a message with a header beyond the limits is refused before
     * @param content outlives what is returned
     * @param author for a message without From
     * @param id unique, to make a Message-ID of
     */
    public static Content of(HeaderBlock header, Content content, Optional<Address> author, String id, String hostname, Instant now) {
        ByteArrayOutputStream head = new ByteArrayOutputStream(header.length() + 256);
        StringBuilder missing = new StringBuilder();
        if (header.first("From").isEmpty() && author.isPresent()) {
            missing.append("From: <").append(author.get()).append(">\r\n");
        }
        if (header.first("Date").isEmpty()) {
            missing.append("Date: ").append(DATE.format(now.atZone(ZoneOffset.UTC))).append("\r\n");
        }
        if (header.first("Message-ID").isEmpty()) {
            String unique = id + "." + now.getEpochSecond() + "@" + hostname;
            missing.append("Message-ID: <").append(unique).append(">\r\n");
        }
        boolean hasBcc = header.first("Bcc").isPresent() || header.first("Resent-Bcc").isPresent();
        if (missing.isEmpty() && !hasBcc) {
            return content;
        }
        head.writeBytes(missing.toString().getBytes(StandardCharsets.UTF_8));
        byte[] octets = header.octets();
        int at = 0;
        for (HeaderField field : header.fields()) {
            if (field.is("Bcc") || field.is("Resent-Bcc")) {
                head.write(octets, at, field.start() - at);
                at = field.end();
            }
        }
        head.write(octets, at, octets.length - at);
        return new SplicedContent(head.toByteArray(), content, octets.length, 0);
    }
}
