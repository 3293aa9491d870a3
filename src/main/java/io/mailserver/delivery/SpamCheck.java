package io.mailserver.delivery;

import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.log.EventLog;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Envelope;
import io.mailserver.spam.Scanner;
import io.mailserver.spam.Sender;
import io.mailserver.spam.SpamFilter;
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
    private final Supplier<SpamFilter> filter;
    private final Predicate<Domain> ours;
    private final EventLog log;

    /**
     * @param filter asked at each use, so that a reload takes effect at once
     * @param ours whether mail for a domain is ours
     */
    public SpamCheck(Supplier<SpamFilter> filter, Predicate<Domain> ours, EventLog log) {
        this.filter = filter;
        this.ours = ours;
        this.log = log;
    }

    /** What is found in the content. */
    public SpamFilter.Report look(Envelope envelope, Evidence evidence, Content content) throws IOException {
        SpamFilter.Report report = filter.get().examine(sender(evidence), scanned(evidence), content, Optional.empty());
        for (String trouble : report.troubles()) {
            log.warn("spam.trouble", "message", envelope.messageId(), "trouble", trouble);
        }
        return report;
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
