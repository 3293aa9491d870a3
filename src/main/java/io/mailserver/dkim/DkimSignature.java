package io.mailserver.dkim;

import io.mailserver.base.Domain;
import io.mailserver.dkim.TagList.SyntaxException;
import io.mailserver.dns.DnsName;
import io.mailserver.mime.HeaderField;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The tags of a DKIM-Signature (RFC 6376 §3.5), or of an ARC-Message-Signature, which has the same ones (RFC 8617 §4.1.2).
 *
 * @param signature {@code b=}; never changed
 * @param bodyHash {@code bh=}; never changed
 * @param signedFields {@code h=}, in lower case and order
 * @param identity {@code i=} of DKIM: an optional local part, an at sign, a domain at or below {@code d=}
 * @param expires {@code x=} in seconds since 1970
 * @param signed {@code t=} in seconds since 1970
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; copying each hash would serve nobody.
public record DkimSignature(
        SigningAlgorithm algorithm,
        byte[] signature,
        byte[] bodyHash,
        Canonicalization headerCanonicalization,
        Canonicalization bodyCanonicalization,
        Domain domain,
        DnsName selector,
        List<String> signedFields,
        String identity,
        OptionalLong bodyLimit,
        OptionalLong signed,
        OptionalLong expires) {
    private static final int SHA256_OCTETS = 32;
    private static final int MAX_SIGNATURE_OCTETS = 2_048;

    public DkimSignature {
        signedFields = List.copyOf(signedFields);
    }

    /**
     * Parses a DKIM-Signature.
     *
     * @param maxFields how many names {@code h=} may hold
     * @throws SyntaxException saying what breaks the standard
     */
    static DkimSignature parse(TagList tags, int maxFields) throws SyntaxException {
        if (!tags.required("v").equals("1")) {
            throw new SyntaxException("another version than 1");
        }
        if (TagList.elements(tags.required("h")).contains("")) {
            throw new SyntaxException("'h=' holds what is no field name");
        }
        DkimSignature parsed = parseMessageSignature(tags, maxFields);
        if (!parsed.signedFields.contains("from")) {
            throw new SyntaxException("a signature that leaves out From"); // RFC 6376 §5.4
        }
        return new DkimSignature(parsed.algorithm, parsed.signature, parsed.bodyHash, parsed.headerCanonicalization,
                parsed.bodyCanonicalization, parsed.domain, parsed.selector, parsed.signedFields, identity(tags, parsed.domain),
                parsed.bodyLimit, parsed.signed, parsed.expires);
    }

    /** Parses what DKIM-Signature and ARC-Message-Signature have in common; the identity is left at the domain. */
    public static DkimSignature parseMessageSignature(TagList tags, int maxFields) throws SyntaxException {
        SigningAlgorithm algorithm = algorithm(tags);
        byte[] signature = TagList.base64(tags.required("b"), "b");
        byte[] bodyHash = TagList.base64(tags.required("bh"), "bh");
        if (signature.length == 0 || signature.length > MAX_SIGNATURE_OCTETS || bodyHash.length != SHA256_OCTETS) {
            throw new SyntaxException("a signature or hash of a wrong size");
        }
        Domain domain = domain(tags);
        List<Canonicalization> canonicalizations = canonicalizations(tags.value("c").orElse("simple/simple"));
        OptionalLong signed = number(tags, "t", 12);
        OptionalLong expires = number(tags, "x", 12);
        if (signed.isPresent() && expires.isPresent() && expires.getAsLong() <= signed.getAsLong()) {
            throw new SyntaxException("'x=' is not after 't='");
        }
        if (tags.value("q").isPresent()
                && TagList.elements(tags.value("q").get()).stream().noneMatch("dns/txt"::equalsIgnoreCase)) {
            throw new SyntaxException("no way to its key that we know");
        }
        return new DkimSignature(algorithm, signature, bodyHash, canonicalizations.get(0), canonicalizations.get(1), domain,
                selector(tags), signedFields(tags, maxFields), "@" + domain, number(tags, "l", 18), signed, expires);
    }

    /** {@code a=}, for ARC-Seal too. */
    public static SigningAlgorithm algorithm(TagList tags) throws SyntaxException {
        String word = tags.required("a");
        if (word.equalsIgnoreCase("rsa-sha1")) {
            throw new SyntaxException("the obsolete algorithm rsa-sha1"); // RFC 8301 §3.1
        }
        return SigningAlgorithm.ofWord(word).orElseThrow(() -> new SyntaxException("an unknown algorithm"));
    }

    /** {@code d=}, for ARC-Seal too: a mail domain of two labels or more. */
    public static Domain domain(TagList tags) throws SyntaxException {
        Domain domain = Domain.parse(TagList.withoutSpace(utf8(tags.required("d"))))
                .orElseThrow(() -> new SyntaxException("'d=' is no domain"));
        if (domain.ascii().indexOf('.') < 0) {
            throw new SyntaxException("'d=' is no domain of anybody");
        }
        return domain;
    }

    /** {@code s=}, for ARC-Seal too. */
    public static DnsName selector(TagList tags) throws SyntaxException {
        return DnsName.parse(TagList.withoutSpace(utf8(tags.required("s"))))
                .orElseThrow(() -> new SyntaxException("'s=' is no selector"));
    }

    /** What the body's hash must be made of. */
    public BodyHashes.Wanted wantedHash() {
        return new BodyHashes.Wanted(bodyCanonicalization, bodyLimit);
    }

    /**
     * A field without the value of its {@code b=} tag, canonicalized, without a line end: the last that is signed (RFC 6376 §3.7).
     *
     * @param tags the field's own
     */
    public static void canonicalizeUnsigned(
            HeaderField field, TagList tags, Canonicalization canonicalization, ByteArrayOutputStream out) {
        byte[] octets = field.octets();
        int valueStart = field.valueStart() - field.start();
        TagList.Tag b = tags.tags().get("b");
        if (b != null) {
            byte[] shortened = Arrays.copyOf(octets, octets.length - (b.end() - b.start()));
            System.arraycopy(octets, valueStart + b.end(), shortened, valueStart + b.start(), octets.length - valueStart - b.end());
            octets = shortened;
        }
        canonicalization.header(octets, valueStart, out);
    }

    private static List<Canonicalization> canonicalizations(String value) throws SyntaxException {
        String[] words = value.split("/", -1);
        Optional<Canonicalization> header = Canonicalization.ofWord(words[0]);
        Optional<Canonicalization> body = words.length > 1 ? Canonicalization.ofWord(words[1]) : Optional.of(Canonicalization.SIMPLE);
        if (words.length > 2 || header.isEmpty() || body.isEmpty()) {
            throw new SyntaxException("an unknown canonicalization");
        }
        return List.of(header.get(), body.get());
    }

    private static List<String> signedFields(TagList tags, int maxFields) throws SyntaxException {
        List<String> names = new ArrayList<>();
        for (String name : TagList.elements(tags.required("h"))) {
            if (name.isEmpty()) {
                continue; // Those who seal pass over it; it names no field.
            }
            if (!name.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != ':' && c != ';')) {
                throw new SyntaxException("'h=' holds what is no field name");
            }
            names.add(name.toLowerCase(Locale.ROOT));
        }
        if (names.size() > maxFields) {
            throw new SyntaxException("'h=' holds more than " + maxFields + " names");
        }
        return names;
    }

    private static String identity(TagList tags, Domain domain) throws SyntaxException {
        Optional<String> value = tags.value("i");
        if (value.isEmpty()) {
            return "@" + domain;
        }
        String identity = QuotedPrintable.decode(value.get());
        int at = identity.lastIndexOf('@');
        Domain of = Domain.parse(at < 0 ? "" : utf8(identity.substring(at + 1)))
                .orElseThrow(() -> new SyntaxException("'i=' is no identity"));
        if (!of.equals(domain) && !of.ascii().endsWith("." + domain.ascii())) {
            throw new SyntaxException("the domain of 'i=' is not within 'd='"); // RFC 6376 §6.1.1
        }
        return utf8(identity.substring(0, at)) + "@" + of;
    }

    /** The domain of the identity. */
    Domain identityDomain() {
        return new Domain(identity.substring(identity.lastIndexOf('@') + 1));
    }

    private static OptionalLong number(TagList tags, String name, int maxDigits) throws SyntaxException {
        Optional<String> value = tags.value(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        String digits = value.get();
        if (digits.isEmpty() || digits.length() > 76 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new SyntaxException("'" + name + "=' is no number");
        }
        // RFC 6376 §3.5: what is longer than any date or message counts as infinite.
        return OptionalLong.of(digits.length() > maxDigits ? Long.MAX_VALUE : Long.parseLong(digits));
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
