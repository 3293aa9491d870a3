package io.mailserver.dkim;

import io.mailserver.base.Time;
import io.mailserver.dkim.KeyLookup.Found;
import io.mailserver.dkim.KeyLookup.Usable;
import io.mailserver.dkim.TagList.SyntaxException;
import io.mailserver.dns.Resolver;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Verifies the DKIM signatures of messages (RFC 6376 §6).
 *
 * <pre>{@code
 * List<DkimResult> results = new DkimVerifier(resolver, time, DkimLimits.DEFAULTS).verify(message);
 * }</pre>
 *
 * <p>Whoever has more to compute over the body (ARC) does it in steps: {@link #read}, {@link BodyHashes#of}, {@link #verify(Parsed,
 * BodyHashes)}.
 */
public final class DkimVerifier {
    private static final String FIELD = "DKIM-Signature";
    private static final int SHOWN_SIGNATURE_CHARS = 8;

    private final Time time;
    private final DkimLimits limits;
    private final KeyLookup keys;

    public DkimVerifier(Resolver resolver, Time time, DkimLimits limits) {
        this.time = time;
        this.limits = limits;
        this.keys = new KeyLookup(resolver, limits);
    }

    /** A header with its signatures read. */
    public static final class Parsed {
        private final HeaderBlock header;
        private final List<Candidate> candidates;

        private Parsed(HeaderBlock header, List<Candidate> candidates) {
            this.header = header;
            this.candidates = candidates;
        }

        /** The body hashes that the signatures ask for. */
        public List<BodyHashes.Wanted> wantedHashes() {
            return candidates.stream().flatMap(candidate -> candidate.signature.stream()).map(DkimSignature::wantedHash).toList();
        }
    }

    /** A DKIM-Signature field: either its tags, or why it is no signature. */
    private record Candidate(HeaderField field, Optional<TagList> tags, Optional<DkimSignature> signature, String problem) {}

    /** Verifies all signatures of a message, from its first octet. Reads it to the end; blocks for the DNS. */
    public List<DkimResult> verify(InputStream message) throws IOException {
        HeaderBlock.Split split = HeaderBlock.split(message, HeaderBlock.Limits.DEFAULTS);
        Parsed parsed = read(split.header());
        return verify(parsed, BodyHashes.of(split.body(), parsed.wantedHashes()));
    }

    /** Reads the signatures of a header; pure. */
    public Parsed read(HeaderBlock header) {
        List<Candidate> candidates = new ArrayList<>();
        for (HeaderField field : header.all(FIELD)) {
            candidates.add(candidates.size() < limits.signatures() ? candidate(header, field)
                    : new Candidate(field, Optional.empty(), Optional.empty(), "more than " + limits.signatures() + " signatures"));
        }
        return new Parsed(header, candidates);
    }

    /** Verifies in the order of the header; one result a signature, none if there is none. Blocks for the DNS. */
    public List<DkimResult> verify(Parsed parsed, BodyHashes hashes) {
        SignedFields fields = new SignedFields(parsed.header);
        List<Found> found = findKeys(parsed.candidates);
        List<DkimResult> results = new ArrayList<>();
        for (int i = 0; i < parsed.candidates.size(); i++) {
            results.add(judge(parsed.candidates.get(i), found.get(i), fields, hashes));
        }
        return List.copyOf(results);
    }

    private Candidate candidate(HeaderBlock header, HeaderField field) {
        Optional<TagList> tags = Optional.empty();
        try {
            if (header.truncated()) {
                throw new SyntaxException("a header too large to check");
            }
            tags = Optional.of(TagList.parse(rawValue(field)));
            return new Candidate(field, tags, Optional.of(DkimSignature.parse(tags.get(), limits.signedFields())), "");
        } catch (SyntaxException e) {
            return new Candidate(field, tags, Optional.empty(), e.reason());
        }
    }

    /** The value with its folds, so that the places of tags are places of octets. */
    private static String rawValue(HeaderField field) {
        return new String(field.valueOctets(), StandardCharsets.ISO_8859_1);
    }

    /** Those that the resolver knows at once; else all keys at once, each on a virtual thread. */
    private List<Found> findKeys(List<Candidate> candidates) {
        List<Found> known = candidates.stream().map(candidate -> find(candidate, Duration.ZERO)).toList();
        if (known.stream().noneMatch(Found.Failed.class::isInstance)) {
            return known;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Found>> futures = new ArrayList<>();
            for (Candidate candidate : candidates) {
                futures.add(threads.submit(() -> find(candidate, limits.time())));
            }
            List<Found> found = new ArrayList<>();
            for (Future<Found> future : futures) {
                found.add(future.get());
            }
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return candidates.stream().map(candidate -> (Found) new Found.Failed("the check was stopped")).toList();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a key look-up failed", e);
        }
    }

    private Found find(Candidate candidate, Duration within) {
        return candidate.signature
                .map(signature -> keys.find(signature.domain(), signature.selector(), signature.algorithm(), within))
                .orElseGet(() -> new Found.NoKey(candidate.problem));
    }

    private DkimResult judge(Candidate candidate, Found found, SignedFields fields, BodyHashes hashes) {
        if (candidate.signature.isEmpty() || candidate.tags.isEmpty()) {
            return result(candidate, DkimVerdict.PERMERROR, candidate.problem, false, 0);
        }
        DkimSignature signature = candidate.signature.get();
        if (signature.expires().isPresent() && signature.expires().getAsLong() < time.now().getEpochSecond()) {
            return result(candidate, DkimVerdict.FAIL, "the signature has expired", false, 0);
        }
        return switch (found) {
            case Found.NoKey none -> result(candidate, DkimVerdict.PERMERROR, none.reason(), false, 0);
            case Found.Failed failed -> result(candidate, DkimVerdict.TEMPERROR, failed.reason(), false, 0);
            case Found.Keys usable -> compare(candidate, signature, candidate.tags.get(), usable.keys(), fields, hashes);
        };
    }

    private static DkimResult compare(Candidate candidate, DkimSignature signature, TagList tags, List<Usable> usable,
            SignedFields fields, BodyHashes hashes) {
        boolean testing = usable.getFirst().published().testing();
        long bodyOctets = hashes.canonicalOctets(signature.wantedHash());
        long limit = signature.bodyLimit().orElse(bodyOctets);
        if (limit > bodyOctets) {
            return result(candidate, DkimVerdict.FAIL, "the body is shorter than what was signed", testing, 0);
        }
        if (!MessageDigest.isEqual(signature.bodyHash(), hashes.sha256(signature.wantedHash()))) {
            return result(candidate, DkimVerdict.FAIL, "the body was changed", testing, 0);
        }
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        fields.canonicalize(signature.signedFields(), candidate.field, signature.headerCanonicalization(), data);
        DkimSignature.canonicalizeUnsigned(candidate.field, tags, signature.headerCanonicalization(), data);
        String reason = "the header was changed, or another key signed it";
        for (Usable each : usable) {
            if (each.published().strictIdentity() && !signature.identityDomain().equals(signature.domain())) {
                reason = "the key is not for subdomains"; // RFC 6376 §3.6.1, t=s
            } else if (signature.algorithm().verify(each.key(), data.toByteArray(), signature.signature())) {
                return result(candidate, DkimVerdict.PASS, "", each.published().testing(), bodyOctets - limit);
            }
        }
        return result(candidate, DkimVerdict.FAIL, reason, testing, 0);
    }

    private static DkimResult result(Candidate candidate, DkimVerdict verdict, String reason, boolean testing, long unsignedOctets) {
        Optional<DkimSignature> signature = candidate.signature;
        return new DkimResult(verdict, reason,
                signature.map(DkimSignature::domain),
                signature.map(of -> of.selector().toString()).orElse(""),
                signature.map(DkimSignature::identity).orElse(""),
                signature.map(of -> of.algorithm().word()).orElse(""),
                signature.map(of -> Base64.getEncoder().encodeToString(of.signature())).map(DkimVerifier::start).orElse(""),
                testing, unsignedOctets);
    }

    private static String start(String signature) {
        return signature.substring(0, Math.min(SHOWN_SIGNATURE_CHARS, signature.length()));
    }
}
