package io.mailserver.doctor;

import io.mailserver.base.Time;
import io.mailserver.dmarc.DmarcPolicy;
import io.mailserver.dmarc.DmarcRecord;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.doctor.DnsEntry.Place;
import io.mailserver.doctor.Doctor.Patient;
import io.mailserver.net.Network;
import io.mailserver.smtp.AddressLiteral;
import io.mailserver.spf.SpfChecker;
import io.mailserver.spf.SpfLimits;
import io.mailserver.spf.SpfRequest;
import io.mailserver.spf.SpfResult;
import io.mailserver.spf.SpfVerdict;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the DNS says of a domain, beside what it should say. */
final class RecordChecks {
    private static final Duration QUESTION = Duration.ofSeconds(10);
    private static final String ASK_AGAIN = "ask again later, or look at the name servers of the domain";

    private final Resolver resolver;
    private final Patient patient;

    RecordChecks(Resolver resolver, Patient patient) {
        this.resolver = resolver;
        this.patient = patient;
    }

    List<Finding> mailExchange() {
        return patient.records().stream().filter(entry -> entry.type().equals("MX")).map(entry -> {
            Sighting sighting = Sighting.of(entry, resolver);
            return sighting.seen() ? Finding.pass("MX", "mail for " + patient.domain() + " goes to " + patient.host())
                    : missing("MX", "mail for " + patient.domain() + " does not come here", sighting, true);
        }).toList();
    }

    /** As the DNS has them. */
    List<InetAddress> hostAddresses() {
        DnsName host = DnsName.of(patient.host());
        List<InetAddress> addresses = new ArrayList<>();
        resolver.resolve(host, RecordType.A, QUESTION).records().forEach(a -> addresses.add(a.address()));
        resolver.resolve(host, RecordType.AAAA, QUESTION).records().forEach(aaaa -> addresses.add(aaaa.address()));
        return addresses;
    }

    List<Finding> addresses(List<InetAddress> addresses) {
        List<Finding> findings = new ArrayList<>();
        if (addresses.isEmpty()) {
            findings.add(Finding.fail("address", patient.host() + " has no address",
                    "publish an A record for it: dns " + patient.domain()));
        }
        for (InetAddress address : addresses) {
            findings.add(Network.isPublic(address)
                    ? Finding.pass("address", patient.host() + " is " + AddressLiteral.plain(address))
                    : Finding.warn("address", patient.host() + " is " + AddressLiteral.plain(address) + ", which the world cannot reach",
                            "publish the public address"));
        }
        for (DnsEntry entry : patient.records()) {
            boolean ours = entry.place() == Place.ZONE && (entry.type().equals("A") || entry.type().equals("AAAA"));
            if (ours && addresses.stream().noneMatch(address -> AddressLiteral.plain(address).equals(entry.value()))) {
                findings.add(Finding.warn("address", "this machine is also " + entry.value() + ", which the DNS does not show",
                        "publish: " + RecordTexts.line(entry)));
            }
        }
        return findings;
    }

    /** PTR and back, for each family (RFC 8601 §3). */
    List<Finding> reverse(List<InetAddress> addresses) {
        List<Finding> findings = new ArrayList<>();
        for (InetAddress address : addresses) {
            String text = AddressLiteral.plain(address);
            String subject = address instanceof Inet4Address ? "PTR v4" : "PTR v6";
            Answer<Rdata.Ptr> answer = resolver.resolve(DnsName.reverse(address), RecordType.PTR, QUESTION);
            String remedy = "ask your provider for the PTR record of " + text + ": " + patient.host();
            if (answer.temporary()) {
                findings.add(Finding.warn(subject, "the name of " + text + " cannot be looked up: " + answer.summary(), ASK_AGAIN));
            } else if (answer.records().isEmpty()) {
                findings.add(Network.isPublic(address)
                        ? Finding.fail(subject, text + " has no name: many refuse its mail", remedy)
                        : Finding.warn(subject, text + " has no name", "none is needed for an address that the world cannot reach"));
            } else {
                findings.add(confirm(subject, address, answer.records(), remedy));
            }
        }
        return findings;
    }

    private Finding confirm(String subject, InetAddress address, List<Rdata.Ptr> names, String remedy) {
        String text = AddressLiteral.plain(address);
        for (Rdata.Ptr ptr : names) {
            boolean back = address instanceof Inet4Address
                    ? resolver.resolve(ptr.name(), RecordType.A, QUESTION).records().stream().anyMatch(a -> a.address().equals(address))
                    : resolver.resolve(ptr.name(), RecordType.AAAA, QUESTION).records().stream().anyMatch(a -> a.address().equals(address));
            if (back && ptr.name().equals(DnsName.of(patient.host()))) {
                return Finding.pass(subject, text + " is " + ptr.name() + ", and back");
            }
            if (back) {
                return Finding.warn(subject, text + " is " + ptr.name() + ", but the server calls itself " + patient.host(), remedy);
            }
        }
        return Finding.fail(subject, text + " is called " + names.getFirst().name() + ", which does not lead back to it", remedy);
    }

    List<Finding> spf(List<InetAddress> addresses, Time time) {
        List<Finding> findings = new ArrayList<>();
        SpfChecker checker = new SpfChecker(resolver, time, SpfLimits.DEFAULTS, patient.host().ascii());
        for (InetAddress address : addresses) {
            SpfResult result = checker.checkMailFrom(
                    new SpfRequest(address, patient.host().ascii(), "postmaster@" + patient.domain().ascii()));
            String said = "SPF of " + patient.domain() + " for " + AddressLiteral.plain(address) + ": " + result.verdict().word()
                    + (result.problem().isEmpty() ? "" : ", " + result.problem());
            findings.add(result.verdict() == SpfVerdict.PASS ? Finding.pass("SPF", said)
                    : result.verdict() == SpfVerdict.TEMPERROR ? Finding.warn("SPF", said, ASK_AGAIN)
                    : Finding.fail("SPF", said, "publish: " + line("TXT", patient.domain().ascii())));
        }
        return findings;
    }

    List<Finding> dkim() {
        List<Finding> findings = new ArrayList<>();
        for (DnsEntry entry : patient.records()) {
            if (entry.name().text().contains("._domainkey.")) {
                Sighting sighting = Sighting.of(entry, resolver);
                boolean waits = entry.purpose().startsWith("the next");
                findings.add(sighting.seen() ? Finding.pass("DKIM", entry.name() + " is published")
                        : missing("DKIM", entry.purpose() + ": " + entry.name() + " is not published as it is", sighting, !waits));
            }
        }
        return findings;
    }

    List<Finding> dmarc() {
        DnsName name = DnsName.of("_dmarc." + patient.domain().ascii());
        Answer<Rdata.Txt> answer = resolver.resolve(name, RecordType.TXT, QUESTION);
        String remedy = "publish: " + line("TXT", name.text());
        if (answer.temporary()) {
            return List.of(Finding.warn("DMARC", name + " cannot be looked up: " + answer.summary(), ASK_AGAIN));
        }
        List<String> policies = answer.records().stream().map(Rdata.Txt::latin1).filter(DmarcRecord::isDmarc).toList();
        if (policies.size() != 1) {
            return List.of(Finding.fail("DMARC", patient.domain() + " publishes " + (policies.isEmpty() ? "no policy" : policies.size()
                    + " policies, which counts as none"), remedy));
        }
        DmarcRecord record = DmarcRecord.parse(policies.getFirst());
        if (record.wrongPolicy()) {
            return List.of(Finding.fail("DMARC", "the policy is wrong: " + policies.getFirst(), remedy));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(record.policy().filter(policy -> policy != DmarcPolicy.NONE).isPresent()
                ? Finding.pass("DMARC", "p=" + record.policy().map(DmarcPolicy::word).orElse("none"))
                : Finding.warn("DMARC", "p=none: forged mail in your name is not stopped", "change it to quarantine, later to reject"));
        if (record.aggregateReports().isEmpty()) {
            findings.add(Finding.warn("DMARC", "nobody gets reports (rua)", remedy));
        }
        return findings;
    }

    /** What mail lives without. */
    List<Finding> others() {
        List<Finding> findings = new ArrayList<>();
        for (DnsEntry entry : patient.records()) {
            boolean other = entry.place() == Place.ZONE && List.of("SRV", "CNAME", "CAA").contains(entry.type());
            if (other || entry.name().text().startsWith("_smtp._tls.")) {
                Sighting sighting = Sighting.of(entry, resolver);
                findings.add(sighting.seen() ? Finding.pass(entry.type(), entry.name() + " is published")
                        : missing(entry.type(), entry.name() + " is missing: " + entry.purpose(), sighting, false));
            }
        }
        return findings;
    }

    private static Finding missing(String subject, String text, Sighting sighting, boolean bad) {
        if (sighting.unknown()) {
            return Finding.warn(subject, sighting.entry().name() + " cannot be looked up: " + sighting.instead(), ASK_AGAIN);
        }
        String whole = text + " (there is: " + sighting.instead() + ")";
        String remedy = "publish: " + RecordTexts.line(sighting.entry());
        return bad ? Finding.fail(subject, whole, remedy) : Finding.warn(subject, whole, remedy);
    }

    private String line(String type, String name) {
        return patient.records().stream().filter(entry -> entry.type().equals(type) && entry.name().text().equals(name)).findFirst()
                .map(RecordTexts::line).orElse("see dns " + patient.domain());
    }
}
