package io.mailserver.mtasts;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.log.EventLog;
import io.mailserver.smtpclient.TlsFailure;
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
    private final EventLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Domain, Known> known = new LinkedHashMap<>();

    /** Gets the text of a policy over HTTPS. */
    @FunctionalInterface
    public interface PolicyFetcher {
        /** @throws PolicyException there is none that may be believed */
        String fetch(Domain domain) throws PolicyException;
    }

    /**
     * What is known of a domain.
     *
     * @param policy that holds now; empty where there is none
     * @param trouble why there is none although the domain says that it has one
     */
    public record Finding(Optional<Policy> policy, Optional<TlsFailure.Found> trouble) {}

    /**
     * @param policy that holds now; empty where there is none
     * @param trouble what the last fetch met with
     * @param check when the DNS is looked at again
     */
    private record Known(Optional<PolicyFolder.Kept> policy, Optional<TlsFailure.Found> trouble, Instant check) {}

    private record Fetched(Optional<PolicyFolder.Kept> policy, Optional<TlsFailure.Found> trouble) {
        static final Fetched NOTHING = new Fetched(Optional.empty(), Optional.empty());
    }

    /** @param folder where policies survive the process */
    public MtaSts(Resolver resolver, PolicyFetcher fetcher, PolicyFolder folder, Time time, EventLog log) {
        this.resolver = resolver;
        this.fetcher = fetcher;
        this.folder = folder;
        this.time = time;
        this.log = log;
    }

    /** The policy that holds for a domain now. */
    public Finding policy(Domain domain) {
        Instant now = time.now();
        @Nullable Known before = recall(domain);
        Optional<PolicyFolder.Kept> old =
                (before == null ? folder.read(domain) : before.policy()).filter(kept -> now.isBefore(kept.until()));
        if (before != null && now.isBefore(before.check())) {
            return finding(old, before.trouble());
        }
        Optional<String> id = recordId(domain);
        // RFC 8461 §5.1: a record that is gone does not end a policy that was fetched.
        boolean fetch = id.isPresent() && (old.isEmpty() || !old.get().id().equals(id.get()) || isAging(old.get(), now));
        Fetched fetched = fetch ? fetch(domain, id.orElseThrow(), now) : Fetched.NOTHING;
        fetched.policy().ifPresent(kept -> folder.write(domain, kept));
        Optional<PolicyFolder.Kept> holds = fetched.policy().or(() -> old);
        Duration soon = fetched.trouble().isPresent() ? AFTER_FAILURE : RECHECK;
        remember(domain, new Known(holds, fetched.trouble(), now.plus(soon)));
        return finding(holds, fetched.trouble());
    }

    /** A policy that holds leaves no room for the trouble of fetching the next one. */
    private static Finding finding(Optional<PolicyFolder.Kept> holds, Optional<TlsFailure.Found> trouble) {
        return new Finding(holds.map(PolicyFolder.Kept::policy), holds.isPresent() ? Optional.empty() : trouble);
    }

    /** Fetched anew in good time, whoever might wait for the moment at which it is over (RFC 8461 §10.2). */
    private static boolean isAging(PolicyFolder.Kept kept, Instant now) {
        return now.isAfter(kept.until().minus(kept.policy().maxAge().dividedBy(2)));
    }

    private Fetched fetch(Domain domain, String id, Instant now) {
        try {
            String text = fetcher.fetch(domain);
            Policy policy = Policy.parse(text).orElseThrow(() ->
                    new PolicyException(TlsFailure.STS_POLICY_INVALID, "the MTA-STS policy of " + domain + " breaks RFC 8461 §3.2"));
            return new Fetched(Optional.of(new PolicyFolder.Kept(policy, text, id, now.plus(policy.maxAge()))), Optional.empty());
        } catch (PolicyException e) {
            log.info("mta-sts.not-fetched", "domain", domain, "cause", e.found().text());
            return new Fetched(Optional.empty(), Optional.of(e.found()));
        }
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
