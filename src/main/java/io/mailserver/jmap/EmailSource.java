package io.mailserver.jmap;

import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.MessageOctets;
import io.mailserver.mime.MimeParser;
import io.mailserver.mime.MimePart;
import io.mailserver.mime.MimeStructure;
import io.mailserver.mime.Preview;
import io.mailserver.store.EmailParts;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoredEmail;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message to show: what the index has of it at once, its octets only when something needs them. For one thread; closed by its maker. */
final class EmailSource implements AutoCloseable {
    private final String blobId;
    private final Opener opener;
    private final @Nullable EmailParts parts;
    private final StoredEmail.@Nullable State state;
    private @Nullable Blob blob;
    private @Nullable MimePart root;
    private @Nullable BodyParts body;
    private @Nullable HeaderBlock header;
    private @Nullable HeaderBlock usualHeader;

    /** Opens the octets. */
    @FunctionalInterface
    private interface Opener {
        Blob open() throws StoreException, IOException;
    }

    private EmailSource(String blobId, Opener opener, @Nullable EmailParts parts, StoredEmail.@Nullable State state) {
        this.blobId = blobId;
        this.opener = opener;
        this.parts = parts;
        this.state = state;
    }

    /** A stored email. */
    static EmailSource of(JmapAccount account, StoredEmail.State state, EmailParts parts) {
        String id = Blob.of(state.id());
        return new EmailSource(
                id,
                () -> Blob.open(account, id).orElseThrow(
                        () -> new StoreException(StoreException.Cause.EXPUNGED, "The message is gone")),
                parts,
                state);
    }

    /** A blob that is taken for a message. */
    static EmailSource of(String blobId, Blob blob) {
        return new EmailSource(blobId, () -> blob, null, null);
    }

    String blobId() {
        return blobId;
    }

    /** Empty for a message that is not stored as an email. */
    Optional<StoredEmail.State> state() {
        return Optional.ofNullable(state);
    }

    MessageOctets octets() throws StoreException, IOException {
        Blob open = blob;
        if (open == null) {
            open = opener.open();
            blob = open;
        }
        return open.octets();
    }

    BodyParts body() throws StoreException, IOException {
        BodyParts known = body;
        if (known == null) {
            known = new BodyParts(root());
            body = known;
        }
        return known;
    }

    private MimePart root() throws StoreException, IOException {
        MimePart known = root;
        if (known == null && parts != null) {
            known = MimeStructure.decode(parts.structure()).orElse(null);
        }
        if (known == null) {
            try (InputStream in = octets().from(0)) {
                known = MimeParser.parse(in, MimeParser.Limits.DEFAULTS).root();
            }
        }
        root = known;
        return known;
    }

    /** A header that has a field if the message has it: the few that the index knows, or the whole one. */
    HeaderBlock headerWith(String lowerField) throws StoreException, IOException {
        if (parts != null && header == null && EmailParts.HEADER_FIELDS.contains(lowerField)) {
            HeaderBlock known = usualHeader;
            if (known == null) {
                known = HeaderBlock.parse(parts.headers(), HeaderBlock.Limits.DEFAULTS);
                usualHeader = known;
            }
            return known;
        }
        return header();
    }

    HeaderBlock header() throws StoreException, IOException {
        HeaderBlock known = header;
        if (known == null) {
            known = header(root());
            header = known;
        }
        return known;
    }

    /** The header of a part. */
    HeaderBlock header(MimePart part) throws StoreException, IOException {
        int length = (int) Math.min(part.bodyStart() - part.headerStart(), HeaderBlock.Limits.DEFAULTS.octets());
        try (InputStream in = octets().from(part.headerStart())) {
            return HeaderBlock.parse(in.readNBytes(length), HeaderBlock.Limits.DEFAULTS);
        }
    }

    String preview() throws StoreException, IOException {
        return parts != null ? new String(parts.preview(), StandardCharsets.UTF_8) : Preview.of(root(), octets());
    }

    @Override
    public void close() {
        if (blob != null) {
            blob.close();
        }
    }
}
