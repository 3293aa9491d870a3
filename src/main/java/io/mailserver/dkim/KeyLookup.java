package io.mailserver.dkim;

import io.mailserver.base.Domain;
import io.mailserver.dkim.TagList.SyntaxException;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gets the keys of selectors from the DNS (RFC 6376 §3.6.2, §6.1.2). Safe for any thread. */
public final class KeyLookup {
    private final Resolver resolver;
    private final DkimLimits limits;

    public KeyLookup(Resolver resolver, DkimLimits limits) {
        this.resolver = resolver;
        this.limits = limits;
    }

    /** What was found. */
    public sealed interface Found {
        /** Keys that the algorithm may use: at least one. */
        record Keys(List<Usable> keys) implements Found {
            public Keys {
                keys = List.copyOf(keys);
            }
        }

        /** There is no key that may be used; the reason is printable ASCII. */
        record NoKey(String reason) implements Found {}

        /** The DNS did not answer. */
        record Failed(String reason) implements Found {}
    }

    /** A key with what its record says of it. */
    public record Usable(KeyRecord published, PublicKey key) {}

    /** Where a selector's key is published; empty if that is too long for a name. */
    public static Optional<DnsName> name(Domain domain, DnsName selector) {
        return DnsName.of(domain).child(selector.text() + "._domainkey");
    }

    /** Looks up the keys for an algorithm. Blocks for the DNS. */
    public Found find(Domain domain, DnsName selector, SigningAlgorithm algorithm, Duration within) {
        Optional<DnsName> name = name(domain, selector);
        if (name.isEmpty()) {
            return new Found.NoKey("no name that a key could have");
        }
        Answer<Rdata.Txt> answer = resolver.resolve(name.get(), RecordType.TXT, within);
        if (answer.temporary()) {
            return new Found.Failed("looking up the key at " + name.get() + ": " + answer.summary());
        }
        if (answer.records().isEmpty()) {
            return new Found.NoKey("no key at " + name.get());
        }
        List<Usable> usable = new ArrayList<>();
        String reason = "";
        for (Rdata.Txt txt : answer.records().stream().limit(limits.keyRecords()).toList()) {
            try {
                KeyRecord published = KeyRecord.parse(txt.latin1());
                check(published, algorithm);
                PublicKey key = published.publicKey();
                checkSize(key, algorithm);
                usable.add(new Usable(published, key));
            } catch (SyntaxException e) {
                reason = "the key at " + name.get() + " cannot be used: " + e.reason();
            }
        }
        return usable.isEmpty() ? new Found.NoKey(reason) : new Found.Keys(usable);
    }

    private static void check(KeyRecord published, SigningAlgorithm algorithm) throws SyntaxException {
        if (!published.forMail()) {
            throw new SyntaxException("it is not for mail");
        }
        if (published.key().isEmpty()) {
            throw new SyntaxException("it was revoked");
        }
        if (!published.allows(algorithm)) {
            throw new SyntaxException("it is not for " + algorithm.word());
        }
    }

    private void checkSize(PublicKey key, SigningAlgorithm algorithm) throws SyntaxException {
        int bits = KeyRecord.bits(key);
        if (algorithm == SigningAlgorithm.RSA_SHA256 && (bits < limits.minRsaBits() || bits > limits.maxRsaBits())) {
            throw new SyntaxException("it has " + bits + " bits, not " + limits.minRsaBits() + " to " + limits.maxRsaBits());
        }
    }
}
