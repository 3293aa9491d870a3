package io.mailserver.search;

import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.mime.MessageOctets;
import io.mailserver.mime.MessageText;
import io.mailserver.mime.MimeParser;
import io.mailserver.mime.MimePart;
import io.mailserver.mime.MimeStructure;
import io.mailserver.store.MessageContent;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/** Reads the text of a stored message for searching, in {@link UnicodeCasemap} form. */
final class MessageReader {
    private static final int MAX_HEAD_OCTETS = MimeParser.Limits.DEFAULTS.headerOctets();
    private static final int PIECE_OCTETS = 256 << 10;
    private static final int MAX_FIRST_OCTETS = 64 << 10;
    /** What has more text is not mail of people; it is read from the message each time. */
    private static final int MAX_INDEXED_OCTETS = 8 << 20;

    private MessageReader() {}

    /** Looks for terms in a message. */
    static void search(MessageContent content, byte[] structure, TextTerms terms) throws IOException {
        terms.begin();
        MimePart root = root(content, structure);
        byte[] head = lines(header(content, root).fields());
        terms.head(head, 0, head.length);
        if (terms.wantsBody() && !terms.complete()) {
            body(content, root, new NormalizedText(PIECE_OCTETS, Math.max(0, terms.longest() - 1), content.size(), (text, from, to) -> {
                terms.body(text, from, to);
                return !terms.complete();
            }));
        }
        terms.end();
    }

    /** The text of a message for the index; without octets if there is too much of it. */
    static TextFile.Text text(long email, MessageContent content, byte[] structure) throws IOException {
        MimePart root = root(content, structure);
        HeaderBlock header = header(content, root);
        OctetBuffer octets = new OctetBuffer((int) Math.min(MAX_FIRST_OCTETS, content.size() + 256));
        OctetBuffer chosen = new OctetBuffer(512);
        for (HeaderField field : header.fields()) {
            int start = octets.length();
            line(field, octets);
            if (TextTerms.FIELDS.contains(field.lowerName())) {
                chosen.addAll(octets.array(), start, octets.length());
            }
        }
        int headOctets = octets.length();
        byte[] fields = chosen.toByteArray();
        boolean[] tooLarge = {false};
        body(content, root, new NormalizedText(PIECE_OCTETS, 0, content.size(), (text, from, to) -> {
            tooLarge[0] |= octets.length() + (to - from) > MAX_INDEXED_OCTETS;
            if (!tooLarge[0]) {
                octets.addAll(text, from, to);
            }
            return !tooLarge[0];
        }));
        return tooLarge[0]
                ? new TextFile.Text(email, new byte[0], 0, fields, true)
                : new TextFile.Text(email, octets.toByteArray(), headOctets, fields, false);
    }

    /** The tree of parts: as the index has it, or from the message where that is of another version. */
    static MimePart root(MessageContent content, byte[] structure) throws IOException {
        MimePart known = MimeStructure.decode(structure).orElse(null);
        if (known != null && known.end() <= content.size()) {
            return known;
        }
        try (InputStream in = content.open(0, content.size())) {
            return MimeParser.parse(in, MimeParser.Limits.DEFAULTS).root();
        }
    }

    private static HeaderBlock header(MessageContent content, MimePart root) throws IOException {
        byte[] octets = new byte[(int) Math.min(root.bodyStart(), MAX_HEAD_OCTETS)];
        int length = Math.max(0, content.read(0, octets, 0, octets.length));
        return HeaderBlock.parse(length == octets.length ? octets : Arrays.copyOf(octets, length), HeaderBlock.Limits.DEFAULTS);
    }

    /** Fields, each a line: {@code NAME: VALUE}. */
    private static byte[] lines(List<HeaderField> fields) {
        OctetBuffer out = new OctetBuffer(512);
        fields.forEach(field -> line(field, out));
        return out.toByteArray();
    }

    private static void line(HeaderField field, OctetBuffer out) {
        UnicodeCasemap.append(MessageText.line(field), out);
        out.add('\n');
    }

    /** The bodies, until {@code text} wants no more. */
    static void body(MessageContent content, MimePart root, NormalizedText text) throws IOException {
        MessageOctets octets = offset -> content.open(offset, Math.max(0, content.size() - offset));
        MessageText.read(root, octets, MessageText.Limits.DEFAULTS, text);
        text.finish();
    }
}
