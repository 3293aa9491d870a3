package io.mailserver.arc;

import io.mailserver.arc.ArcSet.Seal;
import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.dkim.BodyHashes;
import io.mailserver.dkim.Canonicalization;
import io.mailserver.dkim.DkimLimits;
import io.mailserver.dkim.DkimSignature;
import io.mailserver.dkim.KeyLookup;
import io.mailserver.dkim.KeyLookup.Found;
import io.mailserver.dkim.SignedFields;
import io.mailserver.dkim.SigningAlgorithm;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Resolver;
import io.mailserver.mime.HeaderBlock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Judges the chain of a message (RFC 8617 §5.2).
 *
 * <pre>{@code
 * ArcResult result = new ArcVerifier(resolver, time, DkimLimits.DEFAULTS).verify(message);
 * }</pre>
 *
 * <p>Whoever verifies DKIM too does it in steps, to read the body once: {@link ArcChain#read}, {@link BodyHashes#of},
 * {@link #verify(ArcChain, BodyHashes)}.
 */
public final class ArcVerifier {
    private final KeyLookup keys;
    private final Time time;
    private final DkimLimits limits;

    public ArcVerifier(Resolver resolver, Time time, DkimLimits limits) {
        this.keys = new KeyLookup(resolver, limits);
        this.time = time;
        this.limits = limits;
    }

    /** Why a signature does not hold; an empty reason if it does. */
    private record Judgement(String reason, boolean temporary) {
        private static final Judgement GOOD = new Judgement("", false);

        boolean good() {
            return reason.isEmpty();
        }

        Judgement of(String what) {
            return good() ? this : new Judgement(what + ": " + reason, temporary);
        }
    }

    /** Verifies a message from its first octet. Reads it to the end; blocks for the DNS. */
    public ArcResult verify(InputStream message) throws IOException {
        HeaderBlock.Split split = HeaderBlock.split(message, HeaderBlock.Limits.DEFAULTS);
        ArcChain chain = ArcChain.read(split.header(), limits);
        return verify(chain, BodyHashes.of(split.body(), chain.wantedHashes()));
    }

    /** Verifies a chain. Blocks for the DNS. */
    public ArcResult verify(ArcChain chain, BodyHashes hashes) {
        if (chain.isEmpty()) {
            return new ArcResult(ArcStatus.NONE, "", false, 0, List.of());
        }
        if (chain.endedByFailure() || !chain.problem().isEmpty()) {
            String reason = chain.endedByFailure() ? "a handler before us found the chain broken" : chain.problem();
            return new ArcResult(ArcStatus.FAIL, reason, false, 0, List.of());
        }
        long startNanos = time.nanos();
        SignedFields fields = new SignedFields(chain.header());
        Judgement judgement = firstFailure(chain, fields, hashes, startNanos);
        if (!judgement.good()) {
            return new ArcResult(ArcStatus.FAIL, judgement.reason(), judgement.temporary(), 0, List.of());
        }
        List<ArcResult.Hop> hops = chain.sets().stream()
                .map(set -> new ArcResult.Hop(set.instance(), set.seal().value().domain(),
                        set.seal().value().selector().toString(), set.results()))
                .toList();
        return new ArcResult(ArcStatus.PASS, "", false, oldestPass(chain, fields, hashes, startNanos), hops);
    }

    /**
     * What became of one set, for people: all are looked at, whatever the chain's state.
     *
     * @param status what the seal says of the chain before it
     * @param sealProblem why its seal does not hold; empty if it does
     * @param signatureProblem the same of its message signature, which later handlers may have broken rightfully
     */
    public record Explained(
            int instance, Domain domain, String selector, ArcStatus status, String sealProblem, String signatureProblem) {}

    /** Looks at every set by itself; none where the chain breaks the form. Blocks for the DNS. */
    public List<Explained> explain(ArcChain chain, BodyHashes hashes) {
        long startNanos = time.nanos();
        SignedFields fields = new SignedFields(chain.header());
        List<Explained> explained = new ArrayList<>();
        for (ArcSet set : chain.sets()) {
            Seal seal = set.seal().value();
            explained.add(new Explained(set.instance(), seal.domain(), seal.selector().toString(), seal.status(),
                    seal(chain.sets().subList(0, set.instance()), startNanos).reason(),
                    message(set, fields, hashes, startNanos).reason()));
        }
        return List.copyOf(explained);
    }

    /** The last message signature and all seals, each on a virtual thread because each waits for its key. */
    private Judgement firstFailure(ArcChain chain, SignedFields fields, BodyHashes hashes, long startNanos) {
        List<ArcSet> sets = chain.sets();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Judgement>> futures = new ArrayList<>();
            futures.add(threads.submit(() -> message(sets.getLast(), fields, hashes, startNanos).of("the last message signature")));
            for (ArcSet set : sets.reversed()) {
                futures.add(threads.submit(() -> seal(sets.subList(0, set.instance()), startNanos).of("seal " + set.instance())));
            }
            Judgement first = Judgement.GOOD;
            for (Future<Judgement> future : futures) {
                Judgement each = future.get();
                first = first.good() ? each : first;
            }
            return first;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Judgement("the check was stopped", true);
        } catch (ExecutionException e) {
            throw new IllegalStateException("judging a signature failed", e);
        }
    }

    private int oldestPass(ArcChain chain, SignedFields fields, BodyHashes hashes, long startNanos) {
        for (int instance = chain.sets().size() - 1; instance >= 1; instance--) {
            if (!message(chain.sets().get(instance - 1), fields, hashes, startNanos).good()) {
                return instance + 1;
            }
        }
        return 0;
    }

    private Judgement message(ArcSet set, SignedFields fields, BodyHashes hashes, long startNanos) {
        DkimSignature signature = set.message().value();
        if (signature.expires().isPresent() && signature.expires().getAsLong() < time.now().getEpochSecond()) {
            return new Judgement("it has expired", false);
        }
        long octets = hashes.canonicalOctets(signature.wantedHash());
        if (signature.bodyLimit().orElse(octets) > octets
                || !MessageDigest.isEqual(signature.bodyHash(), hashes.sha256(signature.wantedHash()))) {
            return new Judgement("the body was changed", false);
        }
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        Canonicalization kind = signature.headerCanonicalization();
        fields.canonicalize(signature.signedFields(), set.message().field(), kind, data);
        DkimSignature.canonicalizeUnsigned(set.message().field(), set.message().tags(), kind, data);
        return check(signature.domain(), signature.selector(), signature.algorithm(), data.toByteArray(), signature.signature(),
                startNanos);
    }

    private Judgement seal(List<ArcSet> sets, long startNanos) {
        ArcSet last = sets.getLast();
        ByteArrayOutputStream data = sealedData(sets.subList(0, sets.size() - 1));
        Canonicalization.RELAXED.header(last.resultsField(), data);
        Canonicalization.RELAXED.header(last.message().field(), data);
        DkimSignature.canonicalizeUnsigned(last.seal().field(), last.seal().tags(), Canonicalization.RELAXED, data);
        Seal seal = last.seal().value();
        return check(seal.domain(), seal.selector(), seal.algorithm(), data.toByteArray(), seal.signature().octets(), startNanos);
    }

    /** RFC 8617 §5.1.1: whole sets in order, each as results, message signature, seal. */
    static ByteArrayOutputStream sealedData(List<ArcSet> sets) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (ArcSet set : sets) {
            Canonicalization.RELAXED.header(set.resultsField(), data);
            Canonicalization.RELAXED.header(set.message().field(), data);
            Canonicalization.RELAXED.header(set.seal().field(), data);
        }
        return data;
    }

    private Judgement check(Domain domain, DnsName selector, SigningAlgorithm algorithm, byte[] data, byte[] signature, long startNanos) {
        Duration left = limits.time().minusNanos(time.nanos() - startNanos);
        return switch (keys.find(domain, selector, algorithm, left)) {
            case Found.NoKey none -> new Judgement(none.reason(), false);
            case Found.Failed failed -> new Judgement(failed.reason(), true);
            case Found.Keys usable -> usable.keys().stream().anyMatch(each -> algorithm.verify(each.key(), data, signature))
                    ? Judgement.GOOD : new Judgement("the header was changed, or another key signed it", false);
        };
    }
}
