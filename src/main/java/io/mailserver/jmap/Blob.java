package io.mailserver.jmap;

import io.mailserver.mime.MessageOctets;
import io.mailserver.mime.MimeParser;
import io.mailserver.mime.MimePart;
import io.mailserver.store.EmailId;
import io.mailserver.store.MessageContent;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The octets that a blob id stands for: an upload ({@code u…}), an email ({@code b…}, as its id goes on after the {@code e}), or a part
 * of a message in another blob, decoded ({@code BLOB-PART}, the points in the part's number as {@code _}). Closed by whoever opened it; for
 * one thread.
 */
public final class Blob implements AutoCloseable {
    private static final int MAX_NESTING = 10;

    private final MessageOctets octets;
    private final Runnable close;

    private Blob(MessageOctets octets, Runnable close) {
        this.octets = octets;
        this.close = close;
    }

    static String of(EmailId email) {
        return "b" + email.toString().substring(1);
    }

    static String ofPart(String blobId, String partId) {
        return blobId + "-" + partId.replace('.', '_');
    }

    /** Opens a blob; empty if there is none of that id. */
    static Optional<Blob> open(JmapAccount account, String blobId) throws StoreException, IOException {
        String[] steps = blobId.split("-", -1);
        Optional<Blob> found = steps.length > MAX_NESTING ? Optional.empty() : first(account, steps[0]);
        for (int i = 1; i < steps.length && found.isPresent(); i++) {
            Blob outer = found.get();
            boolean inside = false;
            try {
                found = outer.part(steps[i].replace('_', '.'));
                inside = found.isPresent();
            } finally {
                if (!inside) {
                    outer.close();
                }
            }
        }
        return found;
    }

    private static Optional<Blob> first(JmapAccount account, String id) throws StoreException {
        if (id.startsWith("u")) {
            return account.services().uploads().open(account.key(), id).map(reading -> new Blob(
                    offset -> skip(reading.content().open(), offset), reading::close));
        }
        Optional<EmailId> email = id.startsWith("b") ? EmailId.parse("e" + id.substring(1)) : Optional.empty();
        if (email.isEmpty()) {
            return Optional.empty();
        }
        try {
            MessageContent content = account.emails().content(email.get());
            return Optional.of(new Blob(offset -> content.open(offset, Math.max(0, content.size() - offset)), content::close));
        } catch (StoreException e) {
            if (e.reason() == StoreException.Cause.EXPUNGED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static InputStream skip(InputStream in, long offset) throws IOException {
        in.skip(offset);
        return in;
    }

    private Optional<Blob> part(String partId) throws IOException {
        MimePart root;
        try (InputStream in = octets.from(0)) {
            root = MimeParser.parse(in, MimeParser.Limits.DEFAULTS).root();
        }
        MimePart part = new BodyParts(root).part(partId);
        return part == null ? Optional.empty() : Optional.of(new Blob(offset -> skip(octets.decodedBody(part), offset), close));
    }

    /** The octets from any place on. */
    MessageOctets octets() {
        return octets;
    }

    /** All octets; the caller closes the stream. */
    public InputStream open() throws IOException {
        return octets.from(0);
    }

    @Override
    public void close() {
        close.run();
    }
}
