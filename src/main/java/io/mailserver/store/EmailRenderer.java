package io.mailserver.store;

import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.MessageIds;
import io.mailserver.mime.MimeMessage;
import io.mailserver.mime.MimeParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
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

    private final Semaphore processors = new Semaphore(Runtime.getRuntime().availableProcessors());

    /** @param message all octets, with CRLF or LF line ends; the caller closes it */
    RenderedEmail render(InputStream message) throws IOException {
        processors.acquireUninterruptibly();
        try {
            return render(MimeParser.parse(message, MimeParser.Limits.DEFAULTS));
        } finally {
            processors.release();
        }
    }

    private static RenderedEmail render(MimeMessage message) {
        HeaderBlock header = message.header();
        return new RenderedEmail(
                new byte[0], MessageIds.messageId(header).map(EmailRenderer::hash), references(header));
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
                hash = hash << Byte.SIZE | digest[i] & 0xff;
            }
            return hash;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
