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
import java.util.Set;

/** Completes a submitted message (RFC 6409 §8) and says who its authors are. */
public final class FixUps {
    /** RFC 5322 §3.3. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private FixUps() {}

    /**
     * What the server knows of a message.
     *
     * @param author for a message without From
     * @param sender whom Sender is to name instead of whom it names; empty to leave the field as it is (RFC 6409 §8.1)
     * @param id unique, to make a Message-ID of
     * @param hostname of this server
     */
    public record Known(Optional<Address> author, Optional<Address> sender, String id, String hostname, Instant now) {}

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
     * Message-ID, and with the Sender it should have.
     *
     * @param header all of it: a message with a header beyond the limits is refused before
     * @param content outlives what is returned
     */
    public static Content of(HeaderBlock header, Content content, Known known) {
        ByteArrayOutputStream head = new ByteArrayOutputStream(header.length() + 256);
        StringBuilder missing = missing(header, known);
        Set<String> unwanted = known.sender().isPresent() ? Set.of("bcc", "resent-bcc", "sender") : Set.of("bcc", "resent-bcc");
        if (missing.isEmpty() && header.fields().stream().noneMatch(field -> unwanted.contains(field.lowerName()))) {
            return content;
        }
        head.writeBytes(missing.toString().getBytes(StandardCharsets.UTF_8));
        byte[] octets = header.octets();
        int at = 0;
        for (HeaderField field : header.fields()) {
            if (unwanted.contains(field.lowerName())) {
                head.write(octets, at, field.start() - at);
                at = field.end();
            }
        }
        head.write(octets, at, octets.length - at);
        return new SplicedContent(head.toByteArray(), content, octets.length, 0);
    }

    private static StringBuilder missing(HeaderBlock header, Known known) {
        StringBuilder missing = new StringBuilder();
        if (header.first("From").isEmpty() && known.author().isPresent()) {
            missing.append("From: <").append(known.author().get()).append(">\r\n");
        }
        known.sender().ifPresent(sender -> missing.append("Sender: <").append(sender).append(">\r\n"));
        if (header.first("Date").isEmpty()) {
            missing.append("Date: ").append(DATE.format(known.now().atZone(ZoneOffset.UTC))).append("\r\n");
        }
        if (header.first("Message-ID").isEmpty()) {
            String unique = known.id() + "." + known.now().getEpochSecond() + "@" + known.hostname();
            missing.append("Message-ID: <").append(unique).append(">\r\n");
        }
        return missing;
    }
}
