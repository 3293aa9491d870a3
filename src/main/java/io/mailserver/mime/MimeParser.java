package io.mailserver.mime;

import io.mailserver.base.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a message apart in one pass over its octets (RFC 2045, RFC 2046). Any octets are a message: what is broken is understood as far
 * as it goes, as text/plain at the worst. Time is linear in the size; memory is a window, the headers and the tree, all bounded.
 *
 * <p>A line is a boundary where it is exactly the delimiter of an open multipart, with white space after it at most (RFC 2046 §5.1.1:
 * dash-boundary and transport-padding); the innermost counts first, and a boundary of an outer one ends all inside it.
 */
public final class MimeParser {
    private static final int WINDOW_OCTETS = 64 << 10;
    /** More than a boundary and the blanks around it. */
    private static final int MIN_WINDOW_OCTETS = 2 << 10;
    /** RFC 2046 §5.1.1 allows 70. */
    private static final int MAX_BOUNDARY_OCTETS = 1_000;

    private final LineWindow lines;
    private final Limits limits;
    private final List<Multipart> open = new ArrayList<>();
    private final Map<Long, HeaderBlock> headers = new HashMap<>();
    private int headerOctetsLeft;
    private int parts;
    private int depth;
    private boolean limited;

    private MimeParser(LineWindow lines, Limits limits) {
        this.lines = lines;
        this.limits = limits;
        this.headerOctetsLeft = limits.allHeaderOctets();
    }

    /**
     * What is beyond them is not looked into: a part too deep is opaque, boundaries after the last part are text, fields that do not fit
     * do not count. {@link MimeMessage#limited} tells.
     *
     * @param depth how deep parts may be nested
     * @param parts how many there may be
     * @param headerOctets how large the header of one part may be
     * @param headerFields how many fields it may have
     * @param allHeaderOctets how large all headers together may be
     */
    public record Limits(int depth, int parts, int headerOctets, int headerFields, int allHeaderOctets) {
        /** 100 levels, 10,000 parts, a mebibyte and 10,000 fields a header, four mebibytes of headers: no honest message comes near. */
        public static final Limits DEFAULTS = new Limits(100, 10_000, 1 << 20, 10_000, 4 << 20);
    }

    /** Parses a message in memory. */
    public static MimeMessage parse(byte[] message, Limits limits) {
        try {
            return new MimeParser(new LineWindow(message), limits).message();
        } catch (IOException e) {
            throw new UncheckedIOException("an array is not read", e);
        }
    }

    /** Parses a message from a stream, to its end; the caller closes it. Memory stays small whatever its size. */
    public static MimeMessage parse(InputStream message, Limits limits) throws IOException {
        return new MimeParser(new LineWindow(message, WINDOW_OCTETS), limits).message();
    }

    /** Parses a received message. */
    public static MimeMessage parse(Content message, Limits limits) throws IOException {
        try (InputStream in = message.open()) {
            int window = (int) Math.min(WINDOW_OCTETS, message.size() + 1); // One more, to see the end.
            return new MimeParser(new LineWindow(in, Math.max(window, MIN_WINDOW_OCTETS)), limits).message();
        }
    }

    private MimeMessage message() throws IOException {
        PartBuilder root = new PartBuilder(0, true);
        part(root, ContentType.TEXT_PLAIN);
        return new MimeMessage(root.build(), lines.nextOffset(), limited, headers);
    }

    /** What ended a part: the boundary of an open multipart, or the end of the message. */
    private sealed interface Ending {}

    private record Boundary(Multipart of, boolean closing) implements Ending {}

    private enum Finish implements Ending {
        END_OF_MESSAGE
    }

    /** A multipart whose parts are being read. */
    private static final class Multipart {
        private final byte[] boundary;

        Multipart(byte[] boundary) {
            this.boundary = boundary;
        }
    }

    /** Reads a part from its header on, up to the boundary that ends it or the end. */
    private Ending part(PartBuilder part, ContentType defaultType) throws IOException {
        parts++;
        depth++;
        Ending ending = header(part, defaultType);
        if (ending == null) {
            part.bodyStart(lines.nextOffset(), lines.lineFeeds());
            ending = body(part);
        }
        depth--;
        finish(part, ending);
        return ending;
    }

    private void finish(PartBuilder part, Ending ending) {
        if (ending == Finish.END_OF_MESSAGE) {
            part.end(lines.nextOffset(), lines.lineFeeds());
        } else {
            // The line end before the boundary is part of it (RFC 2046 §5.1.1); the boundary's own is counted already.
            part.end(lines.offset() - 2, lines.lineFeeds() - (lineHasFeed() ? 2 : 1));
        }
    }

    private boolean lineHasFeed() {
        return lines.array()[lines.end() - 1] == '\n';
    }

    /** Reads the header; null if the body follows. */
    private @Nullable Ending header(PartBuilder part, ContentType defaultType) throws IOException {
        HeaderBuffer header = new HeaderBuffer(Math.min(limits.headerOctets(), headerOctetsLeft));
        Ending ending = null;
        while (true) {
            if (!lines.next()) {
                ending = Finish.END_OF_MESSAGE;
                part.bodyStart(lines.nextOffset(), lines.lineFeeds());
                break;
            }
            Boundary boundary = lines.startsWithHyphens() ? boundary() : null;
            if (boundary != null) {
                ending = boundary;
                part.bodyStart(Math.max(part.headerStart(), lines.offset() - 2), lines.lineFeeds());
                break;
            }
            header.add(lines);
            if (lines.isEmpty()) {
                break;
            }
        }
        headerOctetsLeft -= header.size();
        HeaderBlock block = HeaderBlock.parse(header.toByteArray(), new HeaderBlock.Limits(limits.headerOctets(), limits.headerFields()));
        limited |= header.cut || block.truncated();
        part.describe(block, defaultType);
        if (part.isMessage()) {
            headers.put(part.headerStart(), block);
        }
        return ending;
    }

    private Ending body(PartBuilder part) throws IOException {
        ContentType type = part.type();
        if (type.isMultipart()) {
            byte[] boundary = boundaryOf(type);
            if (boundary.length > 0 && mayDescend()) {
                return multipart(part, new Multipart(boundary));
            }
        } else if (type.isMessage() && part.transferEncoding() == TransferEncoding.IDENTITY && mayDescend()) {
            PartBuilder inner = new PartBuilder(lines.nextOffset(), true);
            part.add(inner);
            return part(inner, ContentType.TEXT_PLAIN);
        }
        return skip();
    }

    private static byte[] boundaryOf(ContentType type) {
        String boundary = type.parameters().get("boundary").orElse("");
        // Octets of any kind are met in it; white space at its end is not part of it.
        byte[] octets = boundary.stripTrailing().getBytes(StandardCharsets.UTF_8);
        return octets.length <= MAX_BOUNDARY_OCTETS ? octets : new byte[0];
    }

    private boolean mayDescend() {
        boolean may = depth < limits.depth() && parts < limits.parts();
        limited |= !may;
        return may;
    }

    private Ending multipart(PartBuilder part, Multipart self) throws IOException {
        ContentType defaultType = part.type().subtype().equals("digest") ? ContentType.MESSAGE : ContentType.TEXT_PLAIN;
        open.add(self);
        Ending ending = skip(); // The preamble.
        while (ending instanceof Boundary boundary && boundary.of == self) {
            if (boundary.closing || parts >= limits.parts()) {
                limited |= !boundary.closing;
                open.removeLast();
                return skip(); // The epilogue.
            }
            PartBuilder child = new PartBuilder(lines.nextOffset(), false);
            part.add(child);
            ending = part(child, defaultType);
        }
        open.removeLast();
        return ending;
    }

    /** Reads on to the next boundary of an open multipart. */
    private Ending skip() throws IOException {
        while (lines.next()) {
            if (lines.startsWithHyphens() && !open.isEmpty()) {
                Boundary boundary = boundary();
                if (boundary != null) {
                    return boundary;
                }
            }
        }
        return Finish.END_OF_MESSAGE;
    }

    /** The boundary that this line is; null for none. Work: a comparison of at most one line for each open multipart. */
    private @Nullable Boundary boundary() {
        int from = lines.start() + 2;
        int to = lines.trimmedEnd();
        int length = to - from;
        if (length > MAX_BOUNDARY_OCTETS + 2) {
            return null;
        }
        boolean closing = length > 2 && lines.array()[to - 1] == '-' && lines.array()[to - 2] == '-';
        for (int i = open.size() - 1; i >= 0; i--) {
            Multipart multipart = open.get(i);
            int wanted = multipart.boundary.length;
            if (length == wanted && lines.matches(from, to, multipart.boundary)) {
                return new Boundary(multipart, false);
            }
            if (closing && length - 2 == wanted && lines.matches(from, to - 2, multipart.boundary)) {
                return new Boundary(multipart, true);
            }
        }
        return null;
    }

    /** Collects a header up to a limit. */
    private static final class HeaderBuffer extends ByteArrayOutputStream {
        private final int maxOctets;
        private boolean cut;

        HeaderBuffer(int maxOctets) {
            super(Math.min(512, maxOctets));
            this.maxOctets = maxOctets;
        }

        void add(LineWindow lines) {
            int length = lines.end() - lines.start();
            if (cut || size() + length > maxOctets) {
                cut = true;
            } else {
                write(lines.array(), lines.start(), length);
            }
        }
    }
}
