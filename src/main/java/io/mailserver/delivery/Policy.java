package io.mailserver.delivery;

import io.mailserver.base.Domain;
import io.mailserver.config.ByteSize;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.ChecksConfig.Mode;
import io.mailserver.config.NamePattern;
import io.mailserver.config.RuleConfig;
import io.mailserver.config.SpamConfig;
import io.mailserver.dmarc.DmarcPolicy;
import io.mailserver.dmarc.DmarcResult;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.dns.DnsName;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Reply;
import io.mailserver.spam.Finding;
import io.mailserver.spam.SpamReport;
import io.mailserver.spf.SpfVerdict;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a message, decided by the evidence and the configuration and nothing else. In this order, the first that applies: a
 * header that nobody can check, clients and proven senders that are allowed, the configured rules, what the author's domain asks for
 * (DMARC) as far as the mode of the recipient's domain goes, and last: accepted.
 *
 * <p>SPF alone refuses nothing: forwarded mail fails it, and its owner may ask for more by DMARC (RFC 9989 §8.1).
 */
public final class Policy {
    static final String HEADER_TOO_LARGE = "header-too-large";
    static final String ALLOWED_CLIENT = "allowed-client";
    static final String ALLOWED_SENDER = "allowed-sender";
    static final String DMARC_REJECT = "dmarc-reject";
    static final String DMARC_QUARANTINE = "dmarc-quarantine";
    static final String DMARC_UNKNOWN = "dmarc-unknown";
    static final String MAILING_LIST = "mailing-list";
    static final String TRUSTED_SEALER = "trusted-sealer";
    static final String MODE = "mode";
    static final String SPAM = "spam";
    static final String INFECTED = "infected";
    static final String GREYLISTED = "greylisted";
    static final String SCANNER = "scanner";
    static final String NO_OBJECTION = "no-objection";

    private final ChecksConfig config;
    private final SpamConfig spam;

    public Policy(ChecksConfig config, SpamConfig spam) {
        this.config = config;
        this.spam = spam;
    }

    /**
     * Decides, without looking anywhere else.
     *
     * @param recipient for whom; empty for whom it does not matter, which the default mode is for
     */
    public Verdict decide(Evidence evidence, Optional<Address> recipient) {
        if (evidence.headerCut()) {
            return new Verdict.Reject(HEADER_TOO_LARGE, "the header cannot be checked as a whole",
                    Reply.of(554, "5.6.0", "The header of the message is too large, or has no end: 1 MiB and 10,000 fields are the most"));
        }
        Optional<Verdict> harmful = harmful(evidence.content());
        if (harmful.isPresent()) {
            return harmful.get();
        }
        if (config.allowClients().stream().anyMatch(network -> network.contains(evidence.transaction().client()))) {
            return new Verdict.Accept(ALLOWED_CLIENT, "the client's network is allowed");
        }
        Optional<NamePattern> allowed = config.allowSenders().stream().filter(pattern -> provenSender(evidence, pattern)).findFirst();
        if (allowed.isPresent()) {
            return new Verdict.Accept(ALLOWED_SENDER, allowed.get() + " is allowed, and it is proven");
        }
        for (RuleConfig rule : config.rules()) {
            if (applies(rule, evidence, recipient)) {
                return verdict(rule);
            }
        }
        Verdict bySender = byDmarc(evidence, mode(recipient));
        return bySender instanceof Verdict.Accept accept ? byContent(evidence, recipient, accept) : bySender;
    }

    /** What no allow list lets in: viruses; and what scanners want to see again. */
    private static Optional<Verdict> harmful(SpamReport content) {
        if (content.infected().isPresent()) {
            return Optional.of(new Verdict.Reject(INFECTED, "it carries " + content.infected().get(),
                    Reply.of(550, "5.7.1", "The message carries something harmful: " + SpamText.clean(content.infected().get()))));
        }
        return content.putOff().map(reason -> new Verdict.Defer(SCANNER, reason,
                Reply.of(451, "4.7.1", "Cannot check the message now: " + SpamText.clean(reason) + "; try again later")));
    }

    private Verdict byContent(Evidence evidence, Optional<Address> recipient, Verdict.Accept otherwise) {
        SpamReport content = evidence.content();
        if (content.refused().isPresent()) {
            return new Verdict.Reject(SCANNER, content.refused().get(),
                    Reply.of(550, "5.7.1", SpamText.clean(content.refused().get())));
        }
        SpamLimits limits = SpamLimits.of(spam, content, recipient);
        List<Finding> findings = limits.findings();
        double score = limits.score();
        if (score >= limits.reject()) {
            return new Verdict.Reject(SPAM, SpamText.reason(findings, score, limits.reject()),
                    Reply.of(550, "5.7.1", "The message looks like junk mail: " + SpamText.why(findings)));
        }
        if (score >= limits.junk()) {
            return new Verdict.Junk(SPAM, SpamText.reason(findings, score, limits.junk()));
        }
        if (content.greylisted().isPresent()) {
            return new Verdict.Defer(GREYLISTED, content.greylisted().get(),
                    Reply.of(451, "4.7.1", "Greylisted: " + SpamText.clean(content.greylisted().get())));
        }
        return content.quarantine().<Verdict>map(reason -> new Verdict.Junk(SCANNER, reason)).orElse(otherwise);
    }

    private Mode mode(Optional<Address> recipient) {
        Optional<Domain> domain = recipient.flatMap(Address::domain);
        return config.modes().stream().filter(each -> domain.filter(each.domain()::equals).isPresent()).findFirst()
                .map(ChecksConfig.DomainMode::mode).orElse(config.mode());
    }

    /** Whether a sender that a pattern means is not only named but proven: else an allow list would be an invitation. */
    private static boolean provenSender(Evidence evidence, NamePattern pattern) {
        String mailFrom = evidence.transaction().mailFrom();
        String envelopeDomain = mailFrom.substring(mailFrom.lastIndexOf('@') + 1);
        boolean envelope = pattern.matchesAddress(mailFrom)
                && (evidence.spfMailFrom().verdict() == SpfVerdict.PASS || ProvenSender.signedBy(evidence, envelopeDomain));
        if (envelope && !mailFrom.isEmpty()) {
            return true;
        }
        return evidence.authors().unreadable() == 0 && evidence.authors().domains().size() == 1
                && pattern.matchesName(evidence.authors().domains().getFirst().ascii())
                && (evidence.dmarc().verdict() == DmarcVerdict.PASS
                        || ProvenSender.signedBy(evidence, evidence.authors().domains().getFirst().ascii()));
    }

    private static boolean applies(RuleConfig rule, Evidence evidence, Optional<Address> recipient) {
        Transaction transaction = evidence.transaction();
        return (rule.client().isEmpty() || rule.client().stream().anyMatch(network -> network.contains(transaction.client())))
                && (rule.helo().isEmpty() || rule.helo().stream().anyMatch(pattern -> pattern.matchesName(transaction.helo())))
                && (rule.rdns().isEmpty() || rule.rdns().stream().anyMatch(pattern -> matchesReverse(pattern, evidence)))
                && (rule.sender().isEmpty() || rule.sender().stream().anyMatch(pattern -> pattern.matchesAddress(transaction.mailFrom())))
                && (rule.author().isEmpty() || evidence.authors().domains().stream()
                        .anyMatch(author -> rule.author().stream().anyMatch(pattern -> pattern.matchesName(author.ascii()))))
                && (rule.recipient().isEmpty() || (recipient.isPresent() && rule.recipient().stream()
                        .anyMatch(pattern -> pattern.matchesAddress(recipient.get().toString()))))
                && rule.largerThan().map(ByteSize::octets).filter(octets -> evidence.size() <= octets).isEmpty()
                && (rule.spf().isEmpty() || rule.spf().contains(evidence.spfMailFrom().verdict()))
                && (rule.dkim().isEmpty() || rule.dkim().contains(evidence.dkimOverall()))
                && (rule.dmarc().isEmpty() || rule.dmarc().contains(evidence.dmarc().verdict()))
                && (rule.arc().isEmpty() || rule.arc().contains(evidence.arc().status()))
                && rule.score().filter(least -> evidence.score() < least).isEmpty();
    }

    private static boolean matchesReverse(NamePattern pattern, Evidence evidence) {
        List<DnsName> confirmed = evidence.iprev().map(IprevResult::confirmed).orElse(List.of());
        boolean unnamed = evidence.iprev().filter(result -> result.verdict() == IprevResult.Verdict.FAIL
                || result.verdict() == IprevResult.Verdict.PERMERROR).isPresent();
        return pattern.text().equals(RuleConfig.NO_NAME) ? unnamed
                : confirmed.stream().anyMatch(name -> pattern.matchesName(name.text()));
    }

    private static Verdict verdict(RuleConfig rule) {
        String reason = "rule " + rule.name() + " of the configuration";
        return switch (rule.then()) {
            case ACCEPT -> new Verdict.Accept(rule.name(), reason);
            case JUNK -> new Verdict.Junk(rule.name(), reason);
            case DEFER -> new Verdict.Defer(rule.name(), reason,
                    Reply.of(451, "4.7.1", rule.text().orElse("Not now by a rule of this server; try again later")));
            case REJECT -> new Verdict.Reject(rule.name(), reason,
                    Reply.of(550, "5.7.1", rule.text().orElse("Refused by a rule of this server; write to its postmaster")));
        };
    }

    /** RFC 9989 §5.4. */
    private Verdict byDmarc(Evidence evidence, Mode mode) {
        DmarcResult dmarc = evidence.dmarc();
        return switch (dmarc.verdict()) {
            case PASS -> new Verdict.Accept(NO_OBJECTION, "the author's domain vouches for it");
            case NONE -> new Verdict.Accept(NO_OBJECTION, dmarc.reason());
            case PERMERROR -> new Verdict.Accept(NO_OBJECTION, "DMARC says nothing: " + dmarc.reason());
            case TEMPERROR -> unknown(evidence, mode);
            case FAIL -> disowned(evidence, mode);
        };
    }

    private Verdict unknown(Evidence evidence, Mode mode) {
        DmarcResult dmarc = evidence.dmarc();
        boolean mayHideReject = dmarc.requested().isEmpty() || dmarc.requested().get() == DmarcPolicy.REJECT;
        boolean list = evidence.listMark().isPresent() && !config.rejectLists();
        if (!mayHideReject || list || mode != Mode.ENFORCE) {
            return new Verdict.Accept(NO_OBJECTION, "DMARC is unknown, which cannot hide a refusal: " + dmarc.reason());
        }
        if (!evidence.dnsAlive() && AddressChecks.isLocal(evidence.transaction().client())) {
            // A machine without a network: nobody who could forge mail reaches it, and its own mail must flow.
            return new Verdict.Accept(NO_OBJECTION, "DMARC is unknown: no DNS server answers, and the client is near");
        }
        return new Verdict.Defer(DMARC_UNKNOWN, dmarc.reason(),
                Reply.of(451, "4.7.0", "Cannot verify the sender now: " + dmarc.reason() + "; try again later"));
    }

    private Verdict disowned(Evidence evidence, Mode mode) {
        DmarcResult dmarc = evidence.dmarc();
        if (dmarc.applied() == DmarcPolicy.NONE) {
            return new Verdict.Accept(NO_OBJECTION, dmarc.reason() + ", but its owner asks for nothing");
        }
        Optional<String> sealed = TrustedSealers.voucher(evidence, config.trustedSealers());
        if (sealed.isPresent()) {
            return new Verdict.Accept(TRUSTED_SEALER, sealed.get());
        }
        if (mode == Mode.REPORT) {
            return new Verdict.Accept(MODE, dmarc.reason() + "; the domain's mode is report");
        }
        if (dmarc.applied() == DmarcPolicy.QUARANTINE) {
            return new Verdict.Junk(DMARC_QUARANTINE, dmarc.reason());
        }
        if (evidence.listMark().isPresent() && !config.rejectLists()) {
            return new Verdict.Junk(MAILING_LIST, dmarc.reason() + ", but " + evidence.listMark().get() + " looks like a mailing list's");
        }
        if (mode == Mode.QUARANTINE) {
            return new Verdict.Junk(MODE, dmarc.reason() + "; the domain's mode is quarantine");
        }
        if (evidence.arc().temporary() && !config.trustedSealers().isEmpty()) {
            return new Verdict.Defer(DMARC_UNKNOWN, "a chain that may vouch for it could not be verified: " + evidence.arc().reason(),
                    Reply.of(451, "4.7.0", "Cannot verify who forwarded the message now; try again later"));
        }
        return new Verdict.Reject(DMARC_REJECT, dmarc.reason(), Reply.of(550, "5.7.1", RefusalText.of(evidence)));
    }
}
