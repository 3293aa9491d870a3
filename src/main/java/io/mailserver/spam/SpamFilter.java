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
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
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
    private final Failures failures;
    private final Time time;

    /** A scanner and what its answers mean. */
    private record Asked(ScannerConfig config, Scanner scanner) {}

    /**
     * What it stands on.
     *
     * @param server what the whole server learned
     * @param http asked only where a scanner needs it
     * @param failures counts checks that were left out
     */
    public record Parts(
            BayesClassifier server, Resolver resolver, Supplier<HttpClient> http, ObjectMapper json, Failures failures, Time time) {}

    /** @throws IllegalArgumentException for a rule that does not exist */
    public SpamFilter(SpamConfig config, Parts parts) {
        this.config = config;
        this.failures = parts.failures();
        this.content = new ContentFilter(Set.copyOf(config.without()), weights(config), failures);
        this.server = parts.server();
        this.lists = new DnsLists(config.dnsLists().stream().map(SpamFilter::list).toList(), parts.resolver(), failures);
        this.blocklist = config.blocklist().map(file -> new Blocklist(file, parts.time()));
        this.scanners = config.scanners().stream().map(each -> new Asked(each, scanner(each, parts))).toList();
        this.time = parts.time();
    }

    /** The configuration it is made for. */
    public SpamConfig config() {
        return config;
    }

    private static Map<String, Double> weights(SpamConfig config) {
        Map<String, Double> weights = new HashMap<>();
        config.weights().forEach(each -> weights.put(each.rule(), each.points()));
        return weights;
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
            case MILTER -> new Milter(scanner.at(), parts.time());
            case RSPAMD -> new Rspamd(scanner.at(), parts.http().get(), parts.json());
        };
    }

    /**
     * Looks at a message.
     *
     * @param remembered what is known of its sender already
     * @param people what recipients' accounts make of the author with this address, by recipient; for others the server's view counts
     * @throws IOException the message cannot be read, or the thread was interrupted
     */
    public SpamReport examine(Sender sender, Scanner.Envelope envelope, Content message, List<Finding> remembered,
            Function<String, Map<String, Personal>> people) throws IOException {
        if (!config.enabled()) {
            return SpamReport.EMPTY;
        }
        List<String> troubles = new ArrayList<>();
        List<Finding> findings = new ArrayList<>(remembered);
        Optional<ContentFilter.Reading> reading = reading(message, sender, troubles);
        Map<String, SpamReport.ForRecipient> personal = new HashMap<>();
        Optional<Tokens> tokens = Optional.empty();
        if (reading.isPresent()) {
            findings.addAll(content.rules(reading.get(), troubles::add));
            tokens = tokens(reading.get(), message, troubles);
        }
        Set<String> domains = domains(envelope, reading);
        findings.addAll(guarded("blocklist", troubles, () -> blocked(envelope, reading, domains, troubles)));
        ScannerAnswers answers;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Finding>> listed = threads.submit(() -> lists.ask(addressToAsk(envelope), domains, config.timeout()));
            answers = ScannerAnswers.of(scan(threads, envelope, message), failures);
            findings.addAll(listed.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException("lists answer for themselves", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while looking at a message");
        }
        findings.addAll(answers.findings());
        troubles.addAll(answers.troubles());
        Optional<Tokens> learnable = tokens;
        List<Finding> common = new ArrayList<>(findings);
        common.addAll(guarded("learned", troubles, () -> learned(learnable, Optional.empty())));
        people.apply(reading.map(ContentFilter.Reading::author).orElse("")).forEach((recipient, person) -> {
            List<Finding> all = new ArrayList<>(findings);
            all.addAll(guarded("learned", troubles, () -> learned(learnable, person.own())));
            all.addAll(person.findings());
            if (person.known()) {
                content.finding(Rule.KNOWN_AUTHOR).ifPresent(all::add);
            }
            personal.put(recipient, new SpamReport.ForRecipient(all, person.junk(), person.reject()));
        });
        return new SpamReport(true, common, personal, answers.infected(), answers.refused(), answers.putOff(),
                Optional.empty(), answers.quarantine(), answers.fields(), answers.removals(), troubles, tokens);
    }

    /** A check whose mistakes leave it out. */
    private List<Finding> guarded(String check, List<String> troubles, Supplier<List<Finding>> work) {
        try {
            return work.get();
        } catch (RuntimeException | StackOverflowError e) {
            failures.count(check);
            troubles.add(check + " failed: " + e);
            return List.of();
        }
    }

    private Optional<ContentFilter.Reading> reading(Content message, Sender sender, List<String> troubles) throws IOException {
        try {
            return Optional.of(read(message, sender));
        } catch (RuntimeException | StackOverflowError e) {
            failures.count("reading");
            troubles.add("reading failed: " + e);
            return Optional.empty();
        }
    }

    private Optional<Tokens> tokens(ContentFilter.Reading reading, Content message, List<String> troubles) {
        if (message.size() > MAX_LEARNED_OCTETS) {
            return Optional.empty();
        }
        try {
            return Optional.of(reading.tokens());
        } catch (RuntimeException e) {
            failures.count("tokens");
            troubles.add("tokens failed: " + e);
            return Optional.empty();
        }
    }

    private List<Finding> learned(Optional<Tokens> tokens, Optional<BayesClassifier> own) {
        return tokens.flatMap(seen -> ContentFilter.learned(seen, server, own)).map(List::of).orElse(List.of());
    }

    private List<Finding> blocked(
            Scanner.Envelope envelope, Optional<ContentFilter.Reading> reading, Set<String> domains, List<String> troubles) {
        Optional<String> entry = blocklist.flatMap(list -> list.match(envelope.client(), names(envelope, reading, domains)));
        blocklist.flatMap(Blocklist::problem).ifPresent(troubles::add);
        return entry.map(found -> List.of(new Finding("BLOCKED", BLOCKED, "the operator's own list has " + found))).orElse(List.of());
    }

    /** Reads a message as {@link #examine} does, to learn it. */
    public ContentFilter.Reading read(Content message, Sender sender) throws IOException {
        return content.read(MimeParser.parse(message, MimeParser.Limits.DEFAULTS), MessageOctets.of(message), sender, time.now());
    }

    private List<ScannerAnswers.Answer> scan(ExecutorService threads, Scanner.Envelope envelope, Content message)
            throws InterruptedException {
        List<Future<ScanResult>> asked = new ArrayList<>();
        for (Asked each : scanners) {
            asked.add(threads.submit(() -> each.scanner().scan(envelope, message, config.timeout())));
        }
        List<ScannerAnswers.Answer> answers = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            answers.add(new ScannerAnswers.Answer(scanners.get(i).config(), answer(asked.get(i))));
        }
        return answers;
    }

    private static ScanResult answer(Future<ScanResult> asked) throws InterruptedException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            return new ScanResult.Unavailable("it could not be asked: " + e.getCause());
        }
    }

    /** Users of ours write from where lists see only homes, as they should. */
    private static Optional<InetAddress> addressToAsk(Scanner.Envelope envelope) {
        InetAddress client = envelope.client();
        boolean local = client.isLoopbackAddress() || client.isSiteLocalAddress() || client.isLinkLocalAddress();
        return local || !envelope.account().isEmpty() ? Optional.empty() : Optional.of(client);
    }

    private static Set<String> domains(Scanner.Envelope envelope, Optional<ContentFilter.Reading> reading) {
        Set<String> domains = new LinkedHashSet<>();
        domains.add(envelope.mailFrom().substring(envelope.mailFrom().lastIndexOf('@') + 1));
        reading.ifPresent(read -> domains.addAll(read.domains()));
        domains.remove("");
        return domains;
    }

    private static Set<String> names(Scanner.Envelope envelope, Optional<ContentFilter.Reading> reading, Set<String> domains) {
        Set<String> names = new TreeSet<>(domains);
        names.add(envelope.mailFrom());
        reading.ifPresent(read -> names.add(read.author()));
        names.remove("");
        return names;
    }
}
