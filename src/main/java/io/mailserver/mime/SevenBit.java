package io.mailserver.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A message as a server can take it that knows neither 8BITMIME nor long lines (RFC 6152 §3, RFC 2045 §6): parts that hold octets above
 * 127, NUL, single CR or LF, or lines longer than 998 octets become quoted-printable or base64, and nothing else changes.
 */
public final class SevenBit {
    /** RFC 5322 §2.1.1. */
    public static final int MAX_LINE_OCTETS = 998;

    private static final int MAX_ENCODED_LINE = 76;
    private static final byte[] CRLF = {'\r', '\n'};

    private final byte[] message;
    private final ByteArrayOutputStream out;

    /** Something that may not be touched. Without a stack: it describes the message. */
    private static final class UnconvertibleException extends Exception {
        UnconvertibleException() {
            super("not convertible", null, false, false);
        }
    }

    private SevenBit(byte[] message) {
        this.message = message;
        this.out = new ByteArrayOutputStream(message.length + message.length / 3 + 1024);
    }

    /**
     * The message in 7 bits.
     *
     * @param message with CRLF line ends where it is text; not changed
     * @return empty where it cannot be had: a header that is not US-ASCII needs SMTPUTF8, what is signed or encrypted may not be touched
     *     (RFC 1847 §2.1), and a message that is too deep is not looked into
     */
    public static Optional<byte[]> of(byte[] message) {
        MimeMessage parsed = MimeParser.parse(message, MimeParser.Limits.DEFAULTS);
        if (parsed.limited() || parsed.size() != message.length) {
            return Optional.empty();
        }
        try {
            SevenBit conversion = new SevenBit(message);
            conversion.part(parsed.root(), parsed.header().first("MIME-Version").isEmpty());
            return Optional.of(conversion.out.toByteArray());
        } catch (UnconvertibleException e) {
            return Optional.empty();
        }
    }

    /** @param withoutMime whether it is the root of a message that says nothing of MIME */
    private void part(MimePart part, boolean withoutMime) throws UnconvertibleException {
        int header = Math.toIntExact(part.headerStart());
        int body = Math.toIntExact(part.bodyStart());
        int end = Math.toIntExact(part.end());
        if (fits(header, end)) {
            // The CTE of a container may say 8bit all the same, which a server without 8BITMIME does not mind seeing.
            out.write(message, header, end - header);
            return;
        }
        if (!isAscii(header, body) || isSealed(part.contentType())) {
            throw new UnconvertibleException();
        }
        if (part.isMultipart() && !part.children().isEmpty()) {
            header(part, header, body, "7bit", false);
            children(part, body, end);
        } else if (part.message().isPresent()) {
            header(part, header, body, "7bit", false);
            part(part.message().get(), false);
            copyPlain(Math.toIntExact(part.message().get().end()), end);
        } else {
            leaf(part, header, body, end, withoutMime);
        }
    }

    /** What a signature or a key covers (RFC 1847), and what may not be encoded at all (RFC 2046 §5.2). */
    private static boolean isSealed(ContentType type) {
        return type.is("multipart", "signed") || type.is("multipart", "encrypted");
    }

    private void children(MimePart part, int body, int end) throws UnconvertibleException {
        int at = body;
        for (MimePart child : part.children()) {
            copyPlain(at, Math.toIntExact(child.headerStart()));
            part(child, false);
            at = Math.toIntExact(child.end());
        }
        copyPlain(at, end);
    }

    /** Boundaries, and the text before the first and behind the last, which nobody reads (RFC 2046 §5.1.1). */
    private void copyPlain(int from, int to) {
        for (int i = from; i < to; i++) {
            out.write(message[i] < 0 || message[i] == 0 ? '?' : message[i]);
        }
    }

    private void leaf(MimePart part, int header, int body, int end, boolean withoutMime) throws UnconvertibleException {
        boolean identity = switch (part.encoding()) {
            case "7bit", "8bit", "binary" -> true;
            default -> false;
        };
        if (!identity || part.contentType().type().equals("message") || part.isMultipart()) {
            throw new UnconvertibleException(); // encoded and yet not plain, or what RFC 2046 §5.2 forbids to encode
        }
        if (part.contentType().isText() && isTextual(body, end)) {
            byte[] encoded = quotedPrintable(body, end);
            // What is mostly letters stays readable; what is not is smaller as base64.
            if (encoded.length <= 2 * (end - body) + MAX_ENCODED_LINE) {
                header(part, header, body, "quoted-printable", withoutMime);
                out.writeBytes(encoded);
                return;
            }
        }
        header(part, header, body, "base64", withoutMime);
        byte[] octets = new byte[end - body];
        System.arraycopy(message, body, octets, 0, octets.length);
        byte[] encoded = Base64.getMimeEncoder(MAX_ENCODED_LINE, CRLF).encode(octets);
        out.writeBytes(encoded);
        if (encoded.length > 0) {
            out.writeBytes(CRLF);
        }
    }

    /** The header with another Content-Transfer-Encoding, and the empty line behind it. */
    private void header(MimePart part, int from, int to, String encoding, boolean withoutMime) {
        byte[] octets = new byte[to - from];
        System.arraycopy(message, from, octets, 0, octets.length);
        HeaderBlock block = HeaderBlock.parse(octets, HeaderBlock.Limits.DEFAULTS);
        int at = 0;
        for (HeaderField field : block.fields()) {
            if (field.is("Content-Transfer-Encoding")) {
                out.write(octets, at, field.start() - at);
                at = field.end();
            }
        }
        out.write(octets, at, block.length() - at);
        StringBuilder added = new StringBuilder();
        if (withoutMime) {
            added.append("MIME-Version: 1.0\r\n");
            if (block.first("Content-Type").isEmpty()) {
                added.append("Content-Type: text/plain; charset=").append(isUtf8(part) ? "utf-8" : "unknown-8bit").append("\r\n");
            }
        }
        added.append("Content-Transfer-Encoding: ").append(encoding).append("\r\n\r\n");
        out.writeBytes(added.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private boolean isUtf8(MimePart part) {
        int from = Math.toIntExact(part.bodyStart());
        int length = Math.toIntExact(part.bodyOctets());
        return !new String(message, from, length, StandardCharsets.UTF_8).contains("\ufffd");
    }

    /** Whether nothing needs to change between two places. */
    private boolean fits(int from, int to) {
        int line = 0;
        for (int i = from; i < to; i++) {
            byte octet = message[i];
            boolean lineEnd = octet == '\r' && i + 1 < message.length && message[i + 1] == '\n';
            if (octet <= 0 || (octet == '\r' && !lineEnd) || (octet == '\n' && (i == 0 || message[i - 1] != '\r'))) {
                return false;
            }
            line = octet == '\n' ? 0 : line + 1;
            // The CR of the line's end was counted when its LF comes.
            if (line > MAX_LINE_OCTETS && !lineEnd) {
                return false;
            }
        }
        return true;
    }

    private boolean isAscii(int from, int to) {
        for (int i = from; i < to; i++) {
            if (message[i] <= 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether all lines end by CRLF and none holds NUL: other text is octets. */
    private boolean isTextual(int from, int to) {
        for (int i = from; i < to; i++) {
            byte octet = message[i];
            if (octet == 0
                    || (octet == '\n' && (i == from || message[i - 1] != '\r'))
                    || (octet == '\r' && (i + 1 >= to || message[i + 1] != '\n'))) {
                return false;
            }
        }
        return true;
    }

    /** RFC 2045 §6.7; text that lost its last line end gets none. */
    private byte[] quotedPrintable(int from, int to) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream((to - from) * 3 / 2);
        int column = 0;
        for (int i = from; i < to; i++) {
            byte octet = message[i];
            if (octet == '\r') {
                encoded.writeBytes(CRLF);
                i++;
                column = 0;
                continue;
            }
            boolean last = i + 1 >= to || message[i + 1] == '\r';
            boolean blank = octet == ' ' || octet == '\t';
            // A dot or "From " at the start of a line survives anything when it is encoded (RFC 2049 §3).
            boolean risky = column == 0 && (octet == '.' || octet == 'F');
            boolean plain = (octet >= ' ' && octet < 127 && octet != '=') || octet == '\t';
            boolean literal = plain && !risky && !(blank && last);
            int width = literal ? 1 : 3;
            if (column + width > MAX_ENCODED_LINE - (last ? 0 : 1)) {
                encoded.write('=');
                encoded.writeBytes(CRLF);
                column = 0;
                literal = literal && octet != '.' && octet != 'F';
                width = literal ? 1 : 3;
            }
            if (literal) {
                encoded.write(octet);
            } else {
                encoded.write('=');
                encoded.write(Character.toUpperCase(Character.forDigit((octet >> 4) & 0xf, 16)));
                encoded.write(Character.toUpperCase(Character.forDigit(octet & 0xf, 16)));
            }
            column += width;
        }
        return encoded.toByteArray();
    }
}
