package io.mailserver.spam;

import io.mailserver.mime.AddressList;
import io.mailserver.mime.Charsets;
import io.mailserver.mime.HeaderText;
import io.mailserver.mime.MessageOctets;
import io.mailserver.mime.MimeMessage;
import io.mailserver.mime.MimePart;
import io.mailserver.mime.TransferEncoding;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@link Mail} holds out of a message. Work and memory are bounded whatever the message holds. */
final class MailReader {
    /** Octets of text that are decoded over all parts of plain text, and as many over those of HTML: one must not crowd out the other. */
    private static final int MAX_TEXT_OCTETS = 400_000;

    /** Characters of plain text that rules look at where there is HTML beside it, which is what people see. */
    private static final int MAX_BESIDE_HTML = 20_000;

    private static final int MAX_PARTS = 200;
    private static final int MAX_LINKS = 500;

    static final Pattern URL = Pattern.compile("\\b(?:https?|ftp)://[^\\s<>\"')\\]]{3,2000}", Pattern.CASE_INSENSITIVE);

    private final MessageOctets octets;
    private final StringBuilder plain = new StringBuilder();
    private final StringBuilder html = new StringBuilder();
    private final List<Attachment> attachments = new ArrayList<>();
    private final ZipNames archives = new ZipNames();
    private int plainLeft = MAX_TEXT_OCTETS;
    private int htmlLeft = MAX_TEXT_OCTETS;
    private int partsLeft = MAX_PARTS;
    private boolean oddCharset;
    private boolean needlessBase64;
    private boolean alternative;

    private MailReader(MessageOctets octets) {
        this.octets = octets;
    }

    static Mail read(MimeMessage message, MessageOctets octets, Instant received) throws IOException {
        MailReader reader = new MailReader(octets);
        reader.part(message.root(), 0);
        Optional<HtmlText> html = reader.html.isEmpty() ? Optional.empty() : Optional.of(HtmlText.of(reader.html.toString()));
        List<Link> links = new ArrayList<>();
        html.ifPresent(text -> links.addAll(text.links()));
        Matcher urls = URL.matcher(reader.plain);
        while (urls.find() && links.size() < MAX_LINKS) {
            links.add(new Link(urls.group(), urls.group()));
        }
        String plain = reader.plain.toString();
        String subject = message.header().first("Subject").map(HeaderText::decode).orElse("");
        return new Mail(
                message.header(),
                message.root(),
                AddressList.of(message.header(), "From").mailboxes().stream().findFirst(),
                subject,
                plain,
                subject + '\n' + html.map(shown -> start(plain) + '\n' + shown.visible()).orElse(plain),
                html,
                html.isPresent() && plain.isBlank(),
                reader.alternative,
                reader.oddCharset,
                reader.needlessBase64,
                zeroWidth(plain) + html.map(text -> zeroWidth(text.visible())).orElse(0),
                links,
                reader.attachments,
                received);
    }

    /** @param depth in how many messages it is: what they bring counts, not what they say, which may be anybody's words */
    private void part(MimePart part, int depth) throws IOException {
        if (partsLeft-- <= 0) {
            return;
        }
        if (part.isMultipart()) {
            alternative |= depth == 0 && part.contentType().subtype().equals("alternative") && part.children().size() > 1;
            for (MimePart child : part.children()) {
                part(child, depth);
            }
            return;
        }
        boolean attached = part.disposition() != null && part.disposition().isAttachment();
        boolean read = part.contentType().isText() && !attached && depth == 0;
        if (read) {
            text(part); // Programs show it, whether it has a file name or not.
        }
        if (part.message().isPresent()) {
            part(part.message().get(), depth + 1);
        } else if (!read || part.fileName().isPresent()) {
            attachment(part);
        }
    }

    private void text(MimePart part) throws IOException {
        boolean isHtml = part.contentType().subtype().equals("html");
        byte[] decoded;
        try (InputStream in = octets.decodedBody(part)) {
            decoded = in.readNBytes(isHtml ? htmlLeft : plainLeft);
        }
        if (isHtml) {
            htmlLeft -= decoded.length;
        } else {
            plainLeft -= decoded.length;
        }
        String label = part.contentType().parameters().get("charset").orElse("");
        Optional<Charset> charset = Charsets.find(label);
        oddCharset |= !label.isEmpty() && charset.isEmpty();
        String text = charset.map(found -> new String(decoded, found)).orElseGet(() -> Charsets.guess(decoded));
        needlessBase64 |= !isHtml && decoded.length > 0 && part.transferEncoding() == TransferEncoding.BASE64 && ascii(decoded);
        (isHtml ? html : plain).append(text).append('\n');
    }

    private void attachment(MimePart part) throws IOException {
        String name = part.fileName().orElse("");
        String type = part.contentType().type() + '/' + part.contentType().subtype();
        byte[] head;
        List<String> packed = List.of();
        boolean encrypted = false;
        try (InputStream in = new BufferedInputStream(octets.decodedBody(part))) {
            in.mark(Attachment.HEAD_OCTETS);
            head = in.readNBytes(Attachment.HEAD_OCTETS);
            in.reset();
            if (head.length > 8 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4) {
                ZipNames.Listing listing = archives.list(in, head);
                packed = listing.names();
                encrypted = listing.encrypted();
            }
        }
        attachments.add(new Attachment(name, type, head, packed, encrypted));
    }

    private static String start(String plain) {
        return plain.length() > MAX_BESIDE_HTML ? plain.substring(0, MAX_BESIDE_HTML) : plain;
    }

    private static boolean ascii(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }

    /** Characters without width between two letters of the scripts that never need them. */
    private static int zeroWidth(String text) {
        int count = 0;
        for (int i = 1; i + 1 < text.length(); i++) {
            if (Phrases.invisible(text.charAt(i)) && latin(text.charAt(i - 1)) && latin(text.charAt(i + 1))) {
                count++;
            }
        }
        return count;
    }

    private static boolean latin(char c) {
        return c < 0x250 && Character.isLetter(c);
    }

    /** For debugging. */
    @Override
    public String toString() {
        return "plain " + plain.length() + ", html " + html.length() + ", attachments " + Arrays.toString(attachments.toArray());
    }
}
