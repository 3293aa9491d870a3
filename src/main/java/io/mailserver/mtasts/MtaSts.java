package io.mailserver.mtasts;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the policies of domains and keeps them in memory (RFC 8461 §3.1, §5.1). Safe for use by any thread; blocks for DNS and HTTPS. */
public final class MtaSts {
    private static final Duration DNS_TIME = Duration.ofSeconds(20);
    /** A domain whose policy could not be had is not asked again before (RFC 8461 §3.3). */
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);

    /** How long a domain that has no policy record is believed. */
    private static final Duration RECHECK = Duration.ofMinutes(10);
    private static final int MAX_KEPT = 20_000;
    private static final Pattern RECORD = Pattern.compile("v=STSv1\\s*;(?:.*;)?\\s*id=([A-Za-z0-9]{1,32})\\s*(?:;.*)?");

    private final Resolver resolver;
    private final PolicyFetcher fetcher;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Domain, Kept> kept = new LinkedHashMap<>();

    /** Gets the text of a policy over HTTPS; empty where there is none that may be believed. */
    @FunctionalInterface
    public interface PolicyFetcher {
        Optional<String> fetch(Domain domain);
    }

    /**
     * @param id of the record it was fetched for; empty for none
     * @param until when the policy is over
     * @param check when the DNS is looked at again
     */
    private record Kept(Optional<Policy> policy, String id, Instant until, Instant check) {}

    public MtaSts(Resolver resolver, PolicyFetcher fetcher, Time time) {
        this.resolver = resolver;
        this.fetcher = fetcher;
        this.time = time;
    }

    /** The policy that holds for a domain now; empty where it has none. */
    public Optional<Policy> policy(Domain domain) {
        Instant now = time.now();
        Kept before = recall(domain);
        @Nullable Kept alive = before != null && now.isBefore(before.until()) ? before : null;
        Optional<Policy> old = alive != null ? alive.policy() : Optional.empty();
        if (before != null && now.isBefore(before.check())) {
            return old;
        }
        String oldId = alive != null ? alive.id() : "";
        Instant oldUntil = alive != null ? alive.until() : now;
        Optional<String> id = recordId(domain);
        if (id.isEmpty()) {
            // RFC 8461 §5.1: a record that is gone does not end a policy that was fetched.
            remember(domain, new Kept(old, oldId, oldUntil, now.plus(RECHECK)));
            return old;
        }
        if (old.isPresent() && oldId.equals(id.get())) {
            remember(domain, new Kept(old, oldId, oldUntil, now.plus(RECHECK)));
            return old;
        }
        Optional<Policy> fresh = fetcher.fetch(domain).flatMap(Policy::parse);
        if (fresh.isEmpty()) {
            remember(domain, new Kept(old, oldId, oldUntil, now.plus(AFTER_FAILURE)));
            return old;
        }
        remember(domain, new Kept(fresh, id.get(), now.plus(fresh.get().maxAge()), now.plus(RECHECK)));
        return fresh;
    }

    /** RFC 8461 §3.1: exactly one record. */
    private Optional<String> recordId(Domain domain) {
        Optional<DnsName> name = DnsName.of(domain).child("_mta-sts");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Answer<Rdata.Txt> answer = resolver.resolve(name.get(), RecordType.TXT, DNS_TIME);
        List<Matcher> records = answer.records().stream()
                .map(Rdata.Txt::latin1)
                .filter(text -> text.startsWith("v=STSv1"))
                .map(RECORD::matcher)
                .toList();
        return records.size() == 1 && records.getFirst().matches() ? Optional.of(records.getFirst().group(1)) : Optional.empty();
    }

    private @Nullable Kept recall(Domain domain) {
        lock.lock();
        try {
            return kept.get(domain);
        } finally {
            lock.unlock();
        }
    }

    private void remember(Domain domain, Kept one) {
        lock.lock();
        try {
            kept.remove(domain);
            kept.put(domain, one);
            if (kept.size() > MAX_KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }
}
