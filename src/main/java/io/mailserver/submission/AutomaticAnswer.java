package io.mailserver.submission;

import io.mailserver.mime.EncodedWords;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.mime.HeaderText;
import io.mailserver.mime.HtmlText;
import io.mailserver.mime.MessageIds;
import io.mailserver.smtp.Address;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An automatic answer to one message (RFC 3834, RFC 5230 §4, RFC 8621 §8): whether there may be one, and what it looks like. Pure; who
 * answers whom how often is for its caller to know.
 *
 * @param from whose answer it is: the address that the message was sent to
 * @param to the message's reverse-path
 * @param subject empty for one made of the message's
 * @param text empty for one made of {@code html}, or for a few words where there is neither
 * @param html empty for none
 */
public record AutomaticAnswer(Address from, Address to, Optional<String> subject, Optional<String> text, Optional<String> html) {
    /** RFC 5322 §3.3. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private static final String NOTHING_SET = "I have received your message, but cannot read it at the moment.";

    /** RFC 2369, RFC 2919: mail of a list. Other fields of that kind are in wide use. */
    private static final String LIST_PREFIX = "list-";

    private static final Set<String> BULK = Set.of("bulk", "junk", "list", "auto_reply");
    private static final Set<String> DAEMONS = Set.of("mailer-daemon", "listserv", "majordomo", "mailman", "noreply", "no-reply",
            "donotreply", "do-not-reply", "bounce", "bounces", "notifications", "root", "nobody");

    private static final int MAX_REFERENCES = 20;
    private static final int MAX_SUBJECT = 250;
    private static final int MAX_PLAIN_SUBJECT = 60;
    private static final int MAX_LINE = 900;

    /**
     * Why a message gets no automatic answer; empty if it may get one.
     *
     * @param sender its reverse-path
     */
    public static Optional<String> obstacle(HeaderBlock header, Optional<Address> sender) {
        if (sender.isEmpty()) {
            return Optional.of("the null sender"); // RFC 3834 §2
        }
        if (header.truncated()) {
            return Optional.of("a header too large to look at");
        }
        String local = sender.get().localPart().toLowerCase(Locale.ROOT);
        // RFC 5230 §4.6; RFC 3834 §2 for the forms of programs' addresses.
        if (DAEMONS.contains(local) || local.startsWith("owner-") || local.endsWith("-request") || local.endsWith("-owner")
                || local.startsWith("bounces+") || local.startsWith("bounce+") || local.contains("-bounces")) {
            return Optional.of("a sender that is a program");
        }
        for (HeaderField field : header.fields()) {
            String name = field.lowerName();
            String value = field.text().strip().toLowerCase(Locale.ROOT);
            boolean automatic = name.equals("auto-submitted") && !firstWord(value).equals("no"); // RFC 3834 §2, §5
            boolean bulk = name.equals("precedence") && BULK.contains(firstWord(value));
            boolean list = name.startsWith(LIST_PREFIX) || name.equals("mailing-list") || name.equals("x-mailing-list");
            boolean suppressed = name.equals("x-auto-response-suppress") && !value.equals("none");
            boolean report = name.equals("content-type") && value.startsWith("multipart/report");
            if (automatic || bulk || list || suppressed || report || name.equals("x-loop") || name.equals("feedback-id")) {
                return Optional.of("its field " + field.name());
            }
        }
        return Optional.empty();
    }

    private static String firstWord(String value) {
        String[] words = value.split("[\\s;(]", 2);
        return words[0];
    }

    /**
     * The message, with CRLF line ends, to be sent with the null reverse-path (RFC 5230 §5.2).
     *
     * @param answered the header of the message
     * @param id without angle brackets
     */
    public byte[] toMessage(HeaderBlock answered, String id, Instant now) {
        StringBuilder message = new StringBuilder(1024);
        message.append("From: <").append(from).append(">\r\nTo: <").append(to).append(">\r\n");
        message.append("Subject: ").append(encoded(subject.orElseGet(() -> subjectFor(answered)))).append("\r\n");
        message.append("Date: ").append(DATE.format(now.atZone(ZoneOffset.UTC))).append("\r\nMessage-ID: <").append(id).append(">\r\n");
        references(message, answered);
        message.append("Auto-Submitted: auto-replied\r\n"); // RFC 3834 §3.1.7
        message.append("X-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n");
        String plain = text.or(() -> html.map(HtmlText::text)).filter(words -> !words.isBlank()).orElse(NOTHING_SET);
        if (html.isEmpty()) {
            part(message, "text/plain", plain);
        } else {
            String boundary = "=_" + id.replaceAll("[^A-Za-z0-9]", "");
            message.append("Content-Type: multipart/alternative; boundary=\"").append(boundary).append("\"\r\n\r\n");
            message.append("--").append(boundary).append("\r\n");
            part(message, "text/plain", plain);
            message.append("\r\n--").append(boundary).append("\r\n");
            part(message, "text/html", html.get());
            message.append("\r\n--").append(boundary).append("--\r\n");
        }
        return message.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** RFC 3834 §3.1.5 */
    private static String subjectFor(HeaderBlock answered) {
        String original = answered.first("Subject").map(HeaderText::decode).orElse("").strip();
        String cut = original.length() > MAX_SUBJECT ? original.substring(0, MAX_SUBJECT) : original;
        return original.isEmpty() ? "Automatic reply" : "Auto: " + cut;
    }

    /** RFC 3834 §3.1.6 */
    private static void references(StringBuilder message, HeaderBlock answered) {
        Optional<String> id = MessageIds.messageId(answered);
        if (id.isPresent() && isPlain(id.get())) {
            message.append("In-Reply-To: ").append(id.get()).append("\r\nReferences:");
            List<String> before = MessageIds.of(answered, "References").stream().filter(AutomaticAnswer::isPlain).toList();
            before.subList(Math.max(0, before.size() - MAX_REFERENCES), before.size())
                    .forEach(each -> message.append(' ').append(each).append("\r\n"));
            message.append(' ').append(id.get()).append("\r\n");
        }
    }

    private static boolean isPlain(String id) {
        return id.length() < MAX_LINE && id.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static void part(StringBuilder message, String type, String content) {
        String lines = content.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
        boolean plain = lines.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\r' || c == '\n' || c == '\t')
                && lines.lines().allMatch(line -> line.length() < MAX_LINE);
        message.append("Content-Type: ").append(type).append("; charset=utf-8\r\nContent-Transfer-Encoding: ");
        // Base64 passes through every server, and none has to change it, which would break our signature.
        message.append(plain ? "7bit\r\n\r\n" + lines
                : "base64\r\n\r\n" + Base64.getMimeEncoder().encodeToString(lines.getBytes(StandardCharsets.UTF_8)));
        message.append(message.charAt(message.length() - 1) == '\n' ? "" : "\r\n");
    }

    /** A subject as a field can hold it. */
    private static String encoded(String subject) {
        String clean = subject.replaceAll("\\p{Cntrl}+", " ");
        return clean.chars().allMatch(c -> c < 0x7f) && clean.length() < MAX_PLAIN_SUBJECT && !clean.contains("=?")
                ? clean
                : EncodedWords.encode(clean).replace("?= =?", "?=\r\n =?");
    }
}
