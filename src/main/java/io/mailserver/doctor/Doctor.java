package io.mailserver.doctor;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.dns.Resolver;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares what a domain should publish with what the world sees, and talks to the server as the world would. Blocks for the DNS and the
 * network, some seconds for each thing that does not answer.
 */
public final class Doctor {
    private final Resolver resolver;
    private final Time time;

    public Doctor(Resolver resolver, Time time) {
        this.resolver = resolver;
        this.time = time;
    }

    /**
     * The patient.
     *
     * @param records what it should publish
     */
    public record Patient(Domain domain, Domain host, List<ServerFacts.Service> services, List<DnsEntry> records) {
        public Patient {
            services = List.copyOf(services);
            records = List.copyOf(records);
        }
    }

    /** Everything that can be seen from outside, in the order in which it should be mended. */
    public List<Finding> examine(Patient patient) {
        RecordChecks records = new RecordChecks(resolver, patient);
        List<Finding> findings = new ArrayList<>();
        findings.addAll(new ResolverChecks(resolver).examine());
        findings.addAll(records.mailExchange());
        List<InetAddress> addresses = records.hostAddresses();
        findings.addAll(records.addresses(addresses));
        findings.addAll(records.reverse(addresses));
        findings.addAll(records.spf(addresses, time));
        findings.addAll(records.dkim());
        findings.addAll(records.dmarc());
        findings.addAll(records.others());
        findings.addAll(new ConnectionChecks(patient, time).examine(addresses));
        findings.addAll(new ResolverChecks(resolver).listings(addresses));
        return List.copyOf(findings);
    }
}
