package io.mailserver.dns;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Answers until their time is over, the least recently used going first when the memory is used up. */
final class AnswerCache {
    /** About what an entry weighs beside its texts: the map's node, key, answer, list (64-bit, compact headers). */
    private static final long ENTRY_OCTETS = 240;

    private static final long RECORD_OCTETS = 64;

    private final long maxOctets;
    private final ReentrantLock lock = new ReentrantLock();
    /** In order of use; guarded by the lock, as is the sum. */
    private final LinkedHashMap<Question<?>, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

    private long octets;

    AnswerCache(long maxOctets) {
        this.maxOctets = maxOctets;
    }

    /** The answer, if it holds still. */
    Optional<Answer<?>> find(Question<?> question, long nowNanos) {
        lock.lock();
        try {
            Entry entry = entries.get(question);
            if (entry == null) {
                return Optional.empty();
            }
            if (entry.untilNanos - nowNanos <= 0) {
                entries.remove(question);
                octets -= entry.octets;
                return Optional.empty();
            }
            return Optional.of(entry.answer);
        } finally {
            lock.unlock();
        }
    }

    /** Keeps an answer until a time of {@code Time.nanos()}; an answer larger than the whole cache is not kept. */
    void keep(Question<?> question, Answer<?> answer, long untilNanos) {
        Entry entry = new Entry(answer, untilNanos, weigh(question, answer));
        if (entry.octets > maxOctets) {
            return;
        }
        lock.lock();
        try {
            Entry old = entries.put(question, entry);
            octets += entry.octets - (old == null ? 0 : old.octets);
            var eldest = entries.entrySet().iterator();
            while (octets > maxOctets && eldest.hasNext()) {
                Map.Entry<Question<?>, Entry> dropped = eldest.next();
                octets -= dropped.getValue().octets;
                eldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    long octets() {
        lock.lock();
        try {
            return octets;
        } finally {
            lock.unlock();
        }
    }

    private static long weigh(Question<?> question, Answer<?> answer) {
        long sum = ENTRY_OCTETS + question.name().text().length();
        for (Rdata record : answer.records()) {
            sum += RECORD_OCTETS + textOctets(record);
        }
        return sum;
    }

    private static long textOctets(Rdata record) {
        return switch (record) {
            case Rdata.A a -> 0;
            case Rdata.Aaaa aaaa -> 16;
            case Rdata.Mx mx -> mx.exchange().text().length();
            case Rdata.Txt txt -> txt.latin1().length();
            case Rdata.Ptr ptr -> ptr.name().text().length();
            case Rdata.Ns ns -> ns.name().text().length();
            case Rdata.Cname cname -> cname.target().text().length();
            case Rdata.Soa soa -> soa.primary().text().length();
            case Rdata.Tlsa tlsa -> tlsa.data().length();
            case Rdata.Srv srv -> srv.target().text().length();
            case Rdata.Caa caa -> caa.tag().length() + caa.value().length();
        };
    }

    private record Entry(Answer<?> answer, long untilNanos, long octets) {}
}
