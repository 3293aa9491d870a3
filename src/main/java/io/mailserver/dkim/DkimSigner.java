package io.mailserver.dkim;

import io.mailserver.base.Time;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes DKIM signatures (RFC 6376 §5).
 *
 * <pre>{@code
 * String field = new DkimSigner(time).sign(message, key, SigningOptions.DEFAULTS);   // to be put on top of the message
 * }</pre>
 */
public final class DkimSigner {
    private final Time time;

    public DkimSigner(Time time) {
        this.time = time;
    }

    /**
     * How to sign.
     *
     * @param fields the names for {@code h=} in order, each occurrence one field; empty for {@link #usualFields}
     * @param identity {@code i=} in ASCII, at or below the key's domain; empty to leave it out
     * @param lifetime until {@code x=}; empty for no end
     */
    public record SigningOptions(
            Canonicalization header, Canonicalization body, List<String> fields, Optional<String> identity, Optional<Duration> lifetime) {
        /** Relaxed, so that the usual changes on the way do no harm. */
        public static final SigningOptions DEFAULTS = new SigningOptions(
                Canonicalization.RELAXED, Canonicalization.RELAXED, List.of(), Optional.empty(), Optional.empty());

        public SigningOptions {
            fields = List.copyOf(fields);
        }

        /** What the signer must hash of the body. */
        public BodyHashes.Wanted wantedHash() {
            return BodyHashes.Wanted.whole(body);
        }
    }

    /** What readers see or act on (RFC 6376 §5.4.1): signed once more than it is there, so that none can be added. */
    private static final List<String> SEALED =
            List.of("from", "to", "cc", "subject", "date", "reply-to", "message-id", "mime-version", "content-type");

    /** Signed as often as it is there. */
    private static final List<String> IF_PRESENT = List.of("sender", "in-reply-to", "references", "content-transfer-encoding",
            "content-disposition", "list-id", "list-help", "list-unsubscribe", "list-unsubscribe-post", "list-subscribe", "list-post",
            "list-owner", "list-archive", "autocrypt");

    /** Signs a message from its first octet to its last. */
    public String sign(InputStream message, SigningKey key, SigningOptions options) throws IOException {
        HeaderBlock.Split split = HeaderBlock.split(message, HeaderBlock.Limits.DEFAULTS);
        return sign(split.header(), BodyHashes.of(split.body(), List.of(options.wantedHash())), key, options);
    }

    /**
     * Signs a header and the hash of a body.
     *
     * @return the DKIM-Signature field with its line end
     * @throws IllegalArgumentException if the header is cut, has no From, or From is not to be signed
     */
    public String sign(HeaderBlock header, BodyHashes hashes, SigningKey key, SigningOptions options) {
        SignedFields fields = new SignedFields(header);
        List<String> names = names(options.fields(), fields);
        if (header.truncated() || fields.count("from") == 0 || !names.contains("from")) {
            throw new IllegalArgumentException("a message can be signed only with a whole header and its From"); // RFC 6376 §5.4
        }
        long now = time.now().getEpochSecond();
        TagFields writing = new TagFields("DKIM-Signature")
                .tag("v", "1")
                .tag("a", key.algorithm().word())
                .tag("c", options.header().word() + "/" + options.body().word())
                .tag("d", key.domain().ascii())
                .tag("s", key.selector().text());
        options.identity().ifPresent(identity -> writing.tag("i", identity));
        writing.tag("t", Long.toString(now));
        options.lifetime().ifPresent(lifetime -> writing.tag("x", Long.toString(now + lifetime.toSeconds())));
        writing.list("h", names, ":").tag("bh", Base64.getEncoder().encodeToString(hashes.sha256(options.wantedHash())))
                .signature();
        HeaderField unsigned = HeaderField.of(writing.unsigned());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        fields.canonicalize(names, unsigned, options.header(), data);
        options.header().header(unsigned.octets(), unsigned.valueStart() - unsigned.start(), data);
        return writing.signed(Base64.getEncoder().encodeToString(key.algorithm().sign(key.key(), data.toByteArray())));
    }

    /** The names to sign in lower case: those given, or the usual ones of the message. */
    public static List<String> names(List<String> given, SignedFields fields) {
        return given.isEmpty() ? usualFields(fields) : given.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /** What to sign of a message unless told otherwise. */
    public static List<String> usualFields(SignedFields fields) {
        List<String> names = new ArrayList<>();
        for (String name : SEALED) {
            for (int i = 0; i <= fields.count(name); i++) {
                names.add(name);
            }
        }
        for (String name : IF_PRESENT) {
            for (int i = 0; i < fields.count(name); i++) {
                names.add(name);
            }
        }
        return names;
    }
}
