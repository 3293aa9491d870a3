package io.mailserver.bench;

import io.mailserver.base.Content;
import io.mailserver.base.OctetContent;
import io.mailserver.base.Time;
import io.mailserver.config.SpamConfig;
import io.mailserver.dns.CachingResolver;
import io.mailserver.dns.ResolverSettings;
import io.mailserver.dns.ResolverSettings.NameServer;
import io.mailserver.mime.MessageOctets;
import io.mailserver.spam.BayesClassifier;
import io.mailserver.spam.ContentFilter;
import io.mailserver.spam.Failures;
import io.mailserver.spam.Finding;
import io.mailserver.spam.ScanResult;
import io.mailserver.spam.Scanner;
import io.mailserver.spam.SpamFilter;
import io.mailserver.spam.SpamReport;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * How much of the junk in {@link SpamCorpus} goes to Junk, how much of the wanted mail does, untrained and after some of each was learned;
 * and how many messages a second we judge beside other programs that were started elsewhere. All is measured on the half that nothing was
 * learned from.
 */
final class SpamBench {
    static final int SEED = 20_261_130;
    private static final Duration MEASURED = Duration.ofSeconds(4);
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final double JUNK = 5;
    /** Enough that nobody waits for us. */
    private static final int IN_FLIGHT = 24;

    private final Path folder;
    private final Time time;
    private final PrintStream out;
    private final long seed;

    /** @param seed of the corpus; equal ones give equal mail */
    SpamBench(Path folder, Time time, PrintStream out, long seed) {
        this.folder = folder;
        this.time = time;
        this.out = out;
        this.seed = seed;
    }

    /**
     * How much is done.
     *
     * @param each messages of each sort in either half
     * @param trained how many of each sort are learned
     * @param rounds how often each program's rate is taken, in turns; the best counts
     */
    record Plan(int each, int trained, int rounds) {}

    /** What was found in the held-back half. */
    private record Rates(int ham, int hamInJunk, int spam, int caught, double worstHam, Map<String, int[]> byKind) {
        String line() {
            return "%5.1f %% of %,d spam caught, %d of %,d ham in Junk".formatted(100.0 * caught / spam, spam, hamInJunk, ham);
        }
    }

    /**
     * Measures.
     *
     * @param others other programs by name, for the rate
     * @return whether the goals of catching are met
     */
    boolean run(Plan plan, Map<String, Scanner> others) throws IOException, InterruptedException {
        SpamCorpus corpus = new SpamCorpus(seed);
        List<SpamCorpus.Sample> taught = corpus.make(plan.each(), false);
        taught.addAll(corpus.make(plan.each(), true));
        List<SpamCorpus.Sample> heldBack = corpus.make(plan.each(), false);
        heldBack.addAll(corpus.make(plan.each(), true));
        BayesClassifier learned = BayesClassifier.empty(folder.resolve("learned"), 1 << 18);
        SpamFilter filter = filter(learned);
        out.printf("a corpus of %,d messages from seed %d%n", 4 * plan.each(), seed);
        Rates before = rates(filter, heldBack);
        out.printf("  untrained:             %s%n", before.line());
        for (boolean spam : List.of(true, false)) {
            List<SpamCorpus.Sample> some = taught.stream().filter(sample -> sample.spam() == spam).limit(plan.trained()).toList();
            for (SpamCorpus.Sample sample : some) {
                learned.learn(ContentFilter.tokens(MessageOctets.of(sample.message()), time.now()), spam);
            }
        }
        learned.save();
        Rates after = rates(filter, heldBack);
        out.printf("  after %d of each:     %s%n", plan.trained(), after.line());
        after.byKind().forEach((kind, counts) -> {
            if (counts[0] < counts[1]) {
                out.printf("    %-24s %d of %d right%n", kind, counts[0], counts[1]);
            }
        });
        out.printf("  the worst ham has %.1f points%n", after.worstHam());
        out.printf("  learned on disk:       %,d octets, %s%n", Files.size(folder.resolve("learned")), learned.statistics());
        rates(filter, heldBack, plan.rounds(), others);
        return after.hamInJunk() <= after.ham() / 1_000 && after.caught() >= 0.95 * after.spam();
    }

    /** All programs in turns, so that a busy moment of the machine meets each of them. */
    private void rates(SpamFilter filter, List<SpamCorpus.Sample> samples, int rounds, Map<String, Scanner> others)
            throws InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        out.printf("messages judged a second, the best of %d rounds: ours %d at a time, others %d%n", rounds, threads, IN_FLIGHT);
        ours(filter, samples, threads);
        double ours = 0;
        Map<String, Double> theirs = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            ours = Math.max(ours, ours(filter, samples, threads));
            for (Map.Entry<String, Scanner> other : others.entrySet()) {
                theirs.merge(other.getKey(), theirs(other.getValue(), samples, IN_FLIGHT), Math::max);
            }
        }
        out.printf("  %-24s %8.0f%n", "ours", ours);
        for (Map.Entry<String, Double> other : theirs.entrySet()) {
            out.printf("  %-24s %8.0f   ours is %.1f times that%n", other.getKey(), other.getValue(), ours / other.getValue());
        }
    }

    private SpamFilter filter(BayesClassifier learned) {
        // Nothing is asked: no list is named.
        CachingResolver nobody = new CachingResolver(
                ResolverSettings.of(List.of(NameServer.at(InetAddress.getLoopbackAddress(), 1))), time);
        return new SpamFilter(SpamConfig.defaults(),
                new SpamFilter.Parts(learned, nobody, HttpClient::newHttpClient, JsonMapper.shared(), new Failures(), time));
    }

    private static SpamReport examine(SpamFilter filter, SpamCorpus.Sample sample) throws IOException {
        try (Content content = new OctetContent(sample.message())) {
            return filter.examine(sample.known(), envelope(sample), content, List.of(), author -> Map.of());
        }
    }

    private static Scanner.Envelope envelope(SpamCorpus.Sample sample) {
        return new Scanner.Envelope(InetAddress.ofLiteral("192.0.2.7"), "mail.sender.example", sample.mailFrom(),
                List.of("alice@example.com"), "");
    }

    private Rates rates(SpamFilter filter, List<SpamCorpus.Sample> samples) throws IOException {
        int[] counts = new int[4];
        double worstHam = -1_000;
        Map<String, int[]> byKind = new TreeMap<>();
        for (SpamCorpus.Sample sample : samples) {
            SpamReport report = examine(filter, sample);
            boolean junk = report.score() >= JUNK;
            worstHam = sample.spam() ? worstHam : Math.max(worstHam, report.score());
            counts[sample.spam() ? 2 : 0]++;
            counts[sample.spam() ? 3 : 1] += junk ? 1 : 0;
            int[] kind = byKind.computeIfAbsent((sample.spam() ? "spam " : "ham ") + sample.kind(), key -> new int[2]);
            kind[0] += junk == sample.spam() ? 1 : 0;
            kind[1]++;
            if (junk && !sample.spam()) {
                out.printf("    ham in Junk: %s %.1f %s%n", sample.kind(), report.score(),
                        report.findings().stream().map(Finding::toString).collect(Collectors.joining(",")));
            }
        }
        return new Rates(counts[0], counts[1], counts[2], counts[3], worstHam, byKind);
    }

    private double ours(SpamFilter filter, List<SpamCorpus.Sample> samples, int threads) throws InterruptedException {
        return rate(threads, number -> examine(filter, samples.get(number % samples.size())));
    }

    private double theirs(Scanner scanner, List<SpamCorpus.Sample> samples, int threads) throws InterruptedException {
        return rate(threads, number -> {
            SpamCorpus.Sample sample = samples.get(number % samples.size());
            try (Content content = new OctetContent(sample.message())) {
                if (scanner.scan(envelope(sample), content, WITHIN) instanceof ScanResult.Unavailable trouble) {
                    throw new IOException(trouble.reason());
                }
            }
        });
    }

    /** Judges message after message. */
    @FunctionalInterface
    private interface Work {
        void judge(int number) throws IOException;
    }

    private double rate(int threads, Work work) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        long start = time.nanos();
        long end = start + MEASURED.toNanos();
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(Thread.ofPlatform().start(() -> {
                while (time.nanos() - end < 0) {
                    try {
                        work.judge(next.getAndIncrement());
                    } catch (IOException e) {
                        failed.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : running) {
            thread.join();
        }
        return (next.get() - failed.get()) / ((time.nanos() - start) / 1e9);
    }
}
