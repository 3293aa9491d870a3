package io.mailserver.spam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BayesClassifierTest {
    private static final int SLOTS = 1 << 14;
    private static final String[] SPAM_WORDS = {"winner", "lottery", "pills", "cheap", "casino", "bitcoin", "urgent", "prince"};
    private static final String[] HAM_WORDS = {"meeting", "invoice", "dinner", "thanks", "schedule", "review", "family", "train"};
    private static final String[] COMMON = {"the", "and", "you", "for", "with", "this", "that", "from", "have", "will"};

    @TempDir
    Path folder;

    @Test
    void hasNoOpinionBeforeItHasLearnedEnoughOfBoth() {
        BayesClassifier classifier = BayesClassifier.empty(folder.resolve("b"), SLOTS);
        Random random = new Random(1);
        for (int i = 0; i < BayesClassifier.MIN_MESSAGES; i++) {
            classifier.learn(message(random, true), true);
        }
        for (int i = 0; i < BayesClassifier.MIN_MESSAGES - 1; i++) {
            classifier.learn(message(random, false), false);
        }
        assertThat(classifier.probability(message(random, true), Optional.empty())).isEmpty();
        classifier.learn(message(random, false), false);
        assertThat(classifier.probability(message(random, true), Optional.empty())).isPresent();
    }

    @Test
    void tellsSpamFromHamAfterTraining() {
        BayesClassifier classifier = trained();
        Random random = new Random(2);
        for (int i = 0; i < 50; i++) {
            assertThat(classifier.probability(message(random, true), Optional.empty()).orElseThrow()).isGreaterThan(0.9);
            assertThat(classifier.probability(message(random, false), Optional.empty()).orElseThrow()).isLessThan(0.1);
        }
    }

    @Test
    void doesNotKnowWhatItNeverSaw() {
        Tokens tokens = new Tokens();
        tokens.textWithPairs("body", "zeppelin quux frobnicate");
        assertThat(trained().probability(tokens, Optional.empty())).contains(0.5);
    }

    @Test
    void unlearningTakesBackWhatWasLearned() {
        BayesClassifier classifier = trained();
        Tokens odd = new Tokens();
        odd.textWithPairs("body", "zeppelin quux frobnicate");
        classifier.learn(odd, true);
        assertThat(classifier.probability(odd, Optional.empty()).orElseThrow()).isGreaterThan(0.6);
        classifier.unlearn(odd, true);
        assertThat(classifier.probability(odd, Optional.empty())).contains(0.5);
    }

    @Test
    void anAccountsOwnTrainingWeighsMore() {
        BayesClassifier server = trained();
        BayesClassifier own = BayesClassifier.empty(folder.resolve("own"), SLOTS);
        Random random = new Random(3);
        for (int i = 0; i < 60; i++) {
            Tokens casino = new Tokens();
            casino.textWithPairs("body", "casino bitcoin lottery winner " + COMMON[random.nextInt(COMMON.length)]);
            own.learn(casino, false);
        }
        Tokens casino = new Tokens();
        casino.textWithPairs("body", "casino bitcoin lottery winner");
        double alone = server.probability(casino, Optional.empty()).orElseThrow();
        assertThat(server.probability(casino, Optional.of(own)).orElseThrow()).isLessThan(alone - 0.3);
    }

    @Test
    void savesAndOpens() throws IOException {
        BayesClassifier classifier = trained();
        classifier.save();
        BayesClassifier again = BayesClassifier.open(folder.resolve("b"), SLOTS);
        assertThat(again.statistics()).isEqualTo(classifier.statistics());
        Tokens message = message(new Random(9), true);
        assertThat(again.probability(message, Optional.empty())).isEqualTo(classifier.probability(message, Optional.empty()));
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        trained().save();
        byte[] octets = Files.readAllBytes(folder.resolve("b"));
        octets[octets.length / 2] ^= 1;
        Files.write(folder.resolve("b"), octets);
        assertThatThrownBy(() -> BayesClassifier.open(folder.resolve("b"), SLOTS)).hasMessageContaining("damaged");
    }

    @Test
    void neverHoldsMoreThanItMay() {
        TokenTable table = new TokenTable(1 << 10);
        Random random = new Random(4);
        for (int i = 0; i < 2_000; i++) {
            table.learn(random.longs(20).toArray(), i % 2 == 0);
        }
        assertThat(table.tokens()).isLessThan(1 << 10);
        assertThat(table.encode().length).isLessThan((1 << 10) * 8);
    }

    @Test
    void forgetsSlowly() {
        TokenTable table = new TokenTable(1 << 12);
        long[] old = {77};
        for (int i = 0; i < 100; i++) {
            table.learn(old, true);
        }
        for (int i = 0; i < TokenTable.MEMORY_MESSAGES; i++) {
            table.learn(new long[] {5}, false);
        }
        assertThat(table.counts(77) >>> 16).isEqualTo(50);
        assertThat(table.spamMessages()).isEqualTo(50);
    }

    @Test
    void aFullCountHalvesAll() {
        TokenTable table = new TokenTable(1 << 10);
        long[] one = {5};
        for (int i = 0; i < 0xffff + 1; i++) {
            table.learn(one, true);
            table.unlearn(new long[0], true);
        }
        assertThat(table.counts(5) >>> 16).isEqualTo(0xffff / 2 + 1);
    }

    @Test
    void tokensAreBounded() {
        Tokens tokens = new Tokens();
        Random random = new Random(5);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append(Integer.toString(random.nextInt(1 << 30), 36)).append(' ');
        }
        tokens.textWithPairs("body", text);
        assertThat(tokens.hashes()).hasSize(Tokens.MAX_TOKENS);
    }

    @Test
    void textWithoutSpacesGivesPairsOfCharacters() {
        Tokens tokens = new Tokens();
        tokens.text("body", "中文邮件");
        assertThat(tokens.hashes()).hasSize(3);
    }

    private BayesClassifier trained() {
        BayesClassifier classifier = BayesClassifier.empty(folder.resolve("b"), SLOTS);
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            classifier.learn(message(random, i % 2 == 0), i % 2 == 0);
        }
        return classifier;
    }

    private static Tokens message(Random random, boolean spam) {
        StringBuilder text = new StringBuilder();
        String[] telling = spam ? SPAM_WORDS : HAM_WORDS;
        for (int i = 0; i < 30; i++) {
            String[] words = i % 3 == 0 ? telling : COMMON;
            text.append(words[random.nextInt(words.length)]).append(' ');
        }
        Tokens tokens = new Tokens();
        tokens.textWithPairs("body", text);
        return tokens;
    }
}
