package io.mailserver.jmap;

import io.mailserver.base.Content;
import io.mailserver.base.ContentWriter;
import io.mailserver.config.SmtpConfig;
import io.mailserver.mime.AddressList;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.mime.MailAddress;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Handling;
import io.mailserver.smtp.HandlingRules;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import io.mailserver.smtp.SmtpCommand;
import io.mailserver.store.EmailId;
import io.mailserver.store.MessageContent;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends a stored message as its user would by SMTP submission: the same checks of sender and recipients, the same limits, signatures and
 * queue. Bcc goes to nobody (RFC 8621 §7.5). Safe for use by any thread.
 */
final class Outgoing {
    private static final int ID_OCTETS = 8;
    private static final int COPY_OCTETS = 16 << 10;
    private static final byte[] END_OF_HEADER = {'\r', '\n'};
    private static final Set<String> BLIND = Set.of("bcc", "resent-bcc");

    private final SendingServices sending;
    private final SecureRandom random = new SecureRandom();

    Outgoing(SendingServices sending) {
        this.sending = sending;
    }

    /**
     * A message that is on its way.
     *
     * @param traceId of its transaction, in the log, in Received and in the queue
     * @param envelope as JMAP shows it
     * @param at when it is let go
     * @param held whether it waits for that
     */
    record Sent(String traceId, ObjectNode envelope, Instant at, boolean held) {}

    /** Blocks until the message is durable in the queue and in all mailboxes here. */
    Sent send(JmapAccount account, EmailId email, ObjectNode identity, JsonNode given) throws SetException, StoreException {
        try (MessageContent stored = account.emails().content(email)) {
            return send(account, stored, identity, given);
        } catch (IOException e) {
            throw new StoreException(StoreException.Cause.UNAVAILABLE, "the message cannot be read now", e);
        }
    }

    private Sent send(JmapAccount account, MessageContent stored, ObjectNode identity, JsonNode given)
            throws SetException, IOException {
        SmtpConfig limits = sending.limits().get();
        if (stored.size() > limits.maxMessageSize().octets()) {
            throw new SetException("tooLarge", "the message is too large").with("maxSize", limits.maxMessageSize().octets());
        }
        try (InputStream in = stored.open(0, stored.size()); ContentWriter writer = sending.spool().newContent()) {
            HeaderBlock.Split message = HeaderBlock.split(in, HeaderBlock.Limits.DEFAULTS);
            if (message.header().truncated()) {
                throw new SetException("invalidEmail", "the header is too large").with("properties", List.of("headers"));
            }
            ObjectNode envelope = given.isObject() ? given.asObject().deepCopy() : derived(message.header(), identity, account);
            boolean eightBit = copyWithoutBlind(message, writer);
            Envelope transaction = transaction(account, envelope, limits, eightBit);
            try (Content content = writer.finish()) {
                Reply reply = sending.intake().deliver(transaction, content);
                if (!reply.isPositive()) {
                    throw refused(reply, "forbiddenFrom");
                }
            }
            Instant now = account.services().time().now();
            Optional<Instant> release = transaction.parameters().handling().release().map(each -> each.at(now)).filter(now::isBefore);
            return new Sent(transaction.messageId(), envelope, release.orElse(now), release.isPresent());
        }
    }

    /** RFC 8621 §7: Sender or else From, unless the identity may not use it; everybody in To, Cc and Bcc once. */
    private ObjectNode derived(HeaderBlock header, ObjectNode identity, JmapAccount account) throws SetException {
        List<MailAddress.Mailbox> sender = AddressList.of(header, "Sender").mailboxes();
        List<MailAddress.Mailbox> from = sender.isEmpty() ? AddressList.of(header, "From").mailboxes() : sender;
        if (from.size() > 1) {
            throw new SetException("invalidEmail", "there is more than one author, and none is named as its sender")
                    .with("properties", List.of("from", "sender"));
        }
        String own = identity.path("email").stringValue("");
        String author = from.isEmpty() ? own : from.getFirst().address();
        boolean mayUse = SmtpPath.sender(SmtpPath.address(author)).flatMap(SmtpCommand.Mail::reversePath)
                .filter(address -> sending.intake().refuseSender(empty(account, "", address, MailParameters.NONE)).isEmpty())
                .isPresent();
        ObjectNode envelope = Json.object();
        envelope.set("mailFrom", SmtpPath.address(mayUse ? author : own).putNull("parameters"));
        ArrayNode recipients = envelope.putArray("rcptTo");
        Map<String, String> once = new LinkedHashMap<>();
        for (String field : List.of("To", "Cc", "Bcc")) {
            AddressList.of(header, field).mailboxes().forEach(mailbox -> once.putIfAbsent(mailbox.address(), mailbox.address()));
        }
        once.keySet().forEach(address -> recipients.add(SmtpPath.address(address).putNull("parameters")));
        return envelope;
    }

    private Envelope transaction(JmapAccount account, ObjectNode envelope, SmtpConfig limits, boolean eightBit) throws SetException {
        SmtpCommand.Mail mail = envelope.path("mailFrom").asObjectOpt().flatMap(SmtpPath::sender)
                .orElseThrow(() -> SetException.invalidProperties("mailFrom or one of its parameters is not valid", "envelope"));
        Address sender = mail.reversePath().orElseThrow(() -> new SetException("forbiddenMailFrom", "an address is needed"));
        List<Recipient> recipients = recipients(envelope.path("rcptTo"), limits);
        MailParameters asked = mail.parameters();
        boolean utf8 = asked.smtputf8() || !isAscii(sender) || recipients.stream().anyMatch(each -> !isAscii(each.address()));
        MailParameters parameters = new MailParameters(
                OptionalLong.empty(), eightBit ? MailParameters.Body.EIGHT_BIT_MIME : MailParameters.Body.SEVEN_BIT, utf8, asked.ret(),
                asked.envid(), Optional.empty(), handling(account, asked.handling(), limits));
        Envelope transaction = empty(account, newId(), sender, parameters);
        Optional<Reply> refusal = sending.intake().refuseSender(transaction);
        if (refusal.isPresent()) {
            throw refused(refusal.get(), "forbiddenMailFrom");
        }
        List<String> invalid = new ArrayList<>();
        String why = "";
        for (Recipient recipient : recipients) {
            Optional<Reply> reply = sending.intake().refuseRecipient(transaction, recipient.address());
            if (reply.isPresent() && !reply.get().isPermanent()) {
                throw refused(reply.get(), "forbiddenToSend");
            }
            if (reply.isPresent()) {
                invalid.add(recipient.address().toString());
                why = why.isEmpty() ? String.join(" ", reply.get().lines()) : why;
            }
            transaction = transaction.with(recipient);
        }
        if (!invalid.isEmpty()) {
            throw new SetException("invalidRecipients", why).with("invalidRecipients", invalid);
        }
        return transaction;
    }

    private static List<Recipient> recipients(JsonNode given, SmtpConfig limits) throws SetException {
        if (!given.isArray() || given.isEmpty()) {
            throw new SetException("noRecipients", "");
        }
        if (given.size() > limits.maxRecipients()) {
            throw new SetException("tooManyRecipients", "").with("maxRecipients", limits.maxRecipients());
        }
        List<Recipient> recipients = new ArrayList<>();
        List<String> invalid = new ArrayList<>();
        for (JsonNode each : given) {
            Optional<Recipient> recipient = each.asObjectOpt().flatMap(SmtpPath::recipient).map(SmtpCommand.Rcpt::recipient);
            recipient.ifPresentOrElse(recipients::add, () -> invalid.add(each.path("email").stringValue("")));
        }
        if (!invalid.isEmpty()) {
            throw new SetException("invalidRecipients", "not an address").with("invalidRecipients", invalid);
        }
        return recipients;
    }

    /** The same rules as for SMTP; a time that has passed means at once. */
    private static Handling handling(JmapAccount account, Handling asked, SmtpConfig limits) throws SetException {
        Instant now = account.services().time().now();
        HandlingRules rules = new HandlingRules(limits.maxHold(), limits.minDeliverBy(), limits.maxPriority(), now);
        Handling wanted = asked.with(asked.release().filter(release -> now.isBefore(release.at(now))));
        Optional<Reply> refusal = rules.refusal(wanted);
        if (refusal.isPresent()) {
            throw SetException.invalidProperties(String.join(" ", refusal.get().lines()), "envelope");
        }
        return rules.settled(wanted);
    }

    private static Envelope empty(JmapAccount account, String id, Address sender, MailParameters parameters) {
        Client client = Client.connected(id, Client.Service.SUBMISSION, InetAddress.getLoopbackAddress(), 0, 0)
                .greeted("jmap", true)
                .loggedIn(account.exchange().user().name());
        return new Envelope(id, client, Optional.of(sender), parameters, List.of());
    }

    private String newId() {
        byte[] octets = new byte[ID_OCTETS];
        random.nextBytes(octets);
        return "j" + HexFormat.of().formatHex(octets);
    }

    private static boolean isAscii(Address address) {
        return address.toString().chars().allMatch(c -> c < 0x80);
    }

    /** What the intake says, as errors of RFC 8621 §7.5; {@code usual} for a sender that is another's. */
    private static SetException refused(Reply reply, String usual) {
        String text = reply.code() + " " + String.join(" ", reply.lines());
        if (!reply.isPermanent()) {
            return new SetException("forbiddenToSend", text);
        }
        String status = String.valueOf(reply.status());
        if (status.startsWith("5.6.")) {
            return new SetException("invalidEmail", text).with("properties", List.of("from"));
        }
        return new SetException(status.startsWith("5.7.") ? usual : "forbiddenToSend", text);
    }

    /** Whether an octet above 127 is in it. */
    private static boolean copyWithoutBlind(HeaderBlock.Split message, ContentWriter writer) throws IOException {
        byte[] header = message.header().octets();
        Scan scan = new Scan(writer);
        int at = 0;
        for (HeaderField field : message.header().fields()) {
            if (BLIND.contains(field.lowerName())) {
                scan.write(header, at, field.start() - at);
                at = field.end();
            }
        }
        scan.write(header, at, header.length - at);
        scan.write(END_OF_HEADER, 0, END_OF_HEADER.length);
        byte[] buffer = new byte[COPY_OCTETS];
        for (int read = message.body().read(buffer); read >= 0; read = message.body().read(buffer)) {
            scan.write(buffer, 0, read);
        }
        return scan.eightBit;
    }

    private static final class Scan extends OutputStream {
        private final ContentWriter writer;
        private boolean eightBit;

        Scan(ContentWriter writer) {
            this.writer = writer;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length && !eightBit; i++) {
                eightBit = octets[i] < 0;
            }
            writer.write(octets, offset, length);
        }
    }
}
