package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.log.EventLog;
import io.mailserver.metrics.Metrics;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who gets the mail for an address: what a session asks at RCPT. Answers are remembered until the database changes, so that a busy
 * server asks it once per address. Only answers that lead to accounts are remembered: guessing names does not push them out.
 *
 * <p>Safe for use by any thread; blocks for some 100 us when the answer is not remembered.
 */
public final class Directory {
    /** About 300 octets each. */
    private static final int MAX_REMEMBERED = 20_000;

    private final SystemDatabase database;
    private final EventLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private final LongAdder lookups = new LongAdder();
    private final LongAdder queries = new LongAdder();
    private final Map<Address, Remembered> remembered = new RecentlyUsed<>(MAX_REMEMBERED);
    /** Domains of ours, each with the generation of the database when it was so. */
    private final Map<Domain, Long> ours = new RecentlyUsed<>(MAX_REMEMBERED);
    /** Domains of others, apart: mail to many of them must not push out ours. */
    private final Map<Domain, Long> foreign = new RecentlyUsed<>(MAX_REMEMBERED);

    public Directory(SystemDatabase database, EventLog log) {
        this.database = database;
        this.log = log;
    }

    /** @param generation of the database when it was true */
    private record Remembered(long generation, Resolution resolution) {}

    /**
     * Finds the accounts for an address as a client wrote it: local parts compare without case, {@code name+detail} is {@code name}
     * unless that very name exists, aliases are expanded, {@code <postmaster>} is that of the first domain (RFC 5321 §4.5.1).
     */
    public Resolution resolve(Address address) {
        lookups.increment();
        Remembered before = recall(address);
        if (before != null && before.generation() == database.generation()) {
            return before.resolution();
        }
        Optional<Domain> domain = address.host() instanceof Address.Host.Named named ? Optional.of(named.domain()) : Optional.empty();
        if (domain.flatMap(this::recallIsOurs).equals(Optional.of(false))) {
            return new Resolution.NotLocal();
        }
        queries.increment();
        try {
            Remembered found = database.read(c -> {
                Optional<Address> canonical = canonical(address, DomainTable.first(c));
                if (canonical.isEmpty()) {
                    return new Remembered(database.generation(), new Resolution.NotLocal());
                }
                Expansion expansion = Expansion.of(c, canonical.get());
                if (expansion.tooLarge()) {
                    log.error("directory.alias-too-large", null, "address", canonical.get());
                }
                return new Remembered(database.generation(), expansion.resolution());
            });
            if (found.resolution() instanceof Resolution.Local) {
                remember(address, found);
            } else if (found.resolution() instanceof Resolution.NotLocal) {
                domain.ifPresent(name -> rememberIsOurs(name, false, found.generation()));
            }
            return found.resolution();
        } catch (IOException e) {
            log.error("directory.failed", e, "address", address);
            return new Resolution.Unavailable();
        }
    }

    /** Makes what is counted here visible. */
    void measure(Metrics metrics) {
        metrics.counter("directory_lookups", "Addresses looked up in the directory.", lookups::sum);
        metrics.counter("directory_queries", "Lookups that were not remembered and asked the database.", this::queries);
    }

    /** Lookups so far that asked the database. */
    long queries() {
        return queries.sum();
    }

    /** Whether mail for this domain is ours, also while it is disabled. */
    public boolean isOurs(Domain domain) throws IOException {
        Optional<Boolean> before = recallIsOurs(domain);
        if (before.isPresent()) {
            return before.get();
        }
        queries.increment();
        long[] generation = {0};
        boolean found = database.read(c -> {
            generation[0] = database.generation();
            return DomainTable.find(c, domain).isPresent();
        });
        rememberIsOurs(domain, found, generation[0]);
        return found;
    }

    private Optional<Boolean> recallIsOurs(Domain domain) {
        long now = database.generation();
        lock.lock();
        try {
            if (Long.valueOf(now).equals(ours.get(domain))) {
                return Optional.of(true);
            }
            return Long.valueOf(now).equals(foreign.get(domain)) ? Optional.of(false) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void rememberIsOurs(Domain domain, boolean found, long generation) {
        lock.lock();
        try {
            (found ? ours : foreign).put(domain, generation);
        } finally {
            lock.unlock();
        }
    }

    private static Optional<Address> canonical(Address address, Optional<MailDomain> first) {
        Address canonical = LocalPart.canonical(address);
        return switch (address.host()) {
            case Address.Host.Named named -> Optional.of(canonical);
            case Address.Host.Literal literal -> Optional.empty();
            case Address.Host.None none -> first.map(domain -> Address.of(canonical.localPart(), domain.name()));
        };
    }

    private @Nullable Remembered recall(Address address) {
        lock.lock();
        try {
            return remembered.get(address);
        } finally {
            lock.unlock();
        }
    }

    private void remember(Address address, Remembered found) {
        lock.lock();
        try {
            remembered.put(address, found);
        } finally {
            lock.unlock();
        }
    }
}
