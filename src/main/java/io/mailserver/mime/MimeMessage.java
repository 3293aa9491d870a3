package io.mailserver.mime;

import java.util.Map;
import java.util.Optional;

/** A message taken apart: its tree of parts, and the headers of it and of the messages inside it. Immutable. */
public final class MimeMessage {
    private final MimePart root;
    private final long size;
    private final boolean limited;
    private final Map<Long, HeaderBlock> headers;

    MimeMessage(MimePart root, long size, boolean limited, Map<Long, HeaderBlock> headers) {
        this.root = root;
        this.size = size;
        this.limited = limited;
        this.headers = Map.copyOf(headers);
    }

    /** The message as the outermost part. */
    public MimePart root() {
        return root;
    }

    /** Octets with every line end as CRLF: the size that IMAP tells. */
    public long size() {
        return size;
    }

    /** Whether a limit left something of it unseen: parts or fields may be missing. */
    public boolean limited() {
        return limited;
    }

    /** The message's own header. */
    public HeaderBlock header() {
        return header(root).orElseThrow();
    }

    /** The header of a message inside, given its root ({@link MimePart#message}); of {@link #root} too. Empty for other parts. */
    public Optional<HeaderBlock> header(MimePart messageRoot) {
        return Optional.ofNullable(headers.get(messageRoot.headerStart()));
    }
}
