package io.mailserver.doctor;

import io.mailserver.base.Domain;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Whether mail could leave: greets a mail server of some domain elsewhere (EHLO, QUIT) and sends nothing. One that answers is enough.
 * Blocks for the DNS and the network.
 */
public final class OutsideChecks {
    /** Domains whose servers always answer. */
    public static final List<Domain> WELL_KNOWN = List.of(new Domain("gmail.com"), new Domain("outlook.com"), new Domain("yahoo.com"));

    private static final String SUBJECT = "outside";
    private static final Duration DNS_TIME = Duration.ofSeconds(10);
    private static final String BLOCKED =
            "the provider seems to block outgoing port 25: ask for it to be opened, or set sending.smart-host (docs/sending.md)";

    private final Resolver resolver;
    private final Domain host;
    private final int port;

    /**
     * @param host what this server calls itself
     * @param port of other servers
     */
    public OutsideChecks(Resolver resolver, Domain host, int port) {
        this.resolver = resolver;
        this.host = host;
        this.port = port;
    }

    /** @param domains in the order to try */
    public Finding examine(List<Domain> domains) {
        List<String> unreached = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (Domain domain : domains) {
            Answer<Rdata.Mx> answer = resolver.resolve(DnsName.of(domain), RecordType.MX, DNS_TIME);
            List<InetAddress> addresses = answer.records().stream().min(Comparator.comparingInt(Rdata.Mx::preference))
                    .map(first -> addresses(first.exchange())).orElse(List.of());
            if (addresses.isEmpty()) {
                unknown.add(domain + ": " + answer.summary());
                continue;
            }
            InetSocketAddress where = new InetSocketAddress(addresses.getFirst(), port);
            try (Caller caller = Caller.connect(where)) {
                String reply = greet(caller);
                if (reply.startsWith("250")) {
                    return Finding.pass(SUBJECT, "a server of " + domain + " answers at port " + port);
                }
                refused.add(domain + ": " + reply);
            } catch (IOException e) {
                unreached.add(domain + ": " + e.getMessage());
            }
        }
        if (!refused.isEmpty()) {
            return Finding.warn(SUBJECT, "connections to other servers work, but they refuse this one: " + String.join("; ", refused),
                    "their words say why; often the address is listed, or its PTR is missing");
        }
        return unreached.isEmpty()
                ? Finding.warn(SUBJECT, "no server could be tried: " + String.join("; ", unknown), "look at the resolver")
                : Finding.fail(SUBJECT, "no other server can be reached at port " + port + ": " + String.join("; ", unreached), BLOCKED);
    }

    /** The reply that says whether it talks to us. */
    private String greet(Caller caller) throws IOException {
        String greeting = caller.reply().getFirst();
        if (!greeting.startsWith("220")) {
            return greeting;
        }
        caller.say("EHLO " + host);
        String reply = caller.reply().getFirst();
        caller.say("QUIT");
        return reply;
    }

    /** IPv4 alone: every server has it, and what IPv6 needs is looked at elsewhere. */
    private List<InetAddress> addresses(DnsName exchange) {
        List<InetAddress> found = new ArrayList<>();
        resolver.resolve(exchange, RecordType.A, DNS_TIME).records().forEach(record -> found.add(record.address()));
        return found;
    }
}
