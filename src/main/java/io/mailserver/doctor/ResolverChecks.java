package io.mailserver.doctor;

import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.net.Network;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether the resolver is one for a mail server: DNSSEC, and block lists that answer it (RFC 5782). */
final class ResolverChecks {
    private static final Duration QUESTION = Duration.ofSeconds(10);
    private static final DnsName ROOT = new DnsName("");
    private static final String LIST = "zen.spamhaus.org";
    /** RFC 5782 §5: always listed, and never. */
    private static final String LISTED = "2.0.0.127.";
    private static final String UNLISTED = "1.0.0.127.";
    private static final String SUBJECT = "resolver";
    private static final String OWN_RESOLVER =
            "run a resolver of your own on this machine (apt install unbound), and set dns.servers to 127.0.0.1";

    private final Resolver resolver;

    ResolverChecks(Resolver resolver) {
        this.resolver = resolver;
    }

    List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        Answer<Rdata.Ns> root = resolver.resolve(ROOT, RecordType.NS, QUESTION);
        if (root.temporary()) {
            findings.add(Finding.fail(SUBJECT, "it does not answer: " + root.summary(), OWN_RESOLVER));
        } else if (root instanceof Answer.Found<Rdata.Ns> found && found.authentic()) {
            findings.add(Finding.pass(SUBJECT, "it answers, and validates DNSSEC"));
        } else {
            findings.add(Finding.warn(SUBJECT, "it answers, but does not validate DNSSEC", OWN_RESOLVER));
        }
        findings.add(blockList(resolver.resolve(DnsName.of(LISTED + LIST), RecordType.A, QUESTION)));
        return findings;
    }

    /** The test point must be listed; 127.255.255.x is the list's way to say that it does not answer such a resolver. */
    private Finding blockList(Answer<Rdata.A> answer) {
        if (answer.temporary()) {
            return Finding.warn(SUBJECT, "the block list " + LIST + " cannot be asked: " + answer.summary(), OWN_RESOLVER);
        }
        if (answer.records().stream().anyMatch(ResolverChecks::isError)) {
            return Finding.warn(SUBJECT, "the block list " + LIST + " refuses this resolver (" + answer.records().getFirst().presentation()
                    + "), so it protects nobody", OWN_RESOLVER);
        }
        boolean listed = answer.records().stream().anyMatch(ResolverChecks::isListing);
        Answer<Rdata.A> never = resolver.resolve(DnsName.of(UNLISTED + LIST), RecordType.A, QUESTION);
        if (!listed || never.records().stream().anyMatch(ResolverChecks::isListing)) {
            return Finding.warn(SUBJECT, "the answers of the block list " + LIST + " do not come through as they should", OWN_RESOLVER);
        }
        return Finding.pass(SUBJECT, "block lists answer it");
    }

    /** Whether the server itself is on a block list; nothing where the list does not answer us truly. */
    List<Finding> listings(List<InetAddress> addresses) {
        List<Finding> findings = new ArrayList<>();
        if (blockList(resolver.resolve(DnsName.of(LISTED + LIST), RecordType.A, QUESTION)).level() != Finding.Level.PASS) {
            return findings;
        }
        for (InetAddress address : addresses) {
            if (address instanceof Inet4Address && Network.isPublic(address)) {
                String reverse = DnsName.reverse(address).text().replace("in-addr.arpa", LIST);
                Answer<Rdata.A> answer = resolver.resolve(DnsName.of(reverse), RecordType.A, QUESTION);
                boolean listed = answer.records().stream().anyMatch(ResolverChecks::isListing);
                findings.add(listed
                        ? Finding.fail("block list", address.getHostAddress() + " is on " + LIST + ": others refuse its mail",
                                "look there for the reason and how to be taken off: https://check.spamhaus.org/")
                        : Finding.pass("block list", address.getHostAddress() + " is not on " + LIST));
            }
        }
        return findings;
    }

    private static boolean isListing(Rdata.A a) {
        byte[] octets = a.address().getAddress();
        return octets[0] == 127 && !isError(a);
    }

    private static boolean isError(Rdata.A a) {
        byte[] octets = a.address().getAddress();
        return octets[0] == 127 && octets[1] == (byte) 255 && octets[2] == (byte) 255;
    }
}
