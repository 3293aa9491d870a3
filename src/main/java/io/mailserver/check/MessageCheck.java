package io.mailserver.check;

import io.mailserver.authres.AuthenticationResults;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.SpamConfig;
import io.mailserver.delivery.Evidence;
import io.mailserver.delivery.Examiner;
import io.mailserver.delivery.Judge;
import io.mailserver.delivery.Judgement;
import io.mailserver.delivery.SpamCheck;
import io.mailserver.delivery.Transaction;
import io.mailserver.delivery.Verdict;
import io.mailserver.dmarc.DmarcPolicy;
import io.mailserver.dns.Resolver;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Reply;
import io.mailserver.spam.BayesClassifier;
import io.mailserver.spam.Failures;
import io.mailserver.spam.Finding;
import io.mailserver.spam.Scanner;
import io.mailserver.spam.SpamFilter;
import io.mailserver.spam.SpamReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** The whole judgement of a message, as the server would reach it, with every DNS answer used. Blocks for files and the DNS. */
public final class MessageCheck {
    private static final String POOL = "check";
    private static final int MIN_TOKENS = 1 << 10;

    private final Resolver resolver;
    private final Judge.Settings settings;
    private final Time time;

    /**
     * @param hostname of the server that judges
     * @param checks its configuration
     */
    public MessageCheck(Resolver resolver, String hostname, ChecksConfig checks, SpamConfig spam, Time time) {
        this.resolver = resolver;
        this.settings = new Judge.Settings(hostname, checks, spam);
        this.time = time;
    }

    /**
     * Judges. The first word of the report is what would become of the message: accept, junk, defer, reject.
     *
     * @param learned what a data folder has learned about such mail; empty where nobody asked it
     */
    public CheckReport judge(Transaction transaction, MessageFile message, List<Finding> learned) throws IOException {
        RecordingResolver recording = new RecordingResolver(resolver);
        try (PlatformPool pool = new PlatformPool(POOL, 1, 1);
                InputStream in = message.open()) {
            Judge judge = new Judge(new Examiner(recording, pool, time), () -> settings, time);
            long size = size(message);
            Judgement judgement = judge.judge(transaction, HeaderBlock.split(in, HeaderBlock.Limits.DEFAULTS), size,
                    evidence -> content(evidence, new CheckedContent(message, size), learned));
            SpamReport reached = judgement.evidence().content();
            SpamReport content = reached.looked() || !settings.spam().enabled() ? reached
                    : content(judgement.evidence(), new CheckedContent(message, size), learned);
            return new CheckReport(judgement.overall().word(), lines(judgement, content, recording), data(judgement, content, recording));
        }
    }

    private SpamReport content(Evidence evidence, Content message, List<Finding> learned) throws IOException {
        Transaction transaction = evidence.transaction();
        Set<String> domains = transaction.recipients().stream().map(Address::domain).flatMap(Optional::stream).map(Domain::ascii)
                .collect(Collectors.toUnmodifiableSet());
        Scanner.Envelope envelope = new Scanner.Envelope(transaction.client(), transaction.helo(), transaction.mailFrom(),
                transaction.recipients().stream().map(Address::toString).toList(), "");
        try (HttpClient http = HttpClient.newHttpClient()) {
            SpamFilter.Parts parts = new SpamFilter.Parts(
                    BayesClassifier.empty(Path.of("unused"), MIN_TOKENS), resolver, () -> http, JsonMapper.shared(),
                    new Failures(), time);
            return new SpamFilter(settings.spam(), parts)
                    .examine(SpamCheck.senderOf(evidence, domains, Set.of()), envelope, message, learned, author -> Map.of());
        }
    }

    private static long size(MessageFile message) throws IOException {
        try (InputStream in = message.open()) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** @param content also of a message whose sender decided already, when nobody looks at it any more */
    private static List<String> lines(Judgement judgement, SpamReport content, RecordingResolver dns) {
        Evidence evidence = judgement.evidence();
        List<String> lines = new ArrayList<>();
        lines.add("rule " + judgement.overall().rule() + ": " + judgement.overall().reason());
        reply(judgement.overall(), lines);
        for (Judgement.ForRecipient each : judgement.recipients()) {
            lines.add("for " + each.address() + ": " + each.verdict().word() + " by rule " + each.verdict().rule());
        }
        lines.add("SPF " + evidence.spfMailFrom().verdict().word() + " for " + evidence.spfMailFrom().domain()
                + evidence.spfMailFrom().mechanism().map(term -> " by " + term).orElse(""));
        lines.add("SPF of HELO " + evidence.spfHelo().verdict().word() + " for " + evidence.spfHelo().domain());
        lines.addAll(SenderChecks.dkimReport(evidence.dkim()).lines());
        lines.add("ARC " + evidence.arc().status().word() + (evidence.arc().reason().isEmpty() ? "" : ": " + evidence.arc().reason()));
        lines.add("DMARC " + evidence.dmarc().verdict().word() + evidence.dmarc().author().map(author -> " for " + author).orElse("")
                + evidence.dmarc().requested().map(policy -> ", p=" + policy.word()).orElse(""));
        evidence.iprev().ifPresent(iprev -> lines.add("address " + iprev.verdict().word() + " " + iprev.names() + " " + iprev.reason()));
        lines.add("HELO " + evidence.helo().verdict().word() + ": " + evidence.helo().reason());
        evidence.listMark().ifPresent(mark -> lines.add("looks like mail of a list by " + mark));
        if (content.looked() && !evidence.content().looked()) {
            lines.add("the sender alone decides this; what the content would have got besides:");
        }
        for (Finding finding : content.findings()) {
            lines.add("points " + finding.points() + " " + finding.name() + ": " + finding.reason());
        }
        content.troubles().forEach(trouble -> lines.add("left out: " + trouble));
        lines.add(AuthenticationResults.FIELD + ": " + judgement.results().payload());
        lines.add("DNS answers used:");
        dns.lines().forEach(line -> lines.add("  " + line));
        return lines;
    }

    private static void reply(Verdict verdict, List<String> lines) {
        switch (verdict) {
            case Verdict.Reject reject -> lines.add("reply " + text(reject.reply()));
            case Verdict.Defer defer -> lines.add("reply " + text(defer.reply()));
            case Verdict.Accept accept -> { }
            case Verdict.Junk junk -> { }
        }
    }

    private static String text(Reply reply) {
        return reply.code() + (reply.status() == null ? " " : " " + reply.status() + " ") + String.join(" ", reply.lines());
    }

    private static Map<String, Object> data(Judgement judgement, SpamReport content, RecordingResolver dns) {
        Evidence evidence = judgement.evidence();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("rule", judgement.overall().rule());
        data.put("reason", judgement.overall().reason());
        data.put("recipients", judgement.recipients().stream().map(each -> Map.of("address", each.address().toString(),
                "result", each.verdict().word(), "rule", each.verdict().rule(), "reason", each.verdict().reason())).toList());
        data.put("spf", withResult(evidence.spfMailFrom().verdict().word(), SenderChecks.spfData(evidence.spfMailFrom())));
        data.put("spfHelo", withResult(evidence.spfHelo().verdict().word(), SenderChecks.spfData(evidence.spfHelo())));
        data.put("dkim", SenderChecks.dkimReport(evidence.dkim()).data().get("signatures"));
        data.put("arc", Map.of("result", evidence.arc().status().word(), "reason", evidence.arc().reason()));
        Map<String, Object> dmarc = new LinkedHashMap<>();
        dmarc.put("result", evidence.dmarc().verdict().word());
        dmarc.put("reason", evidence.dmarc().reason());
        evidence.dmarc().author().ifPresent(author -> dmarc.put("author", author.ascii()));
        dmarc.put("policy", evidence.dmarc().requested().map(DmarcPolicy::word).orElse(""));
        dmarc.put("disposition", judgement.dmarc().disposition().word());
        data.put("dmarc", dmarc);
        data.put("iprev", evidence.iprev().map(iprev -> iprev.verdict().word()).orElse(""));
        data.put("helo", evidence.helo().verdict().word());
        data.put("list", evidence.listMark().orElse(""));
        data.put("score", evidence.score());
        data.put("contentDecides", evidence.content().looked());
        data.put("findings", content.findings().stream()
                .map(each -> Map.of("name", each.name(), "points", each.points(), "reason", each.reason())).toList());
        data.put("authenticationResults", judgement.results().payload());
        data.put("dns", dns.data());
        return data;
    }

    private static Map<String, Object> withResult(String result, Map<String, Object> data) {
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("result", result);
        whole.putAll(data);
        return whole;
    }
}
