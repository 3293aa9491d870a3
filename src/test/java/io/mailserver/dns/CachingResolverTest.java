package io.mailserver.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailserver.dns.ResolverSettings.Limits;
import io.mailserver.dns.ResolverSettings.NameServer;
import io.mailserver.dns.ResolverSettings.Validation;
import io.mailserver.simulation.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.SimpleResolver;

/** The server's resolver against servers on loopback, its clock moved by hand. */
class CachingResolverTest {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));

    /** Counts what reaches the servers. */
    private static final class Counting extends SimpleResolver {
        private final AtomicInteger questions = new AtomicInteger();

        Counting(InetSocketAddress address) {
            super(address);
        }

        @Override
        public CompletionStage<Message> sendAsync(Message query, Executor executor) {
            questions.incrementAndGet();
            return super.sendAsync(query, executor);
        }
    }

    private Counting counting(ZoneServer server) {
        return new Counting(server.address());
    }

    private ZoneServer serve(String zone) throws IOException {
        Zone parsed = Zone.parse(zone);
        return ZoneServer.start(() -> parsed, 0, time);
    }

    private CachingResolver over(org.xbill.DNS.Resolver upstream) {
        return new CachingResolver(upstream, Limits.DEFAULTS, time);
    }

    private CachingResolver over(List<NameServer> servers, Duration attempt) {
        return new CachingResolver(
                new ResolverSettings(servers, Validation.TRUSTED_SERVERS, Limits.DEFAULTS.withTimes(Duration.ofMinutes(1), attempt)), time);
    }

    private static <R extends Rdata> Answer<R> ask(Resolver resolver, String name, RecordType<R> type) {
        return resolver.resolve(DnsName.of(name), type, WAIT);
    }

    @Test
    void anAnswerIsKeptUntilItsTtlIsOver() throws IOException {
        try (ZoneServer server = serve("a.example 60 A 192.0.2.1")) {
            Counting upstream = counting(server);
            CachingResolver resolver = over(upstream);
            ask(resolver, "a.example", RecordType.A);
            time.advance(Duration.ofSeconds(59));
            assertThat(ask(resolver, "A.example", RecordType.A).records()).hasSize(1);
            assertThat(upstream.questions).hasValue(1);
            time.advance(Duration.ofSeconds(1));
            assertThat(ask(resolver, "a.example", RecordType.A).records()).hasSize(1);
            assertThat(upstream.questions).hasValue(2);
        }
    }

    @Test
    void noSuchNameIsKeptForTheMinimumOfTheSoa() throws IOException {
        try (ZoneServer server = serve("example 900 SOA ns.example. root.example. 7 1 1 1 30")) {
            Counting upstream = counting(server);
            CachingResolver resolver = over(upstream);
            assertThat(ask(resolver, "no.example", RecordType.A)).isEqualTo(new Answer.NxDomain<>(false));
            time.advance(Duration.ofSeconds(29));
            assertThat(ask(resolver, "no.example", RecordType.A)).isEqualTo(new Answer.NxDomain<>(false));
            assertThat(upstream.questions).hasValue(1);
            time.advance(Duration.ofSeconds(1));
            ask(resolver, "no.example", RecordType.A);
            assertThat(upstream.questions).hasValue(2);
        }
    }

    @Test
    void noSuchNameWithoutSoaIsNotKept() throws IOException {
        try (ZoneServer server = serve("other.example A 192.0.2.1")) {
            Counting upstream = counting(server);
            CachingResolver resolver = over(upstream);
            ask(resolver, "no.example", RecordType.A);
            ask(resolver, "no.example", RecordType.A);
            assertThat(upstream.questions).hasValue(2);
        }
    }

    @Test
    void aServerFailureIsKeptForSeconds() throws IOException {
        try (ZoneServer server = serve("$SERVFAIL broken.example")) {
            Counting upstream = counting(server);
            CachingResolver resolver = over(upstream);
            assertThat(ask(resolver, "broken.example", RecordType.A)).isInstanceOf(Answer.ServFail.class);
            ask(resolver, "broken.example", RecordType.A);
            assertThat(upstream.questions).hasValue(1);
            time.advance(Duration.ofSeconds(5));
            ask(resolver, "broken.example", RecordType.A);
            assertThat(upstream.questions).hasValue(2);
        }
    }

    @Test
    void largeAnswersComeOverTcp() throws IOException {
        String zone = "big.example TXT \"" + "x".repeat(250) + "\"\n"
                + String.join("\n", java.util.stream.IntStream.range(0, 20)
                        .mapToObj(i -> "big.example TXT \"" + i + "y".repeat(250) + "\"").toList());
        try (ZoneServer server = serve(zone)) {
            CachingResolver resolver = over(List.of(new NameServer(server.address(), true)), Duration.ofSeconds(10));
            assertThat(ask(resolver, "big.example", RecordType.TXT).records()).hasSize(21);
        }
    }

    @Test
    void theSecondServerAnswersWhenTheFirstFails() throws IOException {
        try (ZoneServer broken = serve("$SERVFAIL example");
                ZoneServer silent = serve("$TIMEOUT example");
                ZoneServer good = serve("a.example A 192.0.2.1")) {
            List<NameServer> servers = List.of(new NameServer(broken.address(), true),
                    new NameServer(silent.address(), true), new NameServer(good.address(), true));
            CachingResolver resolver = over(servers, Duration.ofMillis(100));
            assertThat(ask(resolver, "a.example", RecordType.A).records()).hasSize(1);
        }
    }

    @Test
    void silenceOfAllServersIsATimeOut() throws IOException {
        try (ZoneServer silent = serve("$TIMEOUT example")) {
            CachingResolver resolver = over(List.of(new NameServer(silent.address(), true)), Duration.ofMillis(20));
            assertThat(ask(resolver, "a.example", RecordType.A)).isEqualTo(new Answer.TimedOut<>());
        }
    }

    @Test
    void aPortWithoutServerIsATemporaryFailure() throws IOException {
        ZoneServer gone = serve("");
        gone.close();
        CachingResolver resolver = over(List.of(new NameServer(gone.address(), true)), Duration.ofMillis(20));
        assertThat(ask(resolver, "a.example", RecordType.A).temporary()).isTrue();
    }

    @Test
    void theAdBitCountsOnlyFromTrustedServers() throws IOException {
        try (ZoneServer server = serve("$AUTHENTIC example\na.example A 192.0.2.1\n$BOGUS bad.example")) {
            CachingResolver trusting = over(List.of(NameServer.at(server.address().getAddress(), server.address().getPort())), WAIT);
            CachingResolver wary = over(List.of(new NameServer(server.address(), false)), WAIT);
            assertThat(ask(trusting, "a.example", RecordType.A)).isInstanceOfSatisfying(Answer.Found.class,
                    found -> assertThat(found.authentic()).isTrue());
            assertThat(ask(trusting, "no.example", RecordType.A)).isEqualTo(new Answer.NxDomain<>(true));
            assertThat(ask(wary, "a.example", RecordType.A)).isInstanceOfSatisfying(Answer.Found.class,
                    found -> assertThat(found.authentic()).isFalse());
            assertThat(ask(trusting, "bad.example", RecordType.A)).isInstanceOf(Answer.Bogus.class);
        }
    }

    /** A server that answers when the test says so. */
    private static final class Hesitant extends SimpleResolver {
        private final List<CompletableFuture<Message>> asked = new ArrayList<>();

        Hesitant() {
            super(new InetSocketAddress(0));
        }

        @Override
        public synchronized CompletionStage<Message> sendAsync(Message query, Executor executor) {
            CompletableFuture<Message> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        }

        synchronized int count() {
            return asked.size();
        }

        synchronized void answerAll(Zone zone, DnsName name) throws IOException {
            Message query = Message.newQuery(org.xbill.DNS.Record.newRecord(
                    new org.xbill.DNS.Name(name.wire()), org.xbill.DNS.Type.A, org.xbill.DNS.DClass.IN));
            for (CompletableFuture<Message> answer : asked) {
                answer.complete(zone.respond(query).orElseThrow());
            }
        }
    }

    @Test
    void equalQuestionsInFlightAreAskedOnce() throws Exception {
        Hesitant upstream = new Hesitant();
        CachingResolver resolver = over(upstream);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer<Rdata.A>>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(threads.submit(() -> ask(resolver, "a.example", RecordType.A)));
            }
            await().until(() -> upstream.count() > 0);
            upstream.answerAll(Zone.parse("a.example A 192.0.2.1"), DnsName.of("a.example"));
            for (Future<Answer<Rdata.A>> answer : answers) {
                assertThat(answer.get().records()).hasSize(1);
            }
        }
        assertThat(upstream.count()).isEqualTo(1);
    }

    @Test
    void aCallersDeadlineLeavesTheQuestionRunning() throws Exception {
        Hesitant upstream = new Hesitant();
        CachingResolver resolver = over(upstream);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer<Rdata.A>> hasty = threads.submit(
                    () -> resolver.resolve(DnsName.of("a.example"), RecordType.A, Duration.ofSeconds(1)));
            await().until(() -> {
                time.advance(Duration.ofMillis(100));
                return hasty.isDone();
            });
            assertThat(hasty.get()).isEqualTo(new Answer.TimedOut<>());
            Future<Answer<Rdata.A>> patient = threads.submit(() -> ask(resolver, "a.example", RecordType.A));
            upstream.answerAll(Zone.parse("a.example A 192.0.2.1"), DnsName.of("a.example"));
            assertThat(patient.get().records()).hasSize(1);
        }
        assertThat(upstream.count()).isEqualTo(1);
    }

    @Test
    void tooManyQuestionsAtOnceFailAtOnce() throws Exception {
        Hesitant upstream = new Hesitant();
        Limits one = new Limits(WAIT, WAIT, 1 << 20, 1, WAIT, WAIT, WAIT, 8);
        CachingResolver resolver = new CachingResolver(upstream, one, time);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer<Rdata.A>> first = threads.submit(() -> ask(resolver, "a.example", RecordType.A));
            await().until(() -> upstream.count() > 0);
            assertThat(ask(resolver, "b.example", RecordType.A)).isInstanceOf(Answer.ServFail.class);
            upstream.answerAll(Zone.parse("a.example A 192.0.2.1"), DnsName.of("a.example"));
            assertThat(first.get().records()).hasSize(1);
        }
    }

    @Test
    void aliasesThatTheServerLeavesAreFollowed() throws Exception {
        Zone half = Zone.parse("a.example CNAME b.example");
        Zone other = Zone.parse("b.example A 192.0.2.7");
        org.xbill.DNS.Resolver authoritative = new SimpleResolver(new InetSocketAddress(0)) {
            @Override
            public CompletionStage<Message> sendAsync(Message query, Executor executor) {
                boolean first = query.getQuestion().getName().toString().startsWith("a.");
                Message response = (first ? half : other).respond(query).orElseThrow();
                response.getHeader().setRcode(0);
                return CompletableFuture.completedFuture(response);
            }
        };
        assertThat(ask(over(authoritative), "a.example", RecordType.A)).isInstanceOfSatisfying(Answer.Found.class,
                found -> assertThat(found.owner()).isEqualTo(DnsName.of("b.example")));
    }

    @Test
    void theCacheStaysWithinItsBytes() {
        AnswerCache cache = new AnswerCache(10_000);
        Answer<Rdata.Txt> answer = new Answer.Found<>(List.of(new Rdata.Txt("x".repeat(1_000))), DnsName.of("a"), false);
        for (int i = 0; i < 100; i++) {
            cache.keep(new Question<>(DnsName.of("n" + i), RecordType.TXT), answer, Long.MAX_VALUE / 2);
        }
        assertThat(cache.octets()).isBetween(5_000L, 10_000L);
        assertThat(cache.find(new Question<>(DnsName.of("n99"), RecordType.TXT), 0)).isPresent();
        assertThat(cache.find(new Question<>(DnsName.of("n0"), RecordType.TXT), 0)).isEmpty();
    }

    @Test
    void resolvConfIsReadAsGlibcDoes() {
        assertThat(SystemResolvers.parse("# c\nnameserver 127.0.0.1\nnameserver 192.0.2.53 \nnameserver junk\noptions edns0\n"))
                .containsExactly(new NameServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53), true),
                        new NameServer(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53), false));
        assertThat(SystemResolvers.parse("nameserver 192.0.2.53\noptions trust-ad").getFirst().trusted()).isTrue();
    }

    @Test
    void serversAreWrittenWithOrWithoutPort() {
        assertThat(SystemResolvers.parseServer("192.0.2.1:5353")).map(NameServer::address)
                .contains(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5353));
        assertThat(SystemResolvers.parseServer("2001:db8::1")).map(server -> server.address().getPort()).contains(53);
        assertThat(SystemResolvers.parseServer("[::1]:54")).map(server -> server.address().getPort()).contains(54);
        assertThat(SystemResolvers.parseServer("[::1]")).map(NameServer::trusted).contains(true);
        assertThat(SystemResolvers.parseServer("host.example:53")).isEmpty();
        assertThat(SystemResolvers.parseServer("192.0.2.1:0")).isEmpty();
        assertThat(SystemResolvers.parseServer("192.0.2.1:99999")).isEmpty();
    }

    @Test
    void whenNobodyAnswersQuestionsAreGivenUpSooner() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Zone nobody = Zone.parse("$TIMEOUT .");
        Zone somebody = Zone.parse("$TIMEOUT silent.example\n*.alive.example A 192.0.2.1");
        AtomicReference<Zone> zone = new AtomicReference<>(nobody);
        try (ZoneServer server = ZoneServer.start(() -> {
            asked.incrementAndGet();
            return zone.get();
        }, 0, time)) {
            CachingResolver resolver = over(List.of(new NameServer(server.address(), true)), Duration.ofMillis(40));
            for (int i = 0; i < 6; i++) {
                ask(resolver, i + ".example", RecordType.A);
            }
            assertThat(asked).as("four with two rounds, two with one").hasValue(10);
            zone.set(somebody);
            AtomicInteger name = new AtomicInteger();
            await().until(() -> !ask(resolver, name.incrementAndGet() + ".alive.example", RecordType.A).records().isEmpty());
            asked.set(0);
            ask(resolver, "b.silent.example", RecordType.A);
            assertThat(asked).as("two rounds again").hasValue(2);
        }
    }
}
