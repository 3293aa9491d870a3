package io.mailserver.queue;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.dane.TlsaCheck;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.log.EventLog;
import io.mailserver.mtasts.MtaSts;
import io.mailserver.mtasts.Policy;
import io.mailserver.smtpclient.TlsFailure;
import io.mailserver.smtpclient.TlsPolicy;
import io.mailserver.tlsrpt.AppliedPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a server must show before it gets mail of a domain: DANE where DNSSEC says so (RFC 7672), else what the domain's MTA-STS policy says
 * (RFC 8461 §2: DANE comes first), else nothing but what is usual. Safe for use by any thread.
 */
public final class TransportSecurity implements Courier.Security {
    private static final Duration DNS_TIME = Duration.ofSeconds(20);

    private final Resolver resolver;
    private final MtaSts policies;
    private final Time time;
    private final EventLog log;

    public TransportSecurity(Resolver resolver, MtaSts policies, Time time, EventLog log) {
        this.resolver = resolver;
        this.policies = policies;
        this.time = time;
        this.log = log;
    }

    @Override
    public Courier.Demand of(Domain domain, String host, boolean authentic, int port, TlsPolicy usual) {
        if (usual instanceof TlsPolicy.None) {
            return Courier.Demand.Use.usual(usual, authentic); // by the operator's order
        }
        Optional<Courier.Demand> dane = authentic ? dane(domain, host, port) : Optional.empty();
        return dane.orElseGet(() -> mtaSts(domain, host, authentic, usual));
    }

    /** Empty where the server has no such records. */
    private Optional<Courier.Demand> dane(Domain domain, String host, int port) {
        Optional<DnsName> name = DnsName.of(host).child("_tcp").flatMap(tcp -> tcp.child("_" + port));
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Answer<Rdata.Tlsa> answer = resolver.resolve(name.get(), RecordType.TLSA, DNS_TIME);
        if (answer.temporary()) {
            // RFC 7672 §2.1.1: whoever can keep the records from us must not gain by it.
            String why = "the TLSA records of " + host + " cannot be looked up: " + answer.summary();
            return Optional.of(new Courier.Demand.Skip(why, true, new AppliedPolicy("tlsa", List.of(), List.of())));
        }
        if (!(answer instanceof Answer.Found<Rdata.Tlsa> found) || !found.authentic()) {
            return Optional.empty();
        }
        List<Rdata.Tlsa> usable = TlsaCheck.usable(found.records());
        // RFC 7672 §2.2: records that cannot be used still ask for encryption.
        TlsPolicy policy = usable.isEmpty()
                ? new TlsPolicy.Encrypted()
                : new TlsPolicy.Checked("DANE", new TlsaCheck(usable, List.of(host, domain.ascii()), time::now));
        Optional<TlsFailure.Found> trouble = usable.isEmpty()
                ? Optional.of(new TlsFailure.Found(TlsFailure.TLSA_INVALID, "none of the TLSA records of " + host + " can be used"))
                : Optional.empty();
        return Optional.of(new Courier.Demand.Use(policy, true, applied(found.records()), false, trouble));
    }

    private Courier.Demand mtaSts(Domain domain, String host, boolean authentic, TlsPolicy usual) {
        MtaSts.Finding finding = policies.policy(domain);
        Optional<Policy> policy = finding.policy();
        if (policy.isEmpty() && finding.trouble().isPresent()) {
            // RFC 8461 §5.1: it goes as if there were no policy; its owner wants to know (RFC 8460 §4.3.2.2).
            return new Courier.Demand.Use(usual, authentic, new AppliedPolicy("sts", List.of(), List.of()), false, finding.trouble());
        }
        if (policy.isEmpty() || policy.get().mode() == Policy.Mode.NONE) {
            return Courier.Demand.Use.usual(usual, authentic);
        }
        boolean enforced = policy.get().mode() == Policy.Mode.ENFORCE;
        boolean named = policy.get().allows(host);
        String why = "the MTA-STS policy of " + domain + " does not name " + host;
        if (!named && enforced) {
            return new Courier.Demand.Skip(why, false, applied(policy.get()));
        }
        if (!named) {
            log.info("mta-sts.testing", "domain", domain, "host", host, "cause", why);
        }
        Optional<TlsFailure.Found> trouble =
                named ? Optional.empty() : Optional.of(new TlsFailure.Found(TlsFailure.VALIDATION_FAILURE, why));
        TlsPolicy needed = enforced ? new TlsPolicy.Verified(List.of(host)) : usual;
        return new Courier.Demand.Use(needed, authentic || named, applied(policy.get()), !enforced, trouble);
    }

    /** RFC 8460 §4.5. */
    private static AppliedPolicy applied(List<Rdata.Tlsa> records) {
        List<String> text = records.stream()
                .map(record -> record.usage() + " " + record.selector() + " " + record.matchingType() + " " + record.data())
                .toList();
        return new AppliedPolicy("tlsa", text, List.of());
    }

    private static AppliedPolicy applied(Policy policy) {
        List<String> text = new ArrayList<>(List.of("version: STSv1", "mode: " + policy.mode().name().toLowerCase(Locale.ROOT)));
        policy.mx().forEach(pattern -> text.add("mx: " + pattern));
        text.add("max_age: " + policy.maxAge().toSeconds());
        return new AppliedPolicy("sts", text, policy.mx());
    }
}
