package io.mailserver.delivery;

import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.log.EventLog;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Envelope;
import io.mailserver.config.SpamConfig;
import io.mailserver.spam.Finding;
import io.mailserver.spam.Scanner;
import io.mailserver.spam.Sender;
import io.mailserver.spam.SpamFilter;
import io.mailserver.spam.SpamReport;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Has the spam filter look at a message, with what is known of its sender. What the filter could not ask is logged and left out.
 *
 * <p>Safe for use by any thread.
 */
public final class SpamCheck {
    /** Tests' own strings, and what somebody put on a list: no example of anything. */
    private static final Set<String> TEACH_NOTHING = Set.of("GTUBE", "BLOCKED");

    private static final double HARDLY_ANYTHING = 1;

    private final Supplier<SpamFilter> filter;
    private final Predicate<Domain> ours;
    private final SpamPeople people;
    private final EventLog log;

    /**
     * @param filter asked at each use, so that a reload takes effect at once
     * @param ours whether mail for a domain is ours
     * @param people what is known of recipients and senders
     */
    public SpamCheck(Supplier<SpamFilter> filter, Predicate<Domain> ours, SpamPeople people, EventLog log) {
        this.filter = filter;
        this.ours = ours;
        this.people = people;
        this.log = log;
    }

    /** What is found in the content. */
    public SpamReport look(Envelope envelope, Evidence evidence, Content content) throws IOException {
        SpamReport report = examined(evidence, content);
        for (String trouble : report.troubles()) {
            log.warn("spam.trouble", "message", envelope.messageId(), "trouble", trouble);
        }
        return report.putOff().isPresent() ? report : greylisted(evidence, report);
    }

    /** A mistake in the filter leaves the filter out; it never keeps mail from coming in. */
    private SpamReport examined(Evidence evidence, Content content) throws IOException {
        try {
            return filter.get().examine(sender(evidence), scanned(evidence), content, people.reputation(evidence),
                    author -> people.of(evidence, author));
        } catch (RuntimeException | StackOverflowError e) {
            return SpamReport.failed("the filter failed: " + e);
        }
    }

    /** Doubtful mail of somebody whom no recipient knows has to come again: those who send junk in bulk seldom do. */
    private SpamReport greylisted(Evidence evidence, SpamReport report) {
        SpamConfig config = filter.get().config();
        boolean doubtful = report.score() >= config.greylisting().from() && report.score() < config.junk();
        boolean known = report.personal().values().stream().anyMatch(each -> each.findings().stream()
                .anyMatch(finding -> finding.name().equals("KNOWN_AUTHOR") || finding.name().equals(SpamPeople.WANTED)));
        if (!config.greylisting().enabled() || !report.looked() || !doubtful || known
                || AddressChecks.isLocal(evidence.transaction().client())) {
            return report;
        }
        return people.greylist(evidence, config.greylisting()).map(left -> report.greylisted("mail from there is new here and looks "
                + "doubtful; come again in " + Math.max(1, left.toSeconds()) + " s")).orElse(report);
    }

    /** Remembers how a message was judged, and learns from what needs nobody to say what it is. Does not block. */
    public void judged(Judgement judgement) {
        SpamReport content = judgement.evidence().content();
        if (!content.looked() || judgement.overall() instanceof Verdict.Defer) {
            return;
        }
        SpamConfig config = filter.get().config();
        // What was learned or remembered must not confirm itself.
        List<Finding> own = content.findings().stream()
                .filter(finding -> !finding.name().startsWith("LEARNED_") && !finding.name().startsWith("REPUTATION_")).toList();
        double score = own.stream().mapToDouble(Finding::points).sum();
        boolean junk = score >= config.junk() || content.infected().isPresent();
        if (own.stream().noneMatch(finding -> TEACH_NOTHING.contains(finding.name()))) {
            people.judged(judgement.evidence(), junk);
            if (config.learnClearCases() && content.infected().isEmpty()) {
                learn(content, score, config);
            }
        }
    }

    private void learn(SpamReport content, double score, SpamConfig config) {
        boolean seemsJunk = content.findings().stream().anyMatch(finding -> finding.name().equals("LEARNED_JUNK"));
        boolean known = content.personal().values().stream()
                .anyMatch(each -> each.findings().stream().anyMatch(finding -> finding.name().equals("KNOWN_AUTHOR")));
        if (score >= config.reject()) {
            content.tokens().ifPresent(tokens -> people.clearCase(tokens, true));
        } else if (known && score < HARDLY_ANYTHING && !seemsJunk) {
            content.tokens().ifPresent(tokens -> people.clearCase(tokens, false));
        }
    }

    private static Scanner.Envelope scanned(Evidence evidence) {
        Transaction transaction = evidence.transaction();
        return new Scanner.Envelope(transaction.client(), transaction.helo(), transaction.mailFrom(),
                transaction.recipients().stream().map(Address::toString).toList(), "");
    }

    /** What rules may ask about the sender. */
    private Sender sender(Evidence evidence) {
        List<Address> recipients = evidence.transaction().recipients();
        Set<String> own = recipients.stream().map(Address::domain).flatMap(Optional::stream).filter(ours).map(Domain::ascii)
                .collect(Collectors.toUnmodifiableSet());
        Set<String> names = recipients.stream().map(address -> address.localPart().toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        return senderOf(evidence, own, names);
    }

    /** The same for a message that was not received, as on the command line. */
    public static Sender senderOf(Evidence evidence, Set<String> ownDomains, Set<String> recipientNames) {
        boolean nameless = evidence.iprev().filter(result -> result.verdict() == IprevResult.Verdict.PERMERROR
                || result.verdict() == IprevResult.Verdict.FAIL).isPresent();
        boolean local = AddressChecks.isLocal(evidence.transaction().client());
        boolean heloWrong = !local && (evidence.helo().verdict() == HeloResult.Verdict.MALFORMED
                || evidence.helo().verdict() == HeloResult.Verdict.UNRESOLVED);
        return new Sender(evidence.spfMailFrom().verdict(), evidence.dkimOverall(), evidence.dmarc().verdict(), nameless, heloWrong,
                evidence.transaction().mailFrom().isEmpty(), ownDomains, recipientNames, false, local);
    }
}
