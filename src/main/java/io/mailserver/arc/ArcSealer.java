package io.mailserver.arc;

import io.mailserver.authres.AuthenticationResults;
import io.mailserver.authres.MethodResult;
import io.mailserver.base.Time;
import io.mailserver.dkim.BodyHashes;
import io.mailserver.dkim.Canonicalization;
import io.mailserver.dkim.DkimSigner;
import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.dkim.SignedFields;
import io.mailserver.dkim.SigningKey;
import io.mailserver.dkim.TagFields;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Adds to the chain of a message that is passed on (RFC 8617 §5.1). All other changes to the message come before.
 *
 * <p>Tags are written in alphabetical order with one space between them, signatures and a list of fields that was given are not
 * broken: the form on which implementations have agreed for comparing what they sign (ValiMail's ARC test suite).
 */
public final class ArcSealer {
    private static final List<String> NEVER_SIGNED =
            List.of("authentication-results", "arc-authentication-results", "arc-message-signature", "arc-seal");

    /** A line has at most 998 octets (RFC 5322 §2.1.1). */
    private static final int MAX_UNBROKEN_CHARS = 900;

    private final Time time;

    public ArcSealer(Time time) {
        this.time = time;
    }

    /**
     * Makes a new set.
     *
     * @param chain the chain of the message as it is now
     * @param status what verifying that chain gave when the message came in
     * @param hashes of the body as it is now, with {@code options.wantedHash()}
     * @param results what we found, for whoever comes after us
     * @param options canonicalization and fields of the message signature; its identity and lifetime are not used
     * @return the three fields to be put on top; empty if the chain is over (a seal says that it failed, or 50 sets)
     * @throws IllegalArgumentException if the header is cut, has no From, or fields are to be signed that must not be
     */
    public Optional<String> seal(ArcChain chain, ArcStatus status, BodyHashes hashes, AuthenticationResults results, SigningKey key,
            SigningOptions options) {
        HeaderBlock header = chain.header();
        SignedFields fields = new SignedFields(header);
        List<String> names = names(options, fields);
        if (header.truncated() || fields.count("from") == 0 || !names.contains("from")) {
            throw new IllegalArgumentException("a message can be sealed only with a whole header and its From");
        }
        int instance = chain.highestInstance() + 1;
        if (chain.endedByFailure() || instance > ArcChain.MAX_INSTANCE) {
            return Optional.empty();
        }
        ArcStatus stated = chain.isEmpty() ? ArcStatus.NONE : status == ArcStatus.PASS ? ArcStatus.PASS : ArcStatus.FAIL;
        String now = Long.toString(time.now().getEpochSecond());
        String found = results.toField(ArcChain.RESULTS, "i=" + instance + "; ");
        String message = signMessage(instance, now, fields, names, hashes, key, options);
        // RFC 8617 §5.1.2: a seal over a broken chain covers its own set only.
        ByteArrayOutputStream data = ArcVerifier.sealedData(stated == ArcStatus.FAIL ? List.of() : chain.sets());
        Canonicalization.RELAXED.header(HeaderField.of(found), data);
        Canonicalization.RELAXED.header(HeaderField.of(message), data);
        TagFields seal = new TagFields(ArcChain.SEAL)
                .tag("a", key.algorithm().word()).signature().tag("cv", stated.word())
                .tag("d", key.domain().ascii()).tag("i", Integer.toString(instance)).tag("s", key.selector().text()).tag("t", now);
        return Optional.of(sign(seal, key, Canonicalization.RELAXED, data) + message + found);
    }

    /** What the fields of a header that bear an id say, as one (RFC 8617 §4.1.1); none if there are none. */
    public static AuthenticationResults combined(HeaderBlock header, String id) {
        List<MethodResult> all = new ArrayList<>();
        for (HeaderField field : header.all(AuthenticationResults.FIELD)) {
            try {
                AuthenticationResults read = AuthenticationResults.parse(field);
                if (AuthenticationResults.sameId(read.id(), id)) {
                    all.addAll(read.results());
                }
            } catch (AuthenticationResults.SyntaxException e) {
                // Not ours: we write what can be read.
            }
        }
        return new AuthenticationResults(id, all);
    }

    private static List<String> names(SigningOptions options, SignedFields fields) {
        List<String> names = new ArrayList<>(DkimSigner.names(options.fields(), fields));
        if (options.fields().isEmpty()) {
            for (int i = 0; i < fields.count("dkim-signature"); i++) {
                names.add("dkim-signature"); // RFC 8617 §4.1.2
            }
        }
        if (names.stream().anyMatch(NEVER_SIGNED::contains)) {
            throw new IllegalArgumentException("ARC does not sign " + String.join(", ", NEVER_SIGNED));
        }
        return names;
    }

    private static String signMessage(int instance, String now, SignedFields fields, List<String> names, BodyHashes hashes,
            SigningKey key, SigningOptions options) {
        TagFields message = new TagFields(ArcChain.MESSAGE_SIGNATURE)
                .tag("a", key.algorithm().word()).signature()
                .tag("bh", Base64.getEncoder().encodeToString(hashes.sha256(options.wantedHash())))
                .tag("c", options.header().word() + "/" + options.body().word())
                .tag("d", key.domain().ascii());
        String list = String.join(":", names);
        boolean given = !options.fields().isEmpty() && list.length() < MAX_UNBROKEN_CHARS;
        message = (given ? message.tag("h", list) : message.list("h", names, ":"))
                .tag("i", Integer.toString(instance)).tag("s", key.selector().text()).tag("t", now);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        HeaderField none = HeaderField.of(message.unsigned());
        fields.canonicalize(names, none, options.header(), data);
        return sign(message, key, options.header(), data);
    }

    private static String sign(TagFields writing, SigningKey key, Canonicalization kind, ByteArrayOutputStream data) {
        HeaderField unsigned = HeaderField.of(writing.unsigned());
        kind.header(unsigned.octets(), unsigned.valueStart() - unsigned.start(), data);
        return writing.signedUnbroken(Base64.getEncoder().encodeToString(key.algorithm().sign(key.key(), data.toByteArray())));
    }
}
