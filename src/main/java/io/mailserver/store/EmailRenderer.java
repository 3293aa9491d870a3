package io.mailserver.store;

import io.mailserver.imap.BodyStructure;
import io.mailserver.imap.Envelope;
import io.mailserver.imap.HeaderSelection;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.MessageIds;
import io.mailserver.mime.MessageOctets;
import io.mailserver.mime.MimeMessage;
import io.mailserver.mime.MimeParser;
import io.mailserver.mime.MimeStructure;
import io.mailserver.mime.Preview;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Makes from a message's octets what the index keeps of it: the one place where stored mail is parsed. Broken mail gives what can be
 * understood of it, never an error.
 *
 * <p>Safe for use by any thread; parsing is bounded to as many at once as there are processors.
 */
final class EmailRenderer {
    /** RFC 5322 §3.6.4 sets no limit; the root and the nearest ones tell the thread. */
    private static final int MAX_REFERENCES = 20;

    private static final int MAX_HEADER_OCTETS = 1 << 20;

    private static final HeaderSelection USUAL_FIELDS = new HeaderSelection(EmailParts.HEADER_FIELDS, false);

    private final Semaphore processors = new Semaphore(Runtime.getRuntime().availableProcessors());

    /** @param message as served */
    RenderedEmail render(MessageOctets message) throws IOException {
        processors.acquireUninterruptibly();
        try (InputStream in = message.from(0)) {
            return render(MimeParser.parse(in, MimeParser.Limits.DEFAULTS), message);
        } finally {
            processors.release();
        }
    }

    /** A message in memory, with CRLF line ends. */
    RenderedEmail render(byte[] message) throws IOException {
        processors.acquireUninterruptibly();
        try {
            return render(MimeParser.parse(message, MimeParser.Limits.DEFAULTS), MessageOctets.of(message));
        } finally {
            processors.release();
        }
    }

    /** A stored message. */
    RenderedEmail render(MessageContent content) throws IOException {
        return render(offset -> content.open(offset, content.size()));
    }

    private static RenderedEmail render(MimeMessage message, MessageOctets octets) throws IOException {
        HeaderBlock header = message.header();
        byte[] bodyStructure = BodyStructure.render(message);
        EmailParts parts = new EmailParts(
                Envelope.render(header),
                bodyStructure,
                new byte[0],
                usualFields(message, octets),
                Preview.of(message.root(), octets).getBytes(StandardCharsets.UTF_8),
                MimeStructure.encode(message.root()));
        return new RenderedEmail(
                PartsCodec.encode(parts), MessageIds.messageId(header).map(EmailRenderer::hash), references(header));
    }

    private static byte[] usualFields(MimeMessage message, MessageOctets octets) throws IOException {
        int length = (int) Math.min(message.root().bodyStart(), MAX_HEADER_OCTETS);
        try (InputStream in = octets.from(0)) {
            byte[] header = in.readNBytes(length);
            byte[] fields = new byte[header.length + 4];
            int selected = USUAL_FIELDS.select(header, 0, header.length, fields);
            // Without the empty line.
            return Arrays.copyOf(fields, Math.max(0, selected - 2));
        }
    }

    /** The root first, then the nearest. */
    private static List<Long> references(HeaderBlock header) {
        List<String> ids = MessageIds.of(header, "References");
        Set<String> kept = new LinkedHashSet<>();
        if (!ids.isEmpty()) {
            kept.add(ids.getFirst());
            kept.addAll(ids.subList(Math.max(0, ids.size() - MAX_REFERENCES), ids.size()));
        }
        MessageIds.of(header, "In-Reply-To").stream().limit(MAX_REFERENCES).forEach(kept::add);
        MessageIds.messageId(header).ifPresent(kept::remove);
        List<Long> hashes = new ArrayList<>(kept.size());
        kept.forEach(id -> hashes.add(hash(id)));
        return hashes;
    }

    private static long hash(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            long hash = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                hash = (hash << Byte.SIZE) | (digest[i] & 0xff);
            }
            return hash;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
