package io.mailserver.spf;

import io.mailserver.base.Time;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.spf.SpfRecord.Directive;
import io.mailserver.spf.SpfRecord.Mechanism;
import io.mailserver.spf.SpfResult.Evidence;
import io.mailserver.spf.SpfResult.Identity;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One check: its counters, its evidence and the walk through the records. Used by one thread. */
final class Evaluation {
    private static final int MAX_EVIDENCE = 200;
    private static final int MAX_EXPLANATION_CHARS = 500;

    private final Resolver resolver;
    private final Time time;
    private final SpfLimits limits;
    private final Client client;
    private final SenderMacros macros;
    private final DnsName first;
    private final boolean asciiLocalPart;
    private final long startNanos;
    private final List<Evidence> evidence = new ArrayList<>();
    private int lookups;
    private int voidLookups;
    /** The names of the client that lead back to it; looked up when first wanted. */
    private Optional<List<DnsName>> validatedNames = Optional.empty();

    /** An end of everything: temperror or permerror. Without a stack. */
    private static final class Abandoned extends RuntimeException {
        private final SpfVerdict verdict;
        private final String problem;

        Abandoned(SpfVerdict verdict, String problem) {
            super(problem, null, false, false);
            this.verdict = verdict;
            this.problem = problem;
        }
    }

    /** What a record says: the verdict, the directive that matched, and where a fail is explained. */
    private record Outcome(SpfVerdict verdict, Optional<Directive> decided, DnsName domain, Optional<MacroString> explanation,
            String problem) {
        static Outcome none(DnsName domain, String problem) {
            return new Outcome(SpfVerdict.NONE, Optional.empty(), domain, Optional.empty(), problem);
        }
    }

    Evaluation(Resolver resolver, Time time, SpfLimits limits, String receiver, SpfRequest request, String localPart, DnsName first) {
        this.resolver = resolver;
        this.time = time;
        this.limits = limits;
        this.client = Client.of(request.client());
        this.first = first;
        this.macros = new SenderMacros(localPart, first, request.helo(), receiver, client, time.now(), this::validatedNameFor);
        this.asciiLocalPart = localPart.chars().allMatch(c -> c < 0x80);
        this.startNanos = time.nanos();
    }

    SpfResult run(Identity identity) {
        try {
            Outcome outcome = evaluate(first);
            Optional<String> explanation = outcome.verdict() == SpfVerdict.FAIL
                    ? outcome.explanation().flatMap(where -> explain(where, outcome.domain())) : Optional.empty();
            return new SpfResult(outcome.verdict(), identity, first.text(), outcome.decided().map(Directive::text), explanation,
                    outcome.problem(), evidence);
        } catch (Abandoned e) {
            return new SpfResult(e.verdict, identity, first.text(), Optional.empty(), Optional.empty(), e.problem, evidence);
        }
    }

    /** check_host() for one domain (RFC 7208 §4.3 to §4.7). */
    private Outcome evaluate(DnsName domain) {
        Answer<Rdata.Txt> answer = ask(domain, RecordType.TXT, "the SPF record");
        List<String> texts = answer.records().stream().map(Rdata.Txt::latin1).filter(SpfRecord::isSpf).toList();
        if (texts.isEmpty()) {
            note(domain, "record", "none");
            return Outcome.none(domain, domain + " publishes no SPF record");
        }
        if (texts.size() > 1) {
            throw new Abandoned(SpfVerdict.PERMERROR, domain + " publishes " + texts.size() + " SPF records"); // RFC 7208 §4.5
        }
        note(domain, "record", printable(texts.getFirst()));
        SpfRecord spf;
        try {
            spf = SpfRecord.parse(texts.getFirst());
        } catch (SpfSyntaxException e) {
            throw new Abandoned(SpfVerdict.PERMERROR, "the SPF record of " + domain + " has " + e.getMessage());
        }
        for (Directive directive : spf.directives()) {
            boolean matches = matches(directive.mechanism(), domain);
            note(domain, directive.text(), matches ? "match" : "no match");
            if (matches) {
                return new Outcome(directive.onMatch(), Optional.of(directive), domain, spf.explanation(), "");
            }
        }
        if (spf.redirect().isPresent()) { // There is no "all" here: it would have matched (RFC 7208 §5.1).
            return redirect(spf.redirect().get(), domain);
        }
        return new Outcome(SpfVerdict.NEUTRAL, Optional.empty(), domain, Optional.empty(), ""); // RFC 7208 §4.7
    }

    private Outcome redirect(MacroString where, DnsName domain) {
        countLookup("redirect");
        Optional<DnsName> target = target(where, domain);
        note(domain, "redirect", target.map(DnsName::toString).orElse("not a name"));
        Outcome outcome = target.map(this::evaluate).orElseGet(() -> Outcome.none(domain, ""));
        if (outcome.verdict() == SpfVerdict.NONE) { // RFC 7208 §6.1
            throw new Abandoned(SpfVerdict.PERMERROR, "the redirect of " + domain + " leads to no SPF record");
        }
        return outcome;
    }

    private boolean matches(Mechanism mechanism, DnsName domain) {
        return switch (mechanism) {
            case Mechanism.All all -> true;
            case Mechanism.Ip ip -> ip.v6() == client.v6() && client.isWithin(ip.network().getAddress(), ip.prefix());
            case Mechanism.Include include -> include(include.domain(), domain);
            case Mechanism.A a -> {
                countLookup("a");
                yield target(a.domain(), domain).map(target -> anyAddress(target, a.prefix4(), a.prefix6())).orElse(false);
            }
            case Mechanism.Mx mx -> {
                countLookup("mx");
                yield target(mx.domain(), domain).map(target -> mx(target, mx)).orElse(false);
            }
            case Mechanism.Ptr ptr -> {
                countLookup("ptr");
                yield target(ptr.domain(), domain)
                        .map(target -> validatedNames().stream().anyMatch(name -> name.isWithin(target))).orElse(false);
            }
            case Mechanism.Exists exists -> {
                countLookup("exists");
                // RFC 7208 §5.7: an A record, whatever the family of the client.
                yield target(exists.domain(), domain)
                        .map(target -> !countVoid(ask(target, RecordType.A, "exists")).records().isEmpty()).orElse(false);
            }
        };
    }

    /** The table of RFC 7208 §5.2. */
    private boolean include(MacroString where, DnsName domain) {
        countLookup("include");
        DnsName target = target(where, domain)
                .orElseThrow(() -> new Abandoned(SpfVerdict.PERMERROR, domain + " includes what is no name"));
        return switch (evaluate(target).verdict()) {
            case PASS -> true;
            case FAIL, SOFTFAIL, NEUTRAL -> false;
            case NONE, PERMERROR, TEMPERROR ->
                throw new Abandoned(SpfVerdict.PERMERROR, domain + " includes " + target + ", which publishes no SPF record");
        };
    }

    private boolean mx(DnsName target, Mechanism.Mx mx) {
        List<Rdata.Mx> hosts = countVoid(ask(target, RecordType.MX, "mx")).records();
        if (hosts.size() > limits.hosts()) {
            throw new Abandoned(SpfVerdict.PERMERROR, target + " has more than " + limits.hosts() + " mail exchanges");
        }
        return hosts.stream()
                .sorted(Comparator.comparingInt(Rdata.Mx::preference))
                .filter(host -> !host.exchange().text().isEmpty()) // RFC 7505: no host at all
                .anyMatch(host -> anyAddress(host.exchange(), mx.prefix4(), mx.prefix6()));
    }

    private boolean anyAddress(DnsName name, int prefix4, int prefix6) {
        return addresses(name).stream()
                .anyMatch(address -> client.isWithin(address, client.v6() ? prefix6 : prefix4));
    }

    /** The addresses of a name in the client's family; a DNS failure is the end. */
    private List<byte[]> addresses(DnsName name) {
        return client.v6()
                ? octets(countVoid(ask(name, RecordType.AAAA, "an address")))
                : octets(countVoid(ask(name, RecordType.A, "an address")));
    }

    private static List<byte[]> octets(Answer<? extends Rdata> answer) {
        List<byte[]> found = new ArrayList<>();
        for (Rdata record : answer.records()) {
            if (record instanceof Rdata.A a) {
                found.add(a.address().getAddress());
            } else if (record instanceof Rdata.Aaaa aaaa) {
                found.add(aaaa.address().getAddress());
            }
        }
        return found;
    }

    /**
     * RFC 7208 §5.5: the names of the client's PTR records whose addresses hold the client; the first ten are tried. DNS failures
     * here only mean that a name does not count. Its addresses finding nothing is no void lookup: they are the client's to publish, not
     * the domain's.
     */
    private List<DnsName> validatedNames() {
        if (validatedNames.isEmpty()) {
            Answer<Rdata.Ptr> answer = resolver.resolve(DnsName.reverse(client.address()), RecordType.PTR, remaining());
            countVoid(answer);
            List<DnsName> validated = new ArrayList<>();
            for (Rdata.Ptr ptr : answer.records().stream().limit(limits.hosts()).toList()) {
                List<byte[]> addresses = client.v6()
                        ? octets(resolver.resolve(ptr.name(), RecordType.AAAA, remaining()))
                        : octets(resolver.resolve(ptr.name(), RecordType.A, remaining()));
                if (addresses.stream().anyMatch(address -> client.isWithin(address, address.length * 8))) {
                    validated.add(ptr.name());
                }
            }
            validatedNames = Optional.of(List.copyOf(validated));
        }
        return validatedNames.get();
    }

    /** The macro p: the domain itself, else a name below it, else any, else "unknown" (RFC 7208 §7.3). */
    private String validatedNameFor(DnsName domain) {
        List<DnsName> names = validatedNames();
        return names.stream().filter(domain::equals).findFirst()
                .or(() -> names.stream().filter(name -> name.isWithin(domain)).findFirst())
                .or(() -> names.stream().findFirst())
                .map(DnsName::text).orElse("unknown");
    }

    /** RFC 7208 §6.2; anything wrong means that there is no explanation. */
    private Optional<String> explain(MacroString where, DnsName domain) {
        try {
            Optional<DnsName> target = target(where, domain);
            if (target.isEmpty()) {
                return Optional.empty();
            }
            List<Rdata.Txt> texts = resolver.resolve(target.get(), RecordType.TXT, remaining()).records();
            if (texts.size() != 1) {
                return Optional.empty();
            }
            String text = MacroString.explanation(texts.getFirst().latin1()).expand(macros.in(domain));
            boolean ascii = text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
            return ascii && !text.isBlank()
                    ? Optional.of(text.substring(0, Math.min(text.length(), MAX_EXPLANATION_CHARS))) : Optional.empty();
        } catch (SpfSyntaxException | Abandoned e) {
            return Optional.empty(); // RFC 7208 §6.2: as if there were no "exp".
        }
    }

    private Optional<DnsName> target(Optional<MacroString> spec, DnsName domain) {
        return spec.isPresent() ? target(spec.get(), domain) : Optional.of(domain);
    }

    /** The target-name (RFC 7208 §4.8); empty if the macros make no name, which matches nothing. */
    private Optional<DnsName> target(MacroString spec, DnsName domain) {
        if (!asciiLocalPart && spec.usesLocalPart()) {
            return Optional.empty(); // RFC 8616 §4
        }
        String text = spec.expand(macros.in(domain));
        if (text.endsWith(".")) {
            text = text.substring(0, text.length() - 1);
        }
        while (text.length() > DnsName.MAX_OCTETS && text.indexOf('.') >= 0) {
            text = text.substring(text.indexOf('.') + 1); // RFC 7208 §7.3: the left side is cut off.
        }
        return DnsName.parse(text);
    }

    private <R extends Rdata> Answer<R> ask(DnsName name, RecordType<R> type, String what) {
        Answer<R> answer = resolver.resolve(name, type, remaining());
        if (answer.temporary()) {
            note(name, type.toString(), answer.summary());
            throw new Abandoned(SpfVerdict.TEMPERROR, "looking up " + what + " at " + name + ": " + answer.summary());
        }
        return answer;
    }

    private Duration remaining() {
        Duration left = limits.time().minusNanos(time.nanos() - startNanos);
        if (!left.isPositive()) {
            throw new Abandoned(SpfVerdict.TEMPERROR, "the check took longer than " + limits.time().toSeconds() + " s");
        }
        return left;
    }

    private void countLookup(String term) {
        if (++lookups > limits.lookups()) {
            throw new Abandoned(SpfVerdict.PERMERROR, "more than " + limits.lookups() + " terms that ask the DNS, at " + term);
        }
    }

    private <R extends Rdata> Answer<R> countVoid(Answer<R> answer) {
        if (answer.nothing() && ++voidLookups > limits.voidLookups()) {
            throw new Abandoned(SpfVerdict.PERMERROR, "more than " + limits.voidLookups() + " lookups that found nothing");
        }
        return answer;
    }

    private void note(DnsName domain, String term, String outcome) {
        if (evidence.size() < MAX_EVIDENCE) {
            evidence.add(new Evidence(domain.toString(), term, outcome));
        }
    }

    private static String printable(String text) {
        StringBuilder safe = new StringBuilder();
        text.chars().limit(1_000).forEach(c -> safe.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        return safe.toString();
    }
}
