package io.mailserver.dns;

import io.mailserver.base.Time;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/**
 * The server's resolver: asks recursive resolvers, keeps their answers for as long as they hold, negative ones too (RFC 2308), and
 * asks each question once however many wait for it.
 *
 * <p>A question runs on a virtual thread of its own ({@link Flight}). Callers wait for the shared answer, each until its own
 * deadline; the question itself runs on for the others and for the cache. Deadlines and the age of answers follow the given clock,
 * the waiting for a single datagram dnsjava's.
 */
public final class CachingResolver implements Resolver {
    private static final Executor VIRTUAL_THREADS = task -> Thread.ofVirtual().name("dns").start(task);

    private final org.xbill.DNS.Resolver upstream;
    private final ResolverSettings.Limits limits;
    private final Time time;
    private final AnswerCache cache;
    private final Semaphore permits;
    private final ConcurrentHashMap<Question<?>, Flight> flights = new ConcurrentHashMap<>();

    public CachingResolver(ResolverSettings settings, Time time) {
        this(Validator.over(settings, time), settings.limits(), time);
    }

    CachingResolver(org.xbill.DNS.Resolver upstream, ResolverSettings.Limits limits, Time time) {
        this.upstream = upstream;
        this.limits = limits;
        this.time = time;
        this.cache = new AnswerCache(limits.cacheOctets());
        this.permits = new Semaphore(limits.questionsInFlight());
    }

    @Override
    public <R extends Rdata> Answer<R> resolve(DnsName name, RecordType<R> type, Duration within) {
        Question<R> question = new Question<>(name, type);
        Optional<Answer<?>> kept = cache.find(question, time.nanos());
        if (kept.isPresent()) {
            return question.own(kept.get());
        }
        if (!within.isPositive()) {
            return new Answer.TimedOut<>();
        }
        return question.own(join(question).await(within));
    }

    /** About how much memory the cache takes. */
    public long cacheOctets() {
        return cache.octets();
    }

    private Flight join(Question<?> question) {
        Flight mine = new Flight();
        Flight running = flights.putIfAbsent(question, mine);
        if (running != null) {
            return running;
        }
        if (!permits.tryAcquire()) {
            mine.land(new Answer.ServFail<>("more than " + limits.questionsInFlight() + " questions at once"));
            flights.remove(question, mine);
            return mine;
        }
        VIRTUAL_THREADS.execute(() -> fly(question, mine));
        return mine;
    }

    private <R extends Rdata> void fly(Question<R> question, Flight flight) {
        Time.Scheduled deadline = time.schedule(limits.question(), () -> flight.land(new Answer.TimedOut<>()));
        Answer<?> answer = new Answer.ServFail<>("the question ended in an error");
        try {
            // Somebody's flight may have landed between our look into the cache and our take-off.
            Optional<Answer<?>> kept = cache.find(question, time.nanos());
            answer = kept.isPresent() ? kept.get() : ask(question);
        } finally {
            deadline.cancel();
            permits.release();
            flights.remove(question, flight);
            flight.land(answer);
        }
    }

    /** Asks, follows what the servers left unfollowed, and keeps the answer. */
    private <R extends Rdata> Answer<R> ask(Question<R> question) {
        DnsName name = question.name();
        boolean authentic = true;
        long ttlSeconds = Long.MAX_VALUE;
        int aliases = 0;
        while (true) {
            Reading<R> reading = exchange(name, question.type(), limits.cnames() - aliases);
            ttlSeconds = Math.min(ttlSeconds, reading.ttlSeconds());
            authentic &= isAuthentic(reading.answer());
            aliases += reading.aliases();
            if (reading.alias().isEmpty()) {
                Answer<R> answer = authentic ? reading.answer() : withoutVouching(reading.answer());
                keep(question, answer, ttlSeconds);
                return answer;
            }
            name = reading.alias().get();
        }
    }

    private <R extends Rdata> Reading<R> exchange(DnsName name, RecordType<R> type, int maxAliases) {
        try {
            Message query = Message.newQuery(Record.newRecord(new Name(name.wire()), type.code(), DClass.IN));
            query.getHeader().setFlag(Flags.AD); // RFC 6840 §5.7: we understand the bit in the answer.
            Message response = upstream.sendAsync(query, VIRTUAL_THREADS).toCompletableFuture().get();
            return Reading.of(response, name, type, maxAliases);
        } catch (IOException e) {
            return failed(new Answer.ServFail<>("not a question: " + e.getMessage()));
        } catch (ExecutionException e) {
            return failed(e.getCause() instanceof SocketTimeoutException
                    ? new Answer.TimedOut<>()
                    : new Answer.ServFail<>(String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(new Answer.TimedOut<>());
        }
    }

    private static <R extends Rdata> Reading<R> failed(Answer<R> answer) {
        return new Reading<>(answer, 0, Optional.empty(), 0);
    }

    private void keep(Question<?> question, Answer<?> answer, long ttlSeconds) {
        Duration ttl = Duration.ofSeconds(Math.min(ttlSeconds, limits.maxTtl().toSeconds()));
        Duration kept = switch (answer) {
            case Answer.Found<?> found -> ttl;
            case Answer.NoData<?> noData -> min(ttl, limits.maxNegativeTtl());
            case Answer.NxDomain<?> nxDomain -> min(ttl, limits.maxNegativeTtl());
            case Answer.ServFail<?> failed -> limits.failureTtl();
            case Answer.TimedOut<?> timedOut -> limits.failureTtl();
            case Answer.Bogus<?> bogus -> limits.failureTtl();
        };
        if (kept.isPositive()) {
            cache.keep(question, answer, time.nanos() + kept.toNanos());
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static boolean isAuthentic(Answer<?> answer) {
        return switch (answer) {
            case Answer.Found<?> found -> found.authentic();
            case Answer.NoData<?> noData -> noData.authentic();
            case Answer.NxDomain<?> nxDomain -> nxDomain.authentic();
            case Answer.ServFail<?> failed -> false;
            case Answer.TimedOut<?> timedOut -> false;
            case Answer.Bogus<?> bogus -> false;
        };
    }

    private static <R extends Rdata> Answer<R> withoutVouching(Answer<R> answer) {
        return switch (answer) {
            case Answer.Found<R> found -> new Answer.Found<>(found.records(), found.owner(), false);
            case Answer.NoData<R> noData -> new Answer.NoData<>(false);
            case Answer.NxDomain<R> nxDomain -> new Answer.NxDomain<>(false);
            default -> answer;
        };
    }

    /** A question under way and those who wait for its answer. */
    private final class Flight {
        private final CompletableFuture<Answer<?>> answer = new CompletableFuture<>();

        /** Gives everybody the answer; only the first one counts. */
        void land(Answer<?> landed) {
            answer.complete(landed);
        }

        Answer<?> await(Duration within) {
            CompletableFuture<Answer<?>> mine = answer.copy();
            Time.Scheduled deadline = time.schedule(within, () -> mine.complete(new Answer.TimedOut<>()));
            try {
                return mine.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Answer.TimedOut<>();
            } catch (ExecutionException e) {
                throw new IllegalStateException("an answer cannot fail", e);
            } finally {
                deadline.cancel();
            }
        }
    }
}
