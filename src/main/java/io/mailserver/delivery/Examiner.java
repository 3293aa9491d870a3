package io.mailserver.delivery;

import io.mailserver.arc.ArcChain;
import io.mailserver.arc.ArcResult;
import io.mailserver.arc.ArcVerifier;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.dkim.BodyHashes;
import io.mailserver.dkim.DkimLimits;
import io.mailserver.dkim.DkimResult;
import io.mailserver.dkim.DkimVerifier;
import io.mailserver.dmarc.AuthorDomains;
import io.mailserver.dmarc.DmarcChecker;
import io.mailserver.dmarc.DmarcLimits;
import io.mailserver.dmarc.DmarcResult;
import io.mailserver.dmarc.TreeWalk;
import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.spam.SpamReport;
import io.mailserver.spf.SpfChecker;
import io.mailserver.spf.SpfLimits;
import io.mailserver.spf.SpfRequest;
import io.mailserver.spf.SpfResult;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the evidence about a message: all checks side by side, each on a virtual thread, all within one time. A check whose every
 * question was answered lately is done at once, without a thread. The body is read once, in constant memory. Nothing is decided here,
 * and a DNS that does not answer is a result like any other.
 *
 * <p>Safe for use by any thread.
 */
public final class Examiner {
    /** Hashing more than this would hold a carrier thread for too long. */
    private static final long LARGE_OCTETS = 1 << 20;
    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final DnsName ROOT = new DnsName("");

    private final Resolver resolver;
    private final PlatformPool pool;
    private final Time time;

    /** @param pool hashes the bodies of large messages */
    public Examiner(Resolver resolver, PlatformPool pool, Time time) {
        this.resolver = resolver;
        this.pool = pool;
        this.time = time;
    }

    /**
     * Examines a message. Blocks for the DNS.
     *
     * @param message read to its end; closed by the caller
     * @param size of the whole message in octets
     * @param receiver our host name, for SPF's macros
     * @param within how long all of it may take, reading aside
     * @throws IOException when the message cannot be read, or the calling thread was interrupted
     */
    public Evidence examine(Transaction transaction, HeaderBlock.Split message, long size, String receiver, Duration within)
            throws IOException {
        try (Threads threads = new Threads()) {
            return new Examination(transaction, message, size, receiver, within, threads).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while judging a message");
        }
    }

    /** One message. */
    private final class Examination {
        private final Transaction transaction;
        private final HeaderBlock.Split message;
        private final long size;
        private final String receiver;
        private final Duration within;
        private final Threads threads;
        private final long startNanos = time.nanos();
        private final Listening dns = new Listening(resolver);

        Examination(Transaction transaction, HeaderBlock.Split message, long size, String receiver, Duration within,
                Threads threads) {
            this.transaction = transaction;
            this.message = message;
            this.size = size;
            this.receiver = receiver;
            this.within = within;
            this.threads = threads;
        }

        Evidence run() throws IOException, InterruptedException {
            SpfRequest request = new SpfRequest(transaction.client(), transaction.helo(), transaction.mailFrom());
            boolean local = AddressChecks.isLocal(transaction.client());
            AuthorDomains authors = AuthorDomains.of(message.header());
            Future<SpfResult> mailFrom = check(resolver -> spf(resolver).checkMailFrom(request));
            Future<SpfResult> spfHelo = check(resolver -> spf(resolver).checkHelo(request));
            Future<HeloResult> helo = check(resolver -> addresses(resolver).helo(transaction.helo(), transaction.client()));
            Future<Optional<IprevResult>> iprev = local ? CompletableFuture.completedFuture(Optional.empty())
                    : check(resolver -> Optional.of(addresses(resolver).iprev(transaction.client())));
            authors.domains().stream().limit(DmarcLimits.DEFAULTS.authorDomains()).forEach(this::fetchPolicy);
            Signatures signatures = signatures();
            SpfResult spfResult = result(mailFrom);
            // Its questions were asked above, so that it rarely waits.
            DmarcResult dmarc = new DmarcChecker(dns, time, dmarcLimits()).check(authors, spfResult, signatures.dkim());
            return new Evidence(transaction, size, message.header().truncated(), result(iprev), result(helo), result(spfHelo), spfResult,
                    signatures.dkim(), signatures.arc(), authors, dmarc, listMark(message.header()), dnsAlive(), SpamReport.EMPTY);
        }

        private record Signatures(List<DkimResult> dkim, ArcResult arc) {}

        private Signatures signatures() throws IOException, InterruptedException {
            DkimLimits limits = dkimLimits();
            DkimVerifier verifier = new DkimVerifier(dns, time, limits);
            DkimVerifier.Parsed parsed = verifier.read(message.header());
            ArcChain chain = ArcChain.read(message.header(), limits);
            List<BodyHashes.Wanted> wanted = new ArrayList<>(parsed.wantedHashes());
            wanted.addAll(chain.wantedHashes());
            BodyHashes hashes = size > LARGE_OCTETS && !wanted.isEmpty()
                    ? pool.call(() -> BodyHashes.of(message.body(), wanted))
                    : BodyHashes.of(message.body(), wanted);
            if (chain.wantedHashes().isEmpty()) { // No signature: nothing to wait for.
                return new Signatures(verifier.verify(parsed, hashes), new ArcVerifier(dns, time, limits).verify(chain, hashes));
            }
            Future<ArcResult> arc = threads.get().submit(() -> new ArcVerifier(dns, time, limits).verify(chain, hashes));
            return new Signatures(verifier.verify(parsed, hashes), result(arc));
        }

        private void fetchPolicy(Domain author) {
            Future<?> _ = check(resolver -> TreeWalk.of(author, resolver, this::remaining));
        }

        /** At once if the resolver knows all answers, else on a thread. */
        private <T> Future<T> check(Function<Resolver, T> what) {
            try {
                return CompletableFuture.completedFuture(what.apply(new Kept(dns)));
            } catch (Kept.NotKeptException e) {
                return threads.get().submit(() -> what.apply(dns));
            }
        }

        private SpfChecker spf(Resolver asking) {
            return new SpfChecker(asking, time, spfLimits(), receiver);
        }

        private AddressChecks addresses(Resolver asking) {
            return new AddressChecks(asking, this::remaining);
        }

        /** Whether the DNS answered anything, or would. */
        private boolean dnsAlive() {
            return dns.answered || !dns.failed
                    || !dns.resolve(ROOT, RecordType.NS, PROBE).temporary();
        }

        private SpfLimits spfLimits() {
            SpfLimits defaults = SpfLimits.DEFAULTS;
            return new SpfLimits(defaults.lookups(), defaults.voidLookups(), defaults.hosts(), within);
        }

        private DkimLimits dkimLimits() {
            DkimLimits defaults = DkimLimits.DEFAULTS;
            return new DkimLimits(defaults.signatures(), defaults.keyRecords(), defaults.minRsaBits(), defaults.maxRsaBits(),
                    defaults.signedFields(), within);
        }

        private DmarcLimits dmarcLimits() {
            DmarcLimits defaults = DmarcLimits.DEFAULTS;
            return new DmarcLimits(defaults.authorDomains(), remaining(), defaults.partialSignatures());
        }

        private Duration remaining() {
            return within.minusNanos(time.nanos() - startNanos);
        }
    }

    /** The first field that only lists write (RFC 2919 §3, RFC 2369 §3.4; Precedence is as old as it is unwritten). */
    static Optional<String> listMark(HeaderBlock header) {
        for (HeaderField field : header.fields()) {
            if (field.is("List-Id") || field.is("List-Post")) {
                return Optional.of(field.name());
            }
            if (field.is("Precedence") && field.text().equalsIgnoreCase("list")) {
                return Optional.of("Precedence: list");
            }
        }
        return Optional.empty();
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a check failed", e);
        }
    }

    /** Virtual threads from the first one asked for; closing waits for their end. */
    private static final class Threads implements AutoCloseable {
        private @Nullable ExecutorService executor;

        ExecutorService get() {
            ExecutorService made = executor;
            if (made == null) {
                made = Executors.newVirtualThreadPerTaskExecutor();
                executor = made;
            }
            return made;
        }

        @Override
        public void close() {
            if (executor != null) {
                executor.close();
            }
        }
    }

    /** Answers from memory only; whatever would have to be asked ends the check by an exception. */
    private record Kept(Resolver resolver) implements Resolver {
        /** Without a stack: it happens at every new name. */
        private static final class NotKeptException extends RuntimeException {
            private NotKeptException() {
                super("not kept", null, false, false);
            }
        }

        @Override
        public <R extends Rdata> Answer<R> resolve(DnsName name, RecordType<R> type, Duration within) {
            Answer<R> answer = resolver.resolve(name, type, Duration.ZERO);
            if (answer instanceof Answer.TimedOut<R>) {
                throw new NotKeptException();
            }
            return answer;
        }
    }

    /** Notices whether anybody answers. */
    private static final class Listening implements Resolver {
        private final Resolver resolver;
        private volatile boolean answered;
        private volatile boolean failed;

        Listening(Resolver resolver) {
            this.resolver = resolver;
        }

        @Override
        public <R extends Rdata> Answer<R> resolve(DnsName name, RecordType<R> type, Duration within) {
            Answer<R> answer = resolver.resolve(name, type, within);
            if (answer.temporary()) {
                failed |= within.isPositive() || !(answer instanceof Answer.TimedOut<R>); // Else it was not asked.
            } else {
                answered = true;
            }
            return answer;
        }
    }
}
