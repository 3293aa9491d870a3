package io.mailserver.dmarc;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.dkim.DkimResult;
import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.spf.SpfResult;
import io.mailserver.spf.SpfVerdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges messages by the results of SPF and DKIM (RFC 9989 §5.3).
 *
 * <pre>{@code
 * DmarcResult result = new DmarcChecker(resolver, time, DmarcLimits.DEFAULTS)
 *         .check(AuthorDomains.of(header), spfOfMailFrom, dkimResults);
 * }</pre>
 */
public final class DmarcChecker {
    private final Resolver resolver;
    private final Time time;
    private final DmarcLimits limits;

    public DmarcChecker(Resolver resolver, Time time, DmarcLimits limits) {
        this.resolver = resolver;
        this.time = time;
        this.limits = limits;
    }

    /**
     * Checks a message. Blocks for the DNS.
     *
     * @param authors the domains of its From
     * @param spf the result for the MAIL FROM identity (RFC 9989 §4.4.2), not for HELO
     * @param dkim the results of all signatures
     */
    public DmarcResult check(AuthorDomains authors, SpfResult spf, List<DkimResult> dkim) {
        if (authors.domains().isEmpty()) {
            return DmarcResult.without(DmarcVerdict.PERMERROR, "no author's domain in From", Optional.empty(), List.of());
        }
        if (authors.domains().size() > limits.authorDomains()) {
            return DmarcResult.without(DmarcVerdict.PERMERROR, "more than " + limits.authorDomains() + " author domains",
                    Optional.empty(), List.of());
        }
        Check check = new Check(spf, dkim);
        // RFC 9989 §5.3.1 leaves several authors to us: each must pass, else the strictest policy of those that fail applies.
        DmarcResult worst = authors.domains().stream().map(check::judge)
                .max(Comparator.comparingInt(DmarcChecker::badness).thenComparing(DmarcResult::applied)).orElseThrow();
        if (authors.unreadable() > 0 && worst.verdict() == DmarcVerdict.PASS) {
            return DmarcResult.without(DmarcVerdict.PERMERROR, "an author without a domain beside others", worst.author(), worst.walks());
        }
        return worst;
    }

    private static int badness(DmarcResult result) {
        return switch (result.verdict()) {
            case PASS -> 0;
            case NONE -> 1;
            case PERMERROR -> 2;
            case TEMPERROR -> 3;
            case FAIL -> result.applied() == DmarcPolicy.NONE ? 2 : 4;
        };
    }

    /** One message: its walks are shared between its authors. */
    private final class Check {
        private final SpfResult spf;
        private final List<DkimResult> dkim;
        private final long startNanos = time.nanos();
        private final Map<Domain, TreeWalk> walks = new HashMap<>();

        Check(SpfResult spf, List<DkimResult> dkim) {
            this.spf = spf;
            this.dkim = dkim;
        }

        DmarcResult judge(Domain author) {
            TreeWalk walk = walk(author);
            Optional<TreeWalk.Step> found = walk.policyStep();
            if (found.isEmpty() || found.get().record().isEmpty() || (walk.failed() && walk.own().isEmpty())) {
                return walk.failed()
                        ? DmarcResult.without(DmarcVerdict.TEMPERROR, "looking up the policy of " + author + ": "
                                + walk.steps().getLast().answer(), Optional.of(author), allWalks())
                        : DmarcResult.without(DmarcVerdict.NONE, author + " publishes no policy", Optional.of(author), allWalks());
            }
            DmarcRecord record = found.get().record().get();
            if (record.wrongPolicy() && record.aggregateReports().isEmpty()) { // RFC 9989 §4.10.1
                return DmarcResult.without(DmarcVerdict.NONE, "the policy of " + found.get().domain() + " is wrong",
                        Optional.of(author), allWalks());
            }
            Alignment alignment = new Alignment(author, walk, record);
            alignment.compute();
            Optional<DmarcPolicy> requested = requested(author, found.get().domain(), record);
            boolean passed = alignment.spfAligned || alignment.dkimAligned;
            boolean unknown = !passed && (alignment.mayAlign || requested.isEmpty());
            DmarcVerdict verdict = passed ? DmarcVerdict.PASS : unknown ? DmarcVerdict.TEMPERROR : DmarcVerdict.FAIL;
            DmarcPolicy policy = requested.orElse(DmarcPolicy.NONE);
            DmarcPolicy applied = record.testing() ? policy.milder() : policy;
            String reason = passed ? "" : unknown ? "the DNS failed where it may have made a difference"
                    : "neither SPF nor DKIM vouches for " + author;
            return new DmarcResult(verdict, reason, Optional.of(author), requested,
                    verdict == DmarcVerdict.FAIL ? applied : DmarcPolicy.NONE, Optional.of(found.get().domain()),
                    Optional.of(walk.failed() ? author : walk.organizationalDomain()), Optional.of(record),
                    alignment.spfAligned, alignment.dkimAligned, allWalks());
        }

        /** The policy for the author (RFC 9989 §4.10.1); empty if the DNS failed while it mattered whether the domain exists. */
        private Optional<DmarcPolicy> requested(Domain author, Domain policyDomain, DmarcRecord record) {
            if (record.wrongPolicy()) {
                return Optional.of(DmarcPolicy.NONE);
            }
            DmarcPolicy own = record.policy().orElse(DmarcPolicy.NONE);
            if (author.equals(policyDomain)) {
                return Optional.of(own);
            }
            DmarcPolicy existing = record.subdomainPolicy().orElse(own);
            DmarcPolicy absent = record.absentSubdomainPolicy().orElse(existing);
            if (existing == absent) {
                return Optional.of(existing);
            }
            Answer<Rdata.Mx> answer = resolver.resolve(DnsName.of(author), RecordType.MX, remaining());
            if (answer.temporary()) {
                return Optional.empty();
            }
            return Optional.of(answer instanceof Answer.NxDomain<Rdata.Mx> ? absent : existing); // RFC 9989 §3.2.13
        }

        private TreeWalk walk(Domain domain) {
            TreeWalk known = walks.get(domain);
            if (known == null) {
                known = TreeWalk.of(domain, resolver, this::remaining);
                walks.put(domain, known);
            }
            return known;
        }

        private List<TreeWalk> allWalks() {
            return walks.values().stream().sorted(Comparator.comparing(walk -> walk.start().ascii())).toList();
        }

        private Duration remaining() {
            return limits.time().minusNanos(time.nanos() - startNanos);
        }

        /** Which identifiers stand behind an author's domain (RFC 9989 §4.10.2). */
        private final class Alignment {
            private final Domain author;
            private final TreeWalk walk;
            private final DmarcRecord record;
            private boolean spfAligned;
            private boolean dkimAligned;
            /** Whether something that failed in the DNS may have been a pass. */
            private boolean mayAlign;

            Alignment(Domain author, TreeWalk walk, DmarcRecord record) {
                this.author = author;
                this.walk = walk;
                this.record = record;
            }

            void compute() {
                for (DkimResult result : dkim) {
                    boolean counts = result.verdict() == DkimVerdict.PASS
                            && (result.unsignedOctets() == 0 || limits.partialSignatures());
                    boolean unknown = result.verdict() == DkimVerdict.TEMPERROR;
                    if ((counts || unknown) && result.domain().isPresent() && aligned(result.domain().get(), record.strictDkim())) {
                        dkimAligned |= counts;
                        mayAlign |= unknown;
                    }
                }
                Optional<Domain> spfDomain = Domain.parse(spf.domain());
                boolean counts = spf.verdict() == SpfVerdict.PASS;
                boolean unknown = spf.verdict() == SpfVerdict.TEMPERROR;
                if ((counts || unknown) && spfDomain.isPresent() && aligned(spfDomain.get(), record.strictSpf())) {
                    spfAligned |= counts;
                    mayAlign |= unknown;
                }
            }

            private boolean aligned(Domain identifier, boolean strict) {
                if (identifier.equals(author)) {
                    return true;
                }
                if (strict) {
                    return false;
                }
                if (walk.failed()) {
                    mayAlign = true; // The author's organization is unknown.
                    return false;
                }
                Domain organization = walk.organizationalDomain();
                if (!isWithin(identifier, organization)) {
                    return false; // Its organization cannot be the author's: no need to ask.
                }
                TreeWalk other = walk(identifier);
                mayAlign |= other.failed();
                return !other.failed() && other.organizationalDomain().equals(organization);
            }

            private static boolean isWithin(Domain domain, Domain above) {
                return domain.equals(above) || domain.ascii().endsWith("." + above.ascii());
            }
        }
    }
}
