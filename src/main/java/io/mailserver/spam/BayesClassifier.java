package io.mailserver.spam;

import io.mailserver.base.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Learns from mail that people call spam or ham, and says how likely a new message is one or the other: naive Bayes with Robinson's
 * correction for rare tokens, combined so that contradictory evidence gives "do not know" and not a coin toss.
 *
 * <p>Until it has learned {@link #MIN_MESSAGES} of each it has no opinion. Its file is written whole by {@link #save}; a damaged one is
 * reported and begun anew, as training is a comfort and no mail hangs on it.
 *
 * <p>Safe for use by any thread; {@link #save} blocks for file work.
 */
public final class BayesClassifier {
    /** Of spam and of ham each, before it says anything. */
    public static final int MIN_MESSAGES = 20;

    /** Tokens with the most to say that are listened to. */
    private static final int LOUDEST = 150;

    /** Tokens as good as undecided are noise. */
    private static final double MIN_DISTANCE = 0.1;

    /** Added to the squares of the log odds: a single token, however sure, is no verdict. */
    private static final double DOUBT = 4;

    /** Of the logistic curve nearest to the normal one; its heavier tails suit tokens that are not independent of each other. */
    private static final double STEEPNESS = 1.702;

    /** How strongly a token never seen is believed to be even. */
    private static final double PRIOR_STRENGTH = 0.45;

    /** What an account's own training weighs against the whole server's. */
    private static final int OWN_WEIGHT = 5;

    private final Path file;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    /** Guarded by {@link #lock}. */
    private final TokenTable table;
    private long changes;
    private long savedChanges;

    private BayesClassifier(Path file, TokenTable table) {
        this.file = file;
        this.table = table;
    }

    /**
     * Opens a classifier; its file need not exist.
     *
     * @param maxTokens a power of two; eight octets of memory and disk each
     * @throws IOException the file cannot be read or is damaged; {@link #empty} begins anew
     */
    public static BayesClassifier open(Path file, int maxTokens) throws IOException {
        try {
            return new BayesClassifier(file, TokenTable.decode(Files.readAllBytes(file), maxTokens));
        } catch (NoSuchFileException e) {
            return empty(file, maxTokens);
        }
    }

    /** One that has learned nothing; the file is replaced at the next {@link #save}. */
    public static BayesClassifier empty(Path file, int maxTokens) {
        return new BayesClassifier(file, new TokenTable(maxTokens));
    }

    /** @param tokens distinct ones it remembers */
    public record Statistics(int spamMessages, int hamMessages, int tokens) {}

    public Statistics statistics() {
        lock.readLock().lock();
        try {
            return new Statistics(table.spamMessages(), table.hamMessages(), table.tokens());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Learns a message. */
    public void learn(Tokens tokens, boolean spam) {
        change(() -> table.learn(tokens.hashes(), spam));
    }

    /** Takes back what {@link #learn} did with the same arguments. */
    public void unlearn(Tokens tokens, boolean spam) {
        change(() -> table.unlearn(tokens.hashes(), spam));
    }

    private void change(Runnable work) {
        lock.writeLock().lock();
        try {
            work.run();
            changes++;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Writes what was learned since the last time, durably; for a thread of the pool. */
    public void save() throws IOException {
        byte[] octets;
        long upTo;
        lock.writeLock().lock();
        try {
            if (changes == savedChanges) {
                return;
            }
            octets = table.encode();
            upTo = changes;
        } finally {
            lock.writeLock().unlock();
        }
        DurableFiles.replace(file, octets);
        lock.writeLock().lock();
        try {
            savedChanges = Math.max(savedChanges, upTo);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * How likely a message is spam, from 0 to 1; near 0.5 where the evidence is thin or contradictory.
     *
     * @param own the account's own classifier, which weighs more than this one where it knows anything
     * @return empty while too little was learned
     */
    public Optional<Double> probability(Tokens tokens, Optional<BayesClassifier> own) {
        long[] hashes = tokens.hashes();
        return evidence(hashes, own, new int[hashes.length], new int[hashes.length]).map(BayesClassifier::combined);
    }

    /**
     * What one token says.
     *
     * @param token its hash
     * @param spam messages of junk it was seen in, by the server and the account together
     * @param ham wanted messages
     * @param probability that a message with it is junk, by it alone
     */
    public record Weight(long token, int spam, int ham, double probability) {}

    /** The tokens with the most to say, the weightiest first; empty while too little was learned. */
    public List<Weight> weights(Tokens tokens, Optional<BayesClassifier> own, int most) {
        long[] hashes = tokens.hashes();
        int[] counts = new int[hashes.length];
        int[] ownCounts = new int[hashes.length];
        double[] evidence = evidence(hashes, own, counts, ownCounts).orElse(new double[0]);
        List<Weight> weights = new ArrayList<>();
        for (int i = 0; i < evidence.length; i++) {
            if (Math.abs(evidence[i] - 0.5) >= MIN_DISTANCE) {
                weights.add(new Weight(hashes[i], (counts[i] >>> 16) + (ownCounts[i] >>> 16),
                        (counts[i] & 0xffff) + (ownCounts[i] & 0xffff), evidence[i]));
            }
        }
        weights.sort(Comparator.comparingDouble((Weight weight) -> -Math.abs(weight.probability() - 0.5)).thenComparingLong(Weight::token));
        return List.copyOf(weights.subList(0, Math.min(most, weights.size())));
    }

    /** What each token says by itself; fills in how often it was seen; empty while too little was learned. */
    private Optional<double[]> evidence(long[] hashes, Optional<BayesClassifier> own, int[] counts, int[] ownCounts) {
        Statistics server = counts(hashes, counts);
        Statistics mine = own.map(classifier -> classifier.counts(hashes, ownCounts)).orElse(new Statistics(0, 0, 0));
        double spamMessages = server.spamMessages() + (double) OWN_WEIGHT * mine.spamMessages();
        double hamMessages = server.hamMessages() + (double) OWN_WEIGHT * mine.hamMessages();
        if (server.spamMessages() + mine.spamMessages() < MIN_MESSAGES || server.hamMessages() + mine.hamMessages() < MIN_MESSAGES) {
            return Optional.empty();
        }
        double[] evidence = new double[hashes.length];
        for (int i = 0; i < hashes.length; i++) {
            double spam = (counts[i] >>> 16) + (double) OWN_WEIGHT * (ownCounts[i] >>> 16);
            double ham = (counts[i] & 0xffff) + (double) OWN_WEIGHT * (ownCounts[i] & 0xffff);
            evidence[i] = token(spam, ham, spamMessages, hamMessages);
        }
        return Optional.of(evidence);
    }

    private Statistics counts(long[] hashes, int[] counts) {
        lock.readLock().lock();
        try {
            for (int i = 0; i < hashes.length; i++) {
                counts[i] = table.counts(hashes[i]);
            }
            return new Statistics(table.spamMessages(), table.hamMessages(), table.tokens());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** How likely a message with this token is spam, by this token alone. */
    private static double token(double spam, double ham, double spamMessages, double hamMessages) {
        double seen = spam + ham;
        if (seen == 0) {
            return 0.5;
        }
        double spamRate = Math.min(1, spam / spamMessages);
        double hamRate = Math.min(1, ham / hamMessages);
        double raw = spamRate / (spamRate + hamRate);
        return (PRIOR_STRENGTH * 0.5 + seen * raw) / (PRIOR_STRENGTH + seen);
    }

    /**
     * All tokens together: the sum of their log odds, measured by what it would be if each had its sign by chance. Evidence on both sides
     * cancels out as far as it is equal, and a longer message needs more of it. Fisher's method, which looks at both sides apart, called
     * one in twenty short messages of junk undecided for a few words of honest mail (docs/decisions/0840).
     */
    private static double combined(double[] evidence) {
        double[] odds = Arrays.stream(evidence).filter(p -> Math.abs(p - 0.5) >= MIN_DISTANCE).map(p -> Math.log(p / (1 - p))).toArray();
        double sum = 0;
        double squares = DOUBT;
        for (double each : loudest(odds)) {
            sum += each;
            squares += each * each;
        }
        return 1 / (1 + Math.exp(-STEEPNESS * sum / Math.sqrt(squares)));
    }

    /** The {@link #LOUDEST} with the most to say. */
    private static double[] loudest(double[] odds) {
        if (odds.length <= LOUDEST) {
            return odds;
        }
        double[] sizes = Arrays.stream(odds).map(Math::abs).sorted().toArray();
        double least = sizes[sizes.length - LOUDEST];
        return Arrays.stream(odds).filter(each -> Math.abs(each) >= least).toArray();
    }
}
