package io.mailserver.spam;

import io.mailserver.base.Content;
import io.mailserver.base.Time;
import io.mailserver.config.SpamConfig;
import io.mailserver.config.SpamConfig.ScannerConfig;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Resolver;
import io.mailserver.mime.MessageOctets;
import io.mailserver.mime.MimeParser;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import tools.jackson.databind.ObjectMapper;

/**
 * All that speaks for or against the content of a message, in one configuration: rules, what was learned, lists in the DNS, the
 * operator's own list, other programs. It gives points and reasons and decides nothing.
 *
 * <p>Safe for use by any thread; blocks for lists and programs, at most {@code spam.timeout}.
 */
public final class SpamFilter {
    /** Larger messages are looked at by rules and scanners only as far as memory allows: rules bound themselves. */
    private static final long MAX_LEARNED_OCTETS = 4 << 20;

    private static final double BLOCKED = 100;

    private final SpamConfig config;
    private final ContentFilter content;
    private final BayesClassifier server;
    private final DnsLists lists;
    private final Optional<Blocklist> blocklist;
    private final List<Asked> scanners;
    private final Time time;

    /** A scanner and what its answers mean. */
    private record Asked(ScannerConfig config, Scanner scanner) {}

    /**
     * What it stands on.
     *
     * @param server what the whole server learned
     * @param http asked only where a scanner needs it
     */
    public record Parts(BayesClassifier server, Resolver resolver, Supplier<HttpClient> http, ObjectMapper json, Time time) {}

    /** @throws IllegalArgumentException for a rule that does not exist */
    public SpamFilter(SpamConfig config, Parts parts) {
        this.config = config;
        this.content = new ContentFilter(Set.copyOf(config.without()));
        this.server = parts.server();
        this.lists = new DnsLists(config.dnsLists().stream().map(SpamFilter::list).toList(), parts.resolver());
        this.blocklist = config.blocklist().map(file -> new Blocklist(file, parts.time()));
        this.scanners = config.scanners().stream().map(each -> new Asked(each, scanner(each, parts))).toList();
        this.time = parts.time();
    }

    /** Whether content is looked at at all. */
    public boolean enabled() {
        return config.enabled();
    }

    private static DnsList list(SpamConfig.DnsListConfig list) {
        DnsList.Kind kind = switch (list.of()) {
            case ADDRESSES -> DnsList.Kind.ADDRESSES;
            case DOMAINS -> DnsList.Kind.DOMAINS;
        };
        return new DnsList(DnsName.of(list.zone()), kind, list.points(), list.answers());
    }

    private static Scanner scanner(ScannerConfig scanner, Parts parts) {
        return switch (scanner.type()) {
            case CLAMD -> new Clamd(scanner.at(), parts.time());
            case SPAMD -> new Spamd(scanner.at(), parts.time());
            case RSPAMD -> new Rspamd(scanner.at(), parts.http().get(), parts.json());
        };
    }

    /**
     * What was found.
     *
     * @param looked whether anybody looked: findings may be none all the same
     * @param infected what it carries that does harm, by a scanner
     * @param refused what a scanner has to say to the sender
     * @param putOff why it must be looked at later
     * @param troubles what could not be asked or read, for the log
     */
    public record Report(
            boolean looked,
            List<Finding> findings,
            Optional<String> infected,
            Optional<String> refused,
            Optional<String> putOff,
            List<String> troubles) {
        public Report {
            findings = List.copyOf(findings);
            troubles = List.copyOf(troubles);
        }

        /** The sum of all points. */
        public double score() {
            return findings.stream().mapToDouble(Finding::points).sum();
        }

        /** Nothing was looked at. */
        public static final Report EMPTY = new Report(false, List.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    /**
     * Looks at a message.
     *
     * @param own what its recipient's account learned
     * @throws IOException the message cannot be read, or the thread was interrupted
     */
    public Report examine(Sender sender, Scanner.Envelope envelope, Content message, Optional<BayesClassifier> own) throws IOException {
        if (!config.enabled()) {
            return Report.EMPTY;
        }
        ContentFilter.Reading reading = read(message, sender);
        List<Finding> findings = new ArrayList<>(content.rules(reading));
        if (message.size() <= MAX_LEARNED_OCTETS) {
            content.learned(reading, server, own).ifPresent(findings::add);
        }
        Set<String> domains = domains(envelope, reading);
        blocklist.flatMap(list -> list.match(envelope.client(), names(envelope, reading, domains)))
                .ifPresent(entry -> findings.add(new Finding("BLOCKED", BLOCKED, "the operator's own list has " + entry)));
        try {
            findings.addAll(lists.ask(publicAddress(envelope.client()), domains, config.timeout()));
            return scanned(envelope, message, findings);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while looking at a message");
        }
    }

    /** Reads a message as {@link #examine} does, to learn it. */
    public ContentFilter.Reading read(Content message, Sender sender) throws IOException {
        return content.read(MimeParser.parse(message, MimeParser.Limits.DEFAULTS), MessageOctets.of(message), sender, time.now());
    }

    private Report scanned(Scanner.Envelope envelope, Content message, List<Finding> findings) throws InterruptedException {
        Optional<String> infected = Optional.empty();
        Optional<String> refused = Optional.empty();
        Optional<String> putOff = Optional.empty();
        List<String> troubles = new ArrayList<>();
        blocklist.flatMap(Blocklist::problem).ifPresent(troubles::add);
        List<ScanResult> results = scan(envelope, message);
        for (int i = 0; i < results.size(); i++) {
            ScannerConfig scanner = scanners.get(i).config();
            switch (results.get(i)) {
                case ScanResult.Clean clean -> { }
                case ScanResult.Infected found -> infected = Optional.of(found.name());
                case ScanResult.Refused refusal -> refused = Optional.of(refusal.text());
                case ScanResult.PutOff later -> putOff = Optional.of(later.text());
                case ScanResult.Scored scored -> findings.add(new Finding(scanner.type().name(),
                        scored.score() / scored.threshold() * scanner.points(), "by " + String.join(" ", scored.rules())));
                case ScanResult.Unavailable trouble -> {
                    troubles.add(trouble.reason());
                    if (scanner.failing() == ScannerConfig.Failing.CLOSED) {
                        putOff = Optional.of("a scanner does not answer");
                    }
                }
            }
        }
        return new Report(true, findings, infected, refused, putOff, troubles);
    }

    private List<ScanResult> scan(Scanner.Envelope envelope, Content message) throws InterruptedException {
        if (scanners.isEmpty()) {
            return List.of();
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ScanResult>> asked = new ArrayList<>();
            for (Asked each : scanners) {
                asked.add(threads.submit(() -> each.scanner().scan(envelope, message, config.timeout())));
            }
            List<ScanResult> results = new ArrayList<>();
            for (Future<ScanResult> one : asked) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a scanner failed", e);
        }
    }

    private static Optional<InetAddress> publicAddress(InetAddress client) {
        boolean local = client.isLoopbackAddress() || client.isSiteLocalAddress() || client.isLinkLocalAddress();
        return local ? Optional.empty() : Optional.of(client);
    }

    private static Set<String> domains(Scanner.Envelope envelope, ContentFilter.Reading reading) {
        Set<String> domains = new LinkedHashSet<>();
        domains.add(envelope.mailFrom().substring(envelope.mailFrom().lastIndexOf('@') + 1));
        domains.addAll(reading.domains());
        domains.remove("");
        return domains;
    }

    private static Set<String> names(Scanner.Envelope envelope, ContentFilter.Reading reading, Set<String> domains) {
        Set<String> names = new TreeSet<>(domains);
        names.add(envelope.mailFrom());
        names.add(reading.author());
        names.remove("");
        return names;
    }
}
