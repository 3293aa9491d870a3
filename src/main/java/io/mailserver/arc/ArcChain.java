package io.mailserver.arc;

import io.mailserver.arc.ArcSet.Seal;
import io.mailserver.arc.ArcSet.Signature;
import io.mailserver.arc.ArcSet.Signed;
import io.mailserver.authres.AuthenticationResults;
import io.mailserver.dkim.BodyHashes;
import io.mailserver.dkim.DkimLimits;
import io.mailserver.dkim.DkimSignature;
import io.mailserver.dkim.TagList;
import io.mailserver.dkim.TagList.SyntaxException;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The chain in a header, read and checked for its form; no signature is looked at yet. Immutable. */
public final class ArcChain {
    static final String RESULTS = "ARC-Authentication-Results";
    static final String MESSAGE_SIGNATURE = "ARC-Message-Signature";
    static final String SEAL = "ARC-Seal";

    /** RFC 8617 §4.2.1. */
    static final int MAX_INSTANCE = 50;

    private final HeaderBlock header;
    private final List<ArcSet> sets;
    private final int highestInstance;
    private final String problem;
    private final boolean endedByFailure;

    private ArcChain(HeaderBlock header, List<ArcSet> sets, int highestInstance, String problem, boolean endedByFailure) {
        this.header = header;
        this.sets = List.copyOf(sets);
        this.highestInstance = highestInstance;
        this.problem = problem;
        this.endedByFailure = endedByFailure;
    }

    /** Reads the chain of a header; pure. */
    public static ArcChain read(HeaderBlock header, DkimLimits limits) {
        Map<Integer, List<HeaderField>> byInstance = new HashMap<>();
        int highest = 0;
        String problem = "";
        for (HeaderField field : header.fields()) {
            if (!field.is(RESULTS) && !field.is(MESSAGE_SIGNATURE) && !field.is(SEAL)) {
                continue;
            }
            try {
                int instance = instance(field);
                highest = Math.max(highest, instance);
                byInstance.computeIfAbsent(instance, any -> new ArrayList<>()).add(field);
            } catch (SyntaxException e) {
                problem = field.name() + ": " + e.reason();
            }
        }
        if (header.truncated()) {
            problem = "a header too large to check";
        }
        boolean ended = endedByFailure(byInstance.getOrDefault(highest, List.of()));
        List<ArcSet> sets = new ArrayList<>();
        try {
            for (int instance = 1; instance <= highest && problem.isEmpty(); instance++) {
                sets.add(set(instance, byInstance.getOrDefault(instance, List.of()), limits));
            }
        } catch (SyntaxException e) {
            problem = e.reason();
        }
        return new ArcChain(header, problem.isEmpty() ? sets : List.of(), highest, problem, ended);
    }

    /** The body hashes that the signatures ask for. */
    public List<BodyHashes.Wanted> wantedHashes() {
        return sets.stream().map(set -> set.message().value().wantedHash()).distinct().toList();
    }

    HeaderBlock header() {
        return header;
    }

    /** In order of instance, without gaps; none if there is a problem. */
    List<ArcSet> sets() {
        return sets;
    }

    /** What breaks its form; empty if nothing does. */
    String problem() {
        return problem;
    }

    /** 0 if there is no chain. */
    int highestInstance() {
        return highestInstance;
    }

    boolean isEmpty() {
        return highestInstance == 0 && problem.isEmpty();
    }

    /** Whether the last seal says that the chain had failed: then it is over (RFC 8617 §5.2 step 2). */
    boolean endedByFailure() {
        return endedByFailure;
    }

    private static boolean endedByFailure(List<HeaderField> last) {
        return last.stream().filter(field -> field.is(SEAL)).anyMatch(ArcChain::saysFailure);
    }

    private static boolean saysFailure(HeaderField seal) {
        try {
            return TagList.parse(rawValue(seal)).value("cv").filter("fail"::equalsIgnoreCase).isPresent();
        } catch (SyntaxException e) {
            return false; // Told as the chain's problem.
        }
    }

    private static int instance(HeaderField field) throws SyntaxException {
        String value = rawValue(field);
        String digits;
        if (field.is(RESULTS)) {
            int semicolon = value.indexOf(';');
            digits = TagList.parse(semicolon < 0 ? value : value.substring(0, semicolon)).required("i");
        } else {
            digits = TagList.parse(value).required("i");
        }
        boolean valid = digits.length() <= 2 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int instance = valid ? Integer.parseInt(digits) : 0;
        if (instance < 1 || instance > MAX_INSTANCE) {
            throw new SyntaxException("'i=' is not 1 to " + MAX_INSTANCE);
        }
        return instance;
    }

    /** RFC 8617 §5.2 step 3. */
    private static ArcSet set(int instance, List<HeaderField> fields, DkimLimits limits) throws SyntaxException {
        HeaderField results = only(instance, fields, RESULTS);
        Signed<DkimSignature> message = message(only(instance, fields, MESSAGE_SIGNATURE), limits);
        Signed<Seal> seal = seal(only(instance, fields, SEAL));
        ArcStatus expected = instance == 1 ? ArcStatus.NONE : ArcStatus.PASS;
        if (seal.value().status() != expected) {
            throw new SyntaxException("seal " + instance + " says cv=" + seal.value().status().word());
        }
        return new ArcSet(instance, results, readResults(results), message, seal);
    }

    private static HeaderField only(int instance, List<HeaderField> fields, String name) throws SyntaxException {
        List<HeaderField> found = fields.stream().filter(field -> field.is(name)).toList();
        if (found.size() != 1) {
            throw new SyntaxException(found.size() + " fields " + name + " of instance " + instance);
        }
        return found.getFirst();
    }

    private static Signed<DkimSignature> message(HeaderField field, DkimLimits limits) throws SyntaxException {
        TagList tags = TagList.parse(rawValue(field));
        DkimSignature signature = DkimSignature.parseMessageSignature(tags, limits.signedFields());
        if (signature.signedFields().contains("arc-seal") || !signature.signedFields().contains("from")) {
            throw new SyntaxException("a message signature over seals, or not over From"); // RFC 8617 §4.1.2
        }
        return new Signed<>(field, tags, signature);
    }

    private static Signed<Seal> seal(HeaderField field) throws SyntaxException {
        TagList tags = TagList.parse(rawValue(field));
        if (tags.value("h").isPresent()) {
            throw new SyntaxException("a seal with 'h='"); // RFC 8617 §4.1.3
        }
        ArcStatus status = ArcStatus.ofWord(tags.required("cv")).orElseThrow(() -> new SyntaxException("a seal with an unknown 'cv='"));
        Signature signature = new Signature(TagList.base64(tags.required("b"), "b"));
        return new Signed<>(field, tags,
                new Seal(DkimSignature.algorithm(tags), signature, DkimSignature.domain(tags), DkimSignature.selector(tags), status));
    }

    private static Optional<AuthenticationResults> readResults(HeaderField field) {
        String text = field.text();
        try {
            return Optional.of(AuthenticationResults.parse(text.substring(text.indexOf(';') + 1)));
        } catch (AuthenticationResults.SyntaxException e) {
            return Optional.empty(); // Sealed all the same; only nobody can use it.
        }
    }

    private static String rawValue(HeaderField field) {
        return new String(field.valueOctets(), StandardCharsets.ISO_8859_1);
    }
}
