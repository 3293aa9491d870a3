package io.mailserver.dsn;

import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.mime.MessageOctets;
import io.mailserver.mime.MimeParser;
import io.mailserver.mime.MimePart;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.Xtext;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What another server's notice says (RFC 3464 §2). Nothing of it is believed here.
 *
 * @param envelopeId Original-Envelope-Id, not longer than an ENVID can be
 * @param recipients what it says of each, at most {@link #MAX_RECIPIENTS}
 */
public record StatusReport(String envelopeId, List<Of> recipients) {
    static final int MAX_RECIPIENTS = 100;

    private static final long MAX_MESSAGE_OCTETS = 25L << 20;
    private static final int MAX_REPORT_OCTETS = 256 << 10;
    private static final int MAX_ID = 100;
    private static final int MAX_TEXT = 500;
    private static final HeaderBlock.Limits GROUP = new HeaderBlock.Limits(64 << 10, 200);
    private static final Pattern STATUS = Pattern.compile("([245])\\.([0-9]{1,3})\\.([0-9]{1,3})(?:\\s.*)?", Pattern.DOTALL);

    /** RFC 3464 §2.3.3. */
    public enum Action {
        FAILED,
        DELAYED,
        DELIVERED,
        RELAYED,
        EXPANDED
    }

    /**
     * What it says of one recipient.
     *
     * @param names the addresses that it may be about: Original-Recipient first, then Final-Recipient
     * @param reply the last server's words, or the status alone; printable ASCII, at most 500 characters
     */
    public record Of(List<Address> names, Action action, EnhancedStatus status, String reply) {
        public Of {
            names = List.copyOf(names);
        }
    }

    public StatusReport {
        recipients = List.copyOf(recipients);
    }

    /** The report in a message; empty where there is none that has an envelope's id and a recipient. */
    public static Optional<StatusReport> in(Content message) throws IOException {
        if (message.size() > MAX_MESSAGE_OCTETS) {
            return Optional.empty();
        }
        MimePart root = MimeParser.parse(message, MimeParser.Limits.DEFAULTS).root();
        if (!root.contentType().is("multipart", "report")) {
            return Optional.empty(); // RFC 6522 §3
        }
        for (MimePart part : root.children()) {
            boolean status = part.contentType().is("message", "delivery-status")
                    || part.contentType().is("message", "global-delivery-status"); // RFC 6533 §5
            if (status && part.bodyOctets() <= MAX_REPORT_OCTETS) {
                try (InputStream body = MessageOctets.of(message).decodedBody(part)) {
                    return of(body.readNBytes(MAX_REPORT_OCTETS));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<StatusReport> of(byte[] body) {
        List<HeaderBlock> groups = groups(body);
        Optional<String> id = groups.isEmpty() ? Optional.empty() : text(groups.getFirst(), "Original-Envelope-Id");
        List<Of> recipients = new ArrayList<>();
        for (HeaderBlock group : groups.subList(Math.min(1, groups.size()), Math.min(groups.size(), MAX_RECIPIENTS + 1))) {
            recipient(group).ifPresent(recipients::add);
        }
        return id.isEmpty() || id.get().isEmpty() || id.get().length() > MAX_ID || recipients.isEmpty()
                ? Optional.empty()
                : Optional.of(new StatusReport(id.get(), recipients));
    }

    /** Fields about the message, then about each recipient, with empty lines between (RFC 3464 §2.1). */
    private static List<HeaderBlock> groups(byte[] body) {
        List<HeaderBlock> groups = new ArrayList<>();
        int at = 0;
        while (at < body.length && groups.size() <= MAX_RECIPIENTS) {
            while (at < body.length && (body[at] == '\r' || body[at] == '\n')) {
                at++;
            }
            if (at < body.length) {
                HeaderBlock group = HeaderBlock.parse(Arrays.copyOfRange(body, at, body.length), GROUP);
                groups.add(group);
                at += Math.max(1, group.bodyStart());
            }
        }
        return groups;
    }

    private static Optional<Of> recipient(HeaderBlock group) {
        Optional<Action> action = text(group, "Action").flatMap(StatusReport::action);
        Optional<EnhancedStatus> status = text(group, "Status").flatMap(StatusReport::status);
        List<Address> names = new ArrayList<>();
        for (String field : List.of("Original-Recipient", "Final-Recipient")) {
            text(group, field).ifPresent(value -> names.addAll(addresses(value)));
        }
        if (action.isEmpty() || status.isEmpty() || names.isEmpty()) {
            return Optional.empty();
        }
        String said = text(group, "Diagnostic-Code").map(StatusReport::afterType).orElse(status.get().toString());
        return Optional.of(new Of(names, action.get(), status.get(), printable(said)));
    }

    private static Optional<Action> action(String word) {
        return Arrays.stream(Action.values()).filter(action -> action.name().equals(word.toUpperCase(Locale.ROOT))).findFirst();
    }

    private static Optional<EnhancedStatus> status(String text) {
        Matcher form = STATUS.matcher(text);
        return form.matches()
                ? Optional.of(new EnhancedStatus(
                        Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3))))
                : Optional.empty();
    }

    /** The address behind its type: as it stands, and decoded, as some leave the xtext of ORCPT in it (RFC 3461 §6.3). */
    private static List<Address> addresses(String value) {
        String written = afterType(value);
        List<Address> found = new ArrayList<>();
        address(written).ifPresent(found::add);
        Xtext.decode(written).filter(decoded -> !decoded.equals(written)).flatMap(StatusReport::address).ifPresent(found::add);
        return found;
    }

    private static Optional<Address> address(String written) {
        String bare = written.startsWith("<") && written.endsWith(">") ? written.substring(1, written.length() - 1) : written;
        int at = bare.lastIndexOf('@');
        boolean plain = at > 0 && bare.indexOf('"') < 0 && bare.indexOf('\\') < 0 && bare.chars().noneMatch(c -> c <= ' ' || c == 0x7f);
        return plain
                ? Domain.parse(bare.substring(at + 1)).map(domain -> Address.of(bare.substring(0, at), domain))
                : Optional.empty();
    }

    private static String afterType(String value) {
        return value.substring(value.indexOf(';') + 1).strip();
    }

    private static Optional<String> text(HeaderBlock group, String field) {
        return group.first(field).map(HeaderField::text).map(value -> value.replaceAll("\\s+", " ").strip());
    }

    private static String printable(String text) {
        String clean = text.replaceAll("[^ -~]", "?");
        return clean.length() > MAX_TEXT ? clean.substring(0, MAX_TEXT) : clean;
    }
}
