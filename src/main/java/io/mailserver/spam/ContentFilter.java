package io.mailserver.spam;

import io.mailserver.mime.MessageOctets;
import io.mailserver.mime.MimeMessage;
import io.mailserver.mime.MimeParser;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Looks at one message: which rules hold, and what the classifiers think. Points only; what they lead to is decided elsewhere.
 *
 * <p>Safe for use by any thread; blocks where the message must be read from disk.
 */
public final class ContentFilter {
    private static final double SURE = 0.99;
    private static final double VERY_SURE = 0.9999;

    /** From so many messages of each kind on, the classifier has its full say. */
    private static final int WELL_TRAINED = 200;

    private final List<Check> checks;
    private final Failures failures;
    private final Topics topics = new Topics();

    /** A rule with the points it has here. */
    record Check(Finding finding, Predicate<Facts> holds) {}

    /**
     * @param without names of rules that are switched off
     * @param weights points by rule, instead of the rule's own
     * @param failures counts rules that failed
     * @throws IllegalArgumentException for a name that no rule has
     */
    public ContentFilter(Set<String> without, Map<String, Double> weights, Failures failures) {
        this(checks(without, weights), failures);
    }

    ContentFilter(List<Check> checks, Failures failures) {
        this.checks = List.copyOf(checks);
        this.failures = failures;
    }

    private static List<Check> checks(Set<String> without, Map<String, Double> weights) {
        Set<Rule> on = EnumSet.allOf(Rule.class);
        without.forEach(name -> on.remove(Rule.valueOf(name)));
        weights.keySet().forEach(Rule::valueOf);
        return on.stream().map(rule -> {
            Finding own = rule.finding();
            double points = weights.getOrDefault(rule.name(), own.points());
            return new Check(new Finding(own.name(), points, own.reason()), rule::holds);
        }).toList();
    }

    /** A message that was read once, to be judged and learned. */
    public static final class Reading {
        private final Mail mail;
        private final Sender sender;

        private Reading(Mail mail, Sender sender) {
            this.mail = mail;
            this.sender = sender;
        }

        /** The domains of its author and links. */
        List<String> domains() {
            List<String> domains = new ArrayList<>();
            domains.add(mail.authorDomain());
            mail.links().stream().map(Link::host).flatMap(Optional::stream).distinct().forEach(domains::add);
            return domains;
        }

        /** The address of its first author; empty if there is none. */
        String author() {
            return mail.author().map(found -> found.address().toLowerCase(Locale.ROOT)).orElse("");
        }

        /** What classifiers learn of it. */
        public Tokens tokens() {
            return MailTokens.of(mail, new Tokens());
        }
    }

    /** Reads a message; {@code octets} are not needed afterwards. */
    public Reading read(MimeMessage message, MessageOctets octets, Sender sender, Instant received) throws IOException {
        return new Reading(MailReader.read(message, octets, received), sender);
    }

    /**
     * The rules that hold.
     *
     * @param troubles gets the names of rules that failed, which count as not holding: a mistake in a rule must not hold up mail
     */
    public List<Finding> rules(Reading reading, Consumer<String> troubles) {
        Facts facts = new Facts(reading.mail, reading.sender, topics.in(reading.mail.text()));
        List<Finding> findings = new ArrayList<>();
        for (Check check : checks) {
            try {
                if (check.holds().test(facts)) {
                    findings.add(check.finding());
                }
            } catch (RuntimeException | StackOverflowError e) {
                failures.count(check.finding().name());
                troubles.accept("rule " + check.finding().name() + " failed: " + e);
            }
        }
        return findings;
    }

    /** A rule as it counts here; empty where it is switched off. */
    Optional<Finding> finding(Rule rule) {
        return checks.stream().map(Check::finding).filter(finding -> finding.name().equals(rule.name())).findFirst();
    }

    /** What was learned about such mail; empty where that is not enough, or nothing is to be said. */
    public static Optional<Finding> learned(Tokens tokens, BayesClassifier server, Optional<BayesClassifier> own) {
        BayesClassifier.Statistics trained = server.statistics();
        BayesClassifier.Statistics mine = own.map(BayesClassifier::statistics).orElse(new BayesClassifier.Statistics(0, 0, 0));
        int least = Math.min(trained.spamMessages() + mine.spamMessages(), trained.hamMessages() + mine.hamMessages());
        double trust = Math.min(1, 0.5 + 0.5 * least / WELL_TRAINED);
        return server.probability(tokens, own).flatMap(probability -> finding(probability, trust));
    }

    private static Optional<Finding> finding(double probability, double trust) {
        double points = points(probability) * trust;
        if (points == 0) {
            return Optional.empty();
        }
        String reason = String.format(Locale.ROOT, "%.2f %% of what was learned says %s",
                100 * (points > 0 ? probability : 1 - probability), points > 0 ? "junk" : "wanted");
        return Optional.of(new Finding(points > 0 ? "LEARNED_JUNK" : "LEARNED_WANTED", points, reason));
    }

    private static double points(double probability) {
        if (probability >= VERY_SURE) {
            return 6.5;
        }
        if (probability >= SURE) {
            return 5.8;
        }
        if (probability >= 0.9) {
            return 4.5;
        }
        if (probability >= 0.75) {
            return 1.5;
        }
        if (probability <= 1 - VERY_SURE) {
            return -3.5;
        }
        if (probability <= 0.1) {
            return -2;
        }
        return probability <= 0.25 ? -0.7 : 0;
    }

    /** What a classifier learns of a message. */
    public static Tokens tokens(MessageOctets octets, Instant received) throws IOException {
        return tokens(octets, received, new Tokens());
    }

    /** The same with the words they stand for ({@link Tokens#names}). */
    public static Tokens namedTokens(MessageOctets octets, Instant received) throws IOException {
        return tokens(octets, received, Tokens.named());
    }

    private static Tokens tokens(MessageOctets octets, Instant received, Tokens tokens) throws IOException {
        return MailTokens.of(MailReader.read(MimeParser.parse(octets.from(0), MimeParser.Limits.DEFAULTS), octets, received), tokens);
    }

    /** Every rule, for the reference: name, points, reason. */
    public static List<Finding> reference() {
        return EnumSet.allOf(Rule.class).stream().map(Rule::finding).toList();
    }
}
