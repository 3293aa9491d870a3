package io.mailserver.mime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a message as people read it, for searching: the decoded text of all text parts (HTML as text), the names of attachments,
 * and the headers of messages inside. One pass over the octets; memory stays bounded whatever the size.
 */
public final class MessageText {
    private static final int SNIFFED_OCTETS = 1_024;
    private static final int MAX_INNER_HEADER_OCTETS = 256 << 10;
    private static final Pattern META_CHARSET = Pattern.compile("(?i)charset\\s*=\\s*[\"']?([A-Za-z0-9_:.-]{2,40})");
    private static final HeaderBlock.Limits INNER_HEADER = new HeaderBlock.Limits(MAX_INNER_HEADER_OCTETS, 1_000);

    private final Sink sink;
    private final Position position;
    /** About how much text will be taken. */
    private final long wanted;
    private long octetsLeft;
    private int partsLeft;

    private MessageText(MessageOctets message, Limits limits, long wanted, Sink sink) {
        this.sink = sink;
        this.wanted = wanted;
        this.position = new Position(message);
        this.octetsLeft = limits.octets();
        this.partsLeft = limits.parts();
    }

    /**
     * What is beyond them is left out.
     *
     * @param octets decoded text altogether
     * @param parts text parts, attachment names and messages inside
     */
    public record Limits(long octets, int parts) {
        /** 64 MiB of text in 10,000 parts. */
        public static final Limits DEFAULTS = new Limits(64L << 20, 10_000);
    }

    /** Takes the text as it comes: stretches, each in pieces. What belongs together is in one stretch. */
    public interface Sink {
        /**
         * A piece of the current stretch, valid during the call; may be cut anywhere.
         *
         * @return whether more is wanted; false ends the reading
         */
        boolean text(CharSequence piece);

        /** The current stretch is over. */
        void endOfStretch();
    }

    /**
     * Reads the text of the body, the message's own header left out.
     *
     * @throws IOException the octets could not be read
     */
    public static void read(MimePart root, MessageOctets message, Limits limits, Sink sink) throws IOException {
        read(root, message, limits, Long.MAX_VALUE, sink);
    }

    private static void read(MimePart root, MessageOctets message, Limits limits, long wanted, Sink sink) throws IOException {
        MessageText text = new MessageText(message, limits, wanted, sink);
        try (text.position) {
            text.part(root);
        }
    }

    /** The text of the body in one string, stretches on lines of their own; at most {@code maxCharacters} of it. */
    public static String of(MimePart root, MessageOctets message, int maxCharacters) throws IOException {
        StringBuilder out = new StringBuilder();
        read(root, message, Limits.DEFAULTS, maxCharacters, new Sink() {
            @Override
            public boolean text(CharSequence piece) {
                out.append(piece, 0, Math.min(piece.length(), maxCharacters - out.length()));
                return out.length() < maxCharacters;
            }

            @Override
            public void endOfStretch() {
                out.append(out.length() < maxCharacters ? "\n" : "");
            }
        });
        return out.toString();
    }

    /** Hands over each field of a header as {@code name: decoded value}, a stretch each. */
    public static boolean header(HeaderBlock header, Sink sink) {
        for (HeaderField field : header.fields()) {
            boolean more = sink.text(line(field));
            sink.endOfStretch();
            if (!more) {
                return false;
            }
        }
        return true;
    }

    /** A field as {@code name: decoded value}; what is no field is decoded as it is. */
    public static String line(HeaderField field) {
        return field.malformed() ? HeaderText.decode(field) : field.name() + ": " + HeaderText.decode(field);
    }

    /** False if no more is wanted. */
    private boolean part(MimePart part) throws IOException {
        if (partsLeft-- <= 0 || octetsLeft <= 0) {
            return false;
        }
        String name = part.fileName().orElse("");
        if (!name.isEmpty() && !stretch(name)) {
            return false;
        }
        MimePart message = part.message().orElse(null);
        if (message != null) {
            return innerHeader(message) && part(message);
        }
        if (part.children().isEmpty()) {
            return !isText(part.contentType()) || body(part);
        }
        for (MimePart child : part.children()) {
            if (!part(child)) {
                return false;
            }
        }
        return true;
    }

    /** A message or multipart that could not be taken apart is searched as the text it is. */
    private static boolean isText(ContentType type) {
        return type.isText() || type.isMultipart() || type.type().equals("message") || isHtml(type);
    }

    private static boolean isHtml(ContentType type) {
        return type.is("text", "html") || type.is("application", "xhtml+xml");
    }

    private boolean stretch(String text) {
        boolean more = sink.text(text);
        sink.endOfStretch();
        return more;
    }

    private boolean innerHeader(MimePart message) throws IOException {
        long length = Math.min(MAX_INNER_HEADER_OCTETS, message.bodyStart() - message.headerStart());
        byte[] octets = position.range(message.headerStart(), length).readAllBytes();
        octetsLeft -= octets.length;
        return header(HeaderBlock.parse(octets, INNER_HEADER), sink);
    }

    private boolean body(MimePart part) throws IOException {
        InputStream decoded = part.transferEncoding().decode(position.range(part.bodyStart(), part.bodyOctets()));
        InputStream bounded = new BoundedInputStream(decoded, octetsLeft);
        boolean html = isHtml(part.contentType());
        TextDecoder characters = decoder(part, bounded, html, Math.min(part.bodyOctets(), wanted));
        HtmlText markup = new HtmlText();
        CharSequence piece;
        boolean more = true;
        while (more && (piece = characters.next()) != null) {
            octetsLeft -= piece.length();
            CharSequence text = html ? markup.add(piece) : piece;
            more = text.isEmpty() || sink.text(text);
        }
        if (more && html) {
            more = sink.text(markup.finish());
        }
        sink.endOfStretch();
        return more;
    }

    private static TextDecoder decoder(MimePart part, InputStream decoded, boolean html, long octets) throws IOException {
        String label = part.contentType().parameters().get("charset").orElse("");
        if (!html || !label.isEmpty()) {
            return new TextDecoder(decoded, label, octets);
        }
        byte[] start = decoded.readNBytes(SNIFFED_OCTETS);
        Matcher meta = META_CHARSET.matcher(new String(start, StandardCharsets.ISO_8859_1));
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), decoded);
        return new TextDecoder(whole, meta.find() ? meta.group(1) : "", octets);
    }

    /** Parts come in the order of their octets, so one stream serves all: it is moved forwards. */
    private static final class Position implements AutoCloseable {
        private final MessageOctets message;
        private @Nullable CountingStream stream;

        Position(MessageOctets message) {
            this.message = message;
        }

        InputStream range(long from, long length) throws IOException {
            CountingStream in = stream;
            if (in == null || in.position() > from) {
                close();
                in = new CountingStream(message.from(from), from);
                stream = in;
            }
            in.skipTo(from);
            return new BoundedInputStream(in, length);
        }

        @Override
        public void close() throws IOException {
            if (stream != null) {
                stream.close();
                stream = null;
            }
        }
    }
}
