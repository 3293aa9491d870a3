package io.mailserver.delivery;

import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.config.ChecksConfig;
import io.mailserver.dkim.DkimResult;
import io.mailserver.dmarc.DmarcPolicy;
import io.mailserver.dns.DnsName;
import io.mailserver.log.EventLog;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.smtp.AddressLiteral;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.spam.Finding;
import io.mailserver.spam.SpamReport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The checks of a running server: who is judged, and who is told of a judgement. Users that logged in are not, nor what comes by LMTP
 * or from trusted clients: their mail was judged where it came in.
 *
 * <p>Safe for use by any thread.
 */
public final class InboundChecks implements Intake.Checks {
    /** Looks at the content of a message: {@link SpamCheck#look}. */
    @FunctionalInterface
    public interface ContentCheck {
        /** For servers that look at senders only. */
        ContentCheck NONE = (envelope, evidence, content) -> SpamReport.EMPTY;

        /** What is found. */
        SpamReport look(Envelope envelope, Evidence evidence, Content content) throws IOException;
    }

    private final Judge judge;
    private final ContentCheck spam;
    private final Supplier<ChecksConfig> config;
    private final CheckStatistics statistics;
    private final Consumer<Judgement> reports;
    private final Time time;
    private final EventLog log;

    /**
     * @param spam looks at contents
     * @param config asked at each use, so that a reload takes effect at once
     * @param reports gets every judgement, whatever becomes of the message after it; must not block for long
     */
    public InboundChecks(Judge judge, ContentCheck spam, Supplier<ChecksConfig> config, CheckStatistics statistics,
            Consumer<Judgement> reports, Time time,
            EventLog log) {
        this.judge = judge;
        this.spam = spam;
        this.config = config;
        this.statistics = statistics;
        this.reports = reports;
        this.time = time;
        this.log = log;
    }

    @Override
    public Optional<Judgement> judge(Envelope envelope, HeaderBlock.Split message, Content content) throws IOException {
        if (!judges(envelope.client())) {
            return Optional.empty();
        }
        long startNanos = time.nanos();
        Judgement judgement = judge.judge(Transaction.of(envelope), message, content.size(), evidence -> spam.look(envelope, evidence,
                content));
        statistics.count(judgement);
        say(judgement, Duration.ofNanos(time.nanos() - startNanos));
        reports.accept(judgement);
        return Optional.of(judgement);
    }

    private boolean judges(Client client) {
        ChecksConfig now = config.get();
        return now.enabled() && client.service() == Client.Service.INBOUND && client.authenticated().isEmpty()
                && now.trustedClients().stream().noneMatch(network -> network.contains(client.address()));
    }

    private void say(Judgement judgement, Duration took) {
        Evidence evidence = judgement.evidence();
        log.say(
                line(evidence),
                "checks.done",
                "verdict", judgement.overall().word(),
                "rule", judgement.overall().rule(),
                "reason", judgement.overall().reason(),
                "recipients", recipients(judgement),
                "address", AddressLiteral.plain(evidence.transaction().client()),
                "iprev", evidence.iprev().map(result -> result.verdict().word()).orElse("none"),
                "rdns", evidence.iprev().map(InboundChecks::names).orElse(""),
                "helo", evidence.transaction().helo(),
                "helo-check", evidence.helo().verdict().word(),
                "from", evidence.transaction().mailFrom(),
                "spf", evidence.spfMailFrom().verdict().word(),
                "spf-domain", evidence.spfMailFrom().domain(),
                "spf-reason", evidence.spfMailFrom().mechanism().orElse(evidence.spfMailFrom().problem()),
                "spf-helo", evidence.spfHelo().verdict().word(),
                "dkim", evidence.dkimOverall().word(),
                "dkim-signatures", signatures(evidence.dkim()),
                "arc", evidence.arc().status().word(),
                "arc-reason", evidence.arc().reason(),
                "author", evidence.dmarc().author().map(Domain::ascii).orElse(""),
                "dmarc", evidence.dmarc().verdict().word(),
                "dmarc-policy", evidence.dmarc().requested().map(DmarcPolicy::word).orElse(""),
                "dmarc-reason", evidence.dmarc().reason(),
                "list", evidence.listMark().orElse(""),
                "score", evidence.score(),
                "findings", evidence.content().findings().stream().map(Finding::toString).collect(Collectors.joining(",")),
                "took-ms", took.toMillis());
    }

    /** The line for people: {@code [AUTH] SPF: PASS DKIM: PASS DMARC: PASS}. */
    public static String line(Evidence evidence) {
        return "[AUTH] SPF: " + shout(evidence.spfMailFrom().verdict().word()) + " DKIM: " + shout(evidence.dkimOverall().word())
                + " DMARC: " + shout(evidence.dmarc().verdict().word());
    }

    private static String shout(String word) {
        return word.toUpperCase(Locale.ROOT);
    }

    private static String recipients(Judgement judgement) {
        return judgement.recipients().stream()
                .filter(each -> !each.verdict().equals(judgement.overall()))
                .map(each -> each.address() + " " + each.verdict().word() + " by " + each.verdict().rule())
                .collect(Collectors.joining(", "));
    }

    private static String names(IprevResult result) {
        List<DnsName> names = result.confirmed().isEmpty() ? result.names() : result.confirmed();
        return names.stream().map(DnsName::toString).collect(Collectors.joining(" "));
    }

    private static String signatures(List<DkimResult> results) {
        return results.stream()
                .map(result -> (result.verdict().word() + " d=" + result.domain().map(Domain::ascii).orElse("") + " s="
                        + result.selector() + " " + result.reason()).strip())
                .collect(Collectors.joining(", "));
    }
}
