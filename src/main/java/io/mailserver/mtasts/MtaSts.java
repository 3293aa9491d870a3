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

/**
 * Finds the policies of domains and keeps them, in memory and on disk, until they are over (RFC 8461 §3.1, §5.1). Safe for use by any
 * thread; blocks for DNS, HTTPS and the disk.
 */
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
    private final PolicyFolder folder;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Domain, Known> known = new LinkedHashMap<>();

    /** Gets the text of a policy over HTTPS; empty where there is none that may be believed. */
    @FunctionalInterface
    public interface PolicyFetcher {
        Optional<String> fetch(Domain domain);
    }

    /**
     * @param policy that holds now; empty where there is none
     * @param check when the DNS is looked at again
     */
    private record Known(Optional<PolicyFolder.Kept> policy, Instant check) {}

    /** @param folder where policies survive the process */
    public MtaSts(Resolver resolver, PolicyFetcher fetcher, PolicyFolder folder, Time time) {
        this.resolver = resolver;
        this.fetcher = fetcher;
        this.folder = folder;
        this.time = time;
    }

    /** The policy that holds for a domain now; empty where it has none. */
    public Optional<Policy> policy(Domain domain) {
        Instant now = time.now();
        @Nullable Known before = recall(domain);
        Optional<PolicyFolder.Kept> old =
                (before == null ? folder.read(domain) : before.policy()).filter(kept -> now.isBefore(kept.until()));
        if (before != null && now.isBefore(before.check())) {
            return old.map(PolicyFolder.Kept::policy);
        }
        Optional<String> id = recordId(domain);
        // RFC 8461 §5.1: a record that is gone does not end a policy that was fetched.
        boolean fetch = id.isPresent() && (old.isEmpty() || !old.get().id().equals(id.get()) || isAging(old.get(), now));
        Optional<PolicyFolder.Kept> fresh = fetch ? fetch(domain, id.orElseThrow(), now) : Optional.empty();
        fresh.ifPresent(kept -> folder.write(domain, kept));
        Optional<PolicyFolder.Kept> holds = fresh.or(() -> old);
        remember(domain, new Known(holds, now.plus(fetch && fresh.isEmpty() ? AFTER_FAILURE : RECHECK)));
        return holds.map(PolicyFolder.Kept::policy);
    }

    /** Fetched anew in good time, whoever might wait for the moment at which it is over (RFC 8461 §10.2). */
    private static boolean isAging(PolicyFolder.Kept kept, Instant now) {
        return now.isAfter(kept.until().minus(kept.policy().maxAge().dividedBy(2)));
    }

    private Optional<PolicyFolder.Kept> fetch(Domain domain, String id, Instant now) {
        return fetcher.fetch(domain).flatMap(text -> Policy.parse(text).map(policy ->
                new PolicyFolder.Kept(policy, text, id, now.plus(policy.maxAge()))));
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

    private @Nullable Known recall(Domain domain) {
        lock.lock();
        try {
            return known.get(domain);
        } finally {
            lock.unlock();
        }
    }

    private void remember(Domain domain, Known one) {
        lock.lock();
        try {
            known.remove(domain);
            known.put(domain, one);
            if (known.size() > MAX_KEPT) {
                known.remove(known.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }
}
