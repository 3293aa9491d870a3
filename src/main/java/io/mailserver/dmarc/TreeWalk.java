package io.mailserver.dmarc;

import io.mailserver.base.Domain;
import io.mailserver.dmarc.DmarcRecord.PublicSuffix;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The policies found from a domain up to the root (RFC 9989 §4.10).
 *
 * @param start where it started
 * @param steps one for each question, from the longest name to the shortest
 */
public record TreeWalk(Domain start, List<Step> steps) {
    /** RFC 9989 §4.10: at most eight questions, so names of more labels are shortened to seven after the first. */
    private static final int MAX_QUERIES = 8;

    public TreeWalk {
        steps = List.copyOf(steps);
    }

    /**
     * One question.
     *
     * @param domain whose policy was asked for
     * @param record the one policy it publishes; empty if it publishes none, or several
     * @param answer what the DNS said, for people
     * @param failed whether the DNS failed, so that nothing is known
     */
    public record Step(Domain domain, Optional<DmarcRecord> record, String answer, boolean failed) {}

    /**
     * Walks. Blocks for the DNS; ends early at a {@code psd=y} or {@code psd=n}, and at a DNS failure.
     *
     * @param remaining how long each question may wait at most
     */
    public static TreeWalk of(Domain start, Resolver resolver, Supplier<Duration> remaining) {
        List<Step> steps = new ArrayList<>();
        for (Domain domain : targets(start)) {
            Step step = ask(domain, resolver, remaining.get());
            steps.add(step);
            boolean decided = step.record().filter(record -> record.publicSuffix() != PublicSuffix.UNKNOWN).isPresent();
            if (decided || step.failed()) {
                break;
            }
        }
        return new TreeWalk(start, steps);
    }

    /** The names to ask for, in order (RFC 9989 §4.10, steps 3 to 7). */
    static List<Domain> targets(Domain start) {
        List<String> labels = List.of(start.ascii().split("\\.", -1));
        List<Domain> targets = new ArrayList<>(List.of(start));
        for (int count = Math.min(labels.size() - 1, MAX_QUERIES - 1); count >= 1; count--) {
            targets.add(new Domain(String.join(".", labels.subList(labels.size() - count, labels.size()))));
        }
        return targets;
    }

    private static Step ask(Domain domain, Resolver resolver, Duration within) {
        Optional<DnsName> name = DnsName.of(domain).child("_dmarc");
        if (name.isEmpty()) {
            return new Step(domain, Optional.empty(), "too long a name", false);
        }
        Answer<Rdata.Txt> answer = resolver.resolve(name.get(), RecordType.TXT, within);
        List<String> policies = answer.records().stream().map(Rdata.Txt::latin1).filter(DmarcRecord::isDmarc).toList();
        String said = policies.size() > 1 ? policies.size() + " policies, so none" : answer.summary();
        return new Step(domain, policies.size() == 1 ? Optional.of(DmarcRecord.parse(policies.getFirst())) : Optional.empty(),
                said, answer.temporary());
    }

    /** Whether a DNS failure ended it, so that its outcome is unknown. */
    public boolean failed() {
        return !steps.isEmpty() && steps.getLast().failed();
    }

    /** The policy of the domain where it started. */
    public Optional<DmarcRecord> own() {
        return steps.isEmpty() ? Optional.empty() : steps.getFirst().record();
    }

    /** The organizational domain (RFC 9989 §4.10.2). */
    public Domain organizationalDomain() {
        Domain shortest = start;
        for (Step step : steps) {
            if (step.record().isPresent()) {
                PublicSuffix suffix = step.record().get().publicSuffix();
                if (suffix == PublicSuffix.NO) {
                    return step.domain();
                }
                if (suffix == PublicSuffix.YES && !step.domain().equals(start)) {
                    return oneLabelBelow(step.domain());
                }
                shortest = step.domain();
            }
        }
        return shortest;
    }

    /** Where the policy is taken from (RFC 9989 §4.10.1): the domain, its organizational domain, or the public suffix above that. */
    public Optional<Step> policyStep() {
        if (own().isPresent()) {
            return Optional.of(steps.getFirst());
        }
        Domain organization = organizationalDomain();
        return steps.stream().filter(step -> step.record().isPresent())
                .filter(step -> step.domain().equals(organization)
                        || step.record().get().publicSuffix() == PublicSuffix.YES)
                .findFirst();
    }

    /** The domain one label longer than a public suffix, on the way to the start. */
    private Domain oneLabelBelow(Domain suffix) {
        String prefix = start.ascii().substring(0, start.ascii().length() - suffix.ascii().length() - 1);
        return new Domain(prefix.substring(prefix.lastIndexOf('.') + 1) + "." + suffix.ascii());
    }
}
