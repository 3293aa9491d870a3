package io.mailserver.dsn;

import io.mailserver.smtp.Address;
import io.mailserver.smtp.MailParameters.Ret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A notice about one message, for some of its recipients, all with the same action.
 *
 * @param hostname of this server, the reporting one
 * @param sender whom it is for: the message's reverse-path
 * @param messageId of the notice, without angle brackets
 * @param queueId what the message was called here
 * @param envid ENVID of the message (RFC 3461 §4.4)
 * @param arrived when the message came
 * @param now the date of the notice
 * @param recipients at least one
 * @param ret what of the message the sender wants back (RFC 3461 §4.3); without a wish the header
 * @param original the message, as much as is to be returned at most: its header at least
 * @param originalIsWhole whether {@code original} is all of it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DeliveryNotice(
        String hostname,
        Address sender,
        String messageId,
        String queueId,
        Optional<String> envid,
        Instant arrived,
        Instant now,
        List<RecipientNotice> recipients,
        Optional<Ret> ret,
        byte[] original,
        boolean originalIsWhole) {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);
    private static final DateTimeFormatter FOR_PEOPLE = DateTimeFormatter.ofPattern("EEEE, d MMMM yyyy HH:mm 'UTC'", Locale.ENGLISH);
    private static final int WRAP = 76;

    public DeliveryNotice {
        recipients = List.copyOf(recipients);
    }

    /** The message as octets, with CRLF line ends. */
    public byte[] toMessage() {
        boolean international = isInternational();
        String boundary = "=_" + messageId.replaceAll("[^A-Za-z0-9]", "");
        boolean whole = ret.filter(wish -> wish == Ret.FULL).isPresent() && originalIsWhole;
        byte[] returned = whole ? original : headerOf(original);
        boolean eightBit = international || hasEightBits(returned);
        StringBuilder text = new StringBuilder(2048);
        header(text, boundary, eightBit);
        text.append("--").append(boundary).append("\r\n");
        text.append("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ")
                .append(international ? "8bit" : "7bit").append("\r\n\r\n");
        explain(text, whole);
        text.append("\r\n--").append(boundary).append("\r\n");
        // RFC 6533 §3: a name of its own where addresses are not US-ASCII.
        text.append("Content-Type: message/").append(international ? "global-" : "").append("delivery-status\r\n");
        text.append(international ? "Content-Transfer-Encoding: 8bit\r\n\r\n" : "\r\n");
        status(text, international);
        text.append("\r\n--").append(boundary).append("\r\n");
        boolean globalHeader = hasEightBits(headerOf(returned));
        text.append("Content-Type: ").append(typeOfOriginal(whole, globalHeader)).append("\r\n");
        text.append(hasEightBits(returned) ? "Content-Transfer-Encoding: 8bit\r\n\r\n" : "\r\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + returned.length + 100);
        out.writeBytes(text.toString().getBytes(StandardCharsets.UTF_8));
        out.writeBytes(returned);
        out.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static String typeOfOriginal(boolean whole, boolean globalHeader) {
        if (whole) {
            return globalHeader ? "message/global" : "message/rfc822";
        }
        return globalHeader ? "message/global-headers" : "text/rfc822-headers"; // RFC 6522 §4, RFC 6533 §4.3
    }

    /** Whether an address that the notice names is not US-ASCII, so that it must go as SMTPUTF8. */
    public boolean isInternational() {
        return !isAscii(sender.toString())
                || recipients.stream().anyMatch(one -> !isAscii(one.address().toString())
                        || !isAscii(one.original().orElse("")) || !isAscii(one.remoteReply()));
    }

    private void header(StringBuilder text, String boundary, boolean eightBit) {
        ZonedDateTime date = now.atZone(ZoneOffset.UTC);
        text.append("From: Mail Delivery System <postmaster@").append(hostname).append(">\r\n");
        text.append("To: <").append(sender).append(">\r\n");
        text.append("Subject: ").append(subject()).append("\r\n");
        text.append("Date: ").append(DATE.format(date)).append("\r\n");
        text.append("Message-ID: <").append(messageId).append(">\r\n");
        text.append("Auto-Submitted: auto-replied\r\n"); // RFC 3834 §5
        text.append("MIME-Version: 1.0\r\n");
        String type = isInternational() ? "global-delivery-status" : "delivery-status";
        text.append("Content-Type: multipart/report; report-type=").append(type).append(";\r\n");
        text.append("\tboundary=\"").append(boundary).append("\"\r\n");
        if (eightBit) {
            text.append("Content-Transfer-Encoding: 8bit\r\n");
        }
        text.append("\r\nThis is a report in MIME format.\r\n\r\n");
    }

    private String subject() {
        String about = recipients.size() == 1 && isAscii(recipients.getFirst().address().toString())
                ? " to " + recipients.getFirst().address()
                : "";
        return switch (recipients.getFirst().action()) {
            case FAILED -> "Not delivered: your message" + about;
            case DELAYED -> "Delayed: your message" + about;
            case DELIVERED, RELAYED -> "Delivered: your message" + about;
            case EXPANDED -> "Passed on: your message" + about;
        };
    }

    private void explain(StringBuilder text, boolean whole) {
        String date = FOR_PEOPLE.format(arrived.atZone(ZoneOffset.UTC));
        switch (recipients.getFirst().action()) {
            case FAILED -> wrapped(text, "Your message of " + date + " could not be delivered to:");
            case DELAYED -> wrapped(text, "Your message of " + date + " has not been delivered yet to the recipients below. You need "
                    + "not do anything: it is tried on" + recipients.getFirst().retryUntil()
                            .map(until -> " until " + FOR_PEOPLE.format(until.atZone(ZoneOffset.UTC))).orElse("") + ".");
            case DELIVERED -> wrapped(text, "Your message of " + date + " was delivered to:");
            case EXPANDED -> wrapped(text, "Your message of " + date + " was passed on to several others, as is done with all mail for the "
                    + "addresses below. There will be no further word of success:");
            case RELAYED -> wrapped(text, "Your message of " + date + " was handed on to a server that sends no receipts, for:");
        }
        for (RecipientNotice one : recipients) {
            text.append("\r\n  ").append(one.address()).append("\r\n");
            if (one.action() == RecipientNotice.Action.FAILED || one.action() == RecipientNotice.Action.DELAYED) {
                wrapped(text, Explanation.of(one));
                String who = one.remoteHost().map(host -> (one.fromServer() ? "The words of " : "About ") + host + ": ").orElse("");
                wrapped(text, who + one.remoteReply());
            }
        }
        text.append("\r\n");
        wrapped(text, (whole ? "Your message" : "The header of your message") + " is attached. This server calls it " + queueId + ".");
    }

    private static void wrapped(StringBuilder text, String paragraph) {
        int column = 0;
        for (String word : paragraph.split(" +", -1)) {
            // A word may be as long as a reply's line; the line stays below what SMTP allows all the same.
            if (column > 0 && column + 1 + word.length() > WRAP) {
                text.append("\r\n");
                column = 0;
            } else if (column > 0) {
                text.append(' ');
                column++;
            }
            text.append(word, 0, Math.min(word.length(), 900));
            column += word.length();
        }
        text.append("\r\n");
    }

    private void status(StringBuilder text, boolean international) {
        envid.ifPresent(id -> text.append("Original-Envelope-Id: ").append(ascii(id)).append("\r\n"));
        text.append("Reporting-MTA: dns; ").append(hostname).append("\r\n");
        text.append("Arrival-Date: ").append(DATE.format(arrived.atZone(ZoneOffset.UTC))).append("\r\n");
        String type = international ? "utf-8" : "rfc822";
        for (RecipientNotice one : recipients) {
            text.append("\r\n");
            one.original().ifPresent(original -> text.append("Original-Recipient: ").append(original).append("\r\n"));
            text.append("Final-Recipient: ").append(type).append("; ").append(one.address()).append("\r\n");
            text.append("Action: ").append(one.action().word()).append("\r\n");
            text.append("Status: ").append(one.status()).append("\r\n");
            one.remoteHost().ifPresent(host -> text.append("Remote-MTA: dns; ").append(host).append("\r\n"));
            if (one.fromServer()) {
                text.append("Diagnostic-Code: smtp; ").append(folded(one.remoteReply())).append("\r\n");
            }
            one.retryUntil().ifPresent(until ->
                    text.append("Will-Retry-Until: ").append(DATE.format(until.atZone(ZoneOffset.UTC))).append("\r\n"));
        }
    }

    private static String folded(String reply) {
        StringBuilder lines = new StringBuilder();
        int column = 24;
        for (String word : reply.split(" +", -1)) {
            if (!lines.isEmpty()) {
                boolean wrap = column + 1 + word.length() > WRAP;
                lines.append(wrap ? "\r\n " : " ");
                column = wrap ? 1 : column + 1;
            }
            lines.append(word, 0, Math.min(word.length(), 900));
            column += word.length();
        }
        return lines.toString();
    }

    private static byte[] headerOf(byte[] message) {
        for (int i = 0; i + 3 < message.length; i++) {
            if (message[i] == '\r' && message[i + 1] == '\n' && message[i + 2] == '\r' && message[i + 3] == '\n') {
                return Arrays.copyOf(message, i + 2);
            }
        }
        return message;
    }

    private static boolean hasEightBits(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static String ascii(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
