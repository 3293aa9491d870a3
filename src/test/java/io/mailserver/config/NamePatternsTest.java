package io.mailserver.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;

class NamePatternsTest {
    private static final List<String> PARTS = List.of("a", "b", ".", ".", "@", "*", "example");

    /** Against the patterns one by one, which know nothing of hashing. */
    @RepeatedTest(50)
    void theyMeanWhatEachMeans() {
        Random random = new Random();
        long seed = random.nextLong();
        random.setSeed(seed);
        List<NamePattern> each = IntStream.range(0, 10).mapToObj(_ -> new NamePattern(text(random, PARTS))).toList();
        NamePatterns all = new NamePatterns(each);
        for (int i = 0; i < 50; i++) {
            String address = text(random, PARTS.subList(0, 5));
            List<NamePattern> expected = each.stream().filter(pattern -> pattern.matchesAddress(address)).toList();
            assertThat(all.matchAddress(address).isPresent())
                    .as("seed %s, %s in %s", seed, address, each).isEqualTo(!expected.isEmpty());
            all.matchAddress(address).ifPresent(found -> assertThat(expected)
                    .allSatisfy(other -> assertThat(
                            NamePatterns.CLOSENESS.compare(found, other) >= 0 || found.text().contains("*")).isTrue())
                    .contains(found));
        }
    }

    private static String text(Random random, List<String> parts) {
        return String.join("", IntStream.rangeClosed(0, random.nextInt(6)).mapToObj(_ -> parts.get(random.nextInt(parts.size()))).toList());
    }
}
