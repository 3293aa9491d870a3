package io.mailserver.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SequenceSetTest {
    private static final long STAR = SequenceSet.STAR;

    @Test
    void rangesAreSortedAndJoined() {
        assertThat(SequenceSet.ofRanges(9, 7, 1, 2, 3, 3, 8, 12).resolve(20)).containsExactly(1, 3, 7, 12);
    }

    @Test
    void starIsTheLargest() {
        assertThat(SequenceSet.ofRanges(STAR, STAR).resolve(7)).containsExactly(7, 7);
        assertThat(SequenceSet.ofRanges(5, STAR).resolve(3)).containsExactly(3, 5);
        assertThat(SequenceSet.ofRanges(STAR, 2).resolve(7)).containsExactly(2, 7);
    }

    @Test
    void starOfAnEmptyMailboxIsNothing() {
        assertThat(SequenceSet.ofRanges(STAR, STAR).resolve(0)).isEmpty();
        assertThat(SequenceSet.ofRanges(3, STAR).resolve(0)).containsExactly(3, 3);
    }

    @Test
    void numbersAreInTheirRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> SequenceSet.ofRanges(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> SequenceSet.ofRanges(1, SequenceSet.MAX_NUMBER + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> SequenceSet.ofRanges(1));
    }

    /** Against a set of numbers, one by one. */
    @Test
    void agreesWithASetOfNumbers() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            long largest = 1L + random.nextInt(30);
            TreeSet<Long> expected = new TreeSet<>();
            long[] ends = new long[2 * (1 + random.nextInt(5))];
            for (int i = 0; i < ends.length; i += 2) {
                ends[i] = end(random);
                ends[i + 1] = end(random);
                long a = ends[i] == STAR ? largest : ends[i];
                long b = ends[i + 1] == STAR ? largest : ends[i + 1];
                for (long n = Math.min(a, b); n <= Math.max(a, b); n++) {
                    expected.add(n);
                }
            }
            check(SequenceSet.ofRanges(ends), largest, expected);
        }
    }

    private static long end(Random random) {
        return random.nextInt(6) == 0 ? STAR : 1 + random.nextInt(30);
    }

    private static void check(SequenceSet set, long largest, NavigableSet<Long> expected) {
        TreeSet<Long> found = new TreeSet<>();
        long[] before = {-1};
        set.forEachRange(largest, (first, last) -> {
            assertThat(first).as("ranges apart in " + set).isGreaterThan(before[0] + 1);
            for (long n = first; n <= last; n++) {
                found.add(n);
            }
            before[0] = last;
        });
        assertThat(found).as(set + " of " + largest).isEqualTo(expected);
        for (long n = 1; n <= 31; n++) {
            assertThat(set.contains(n, largest)).isEqualTo(expected.contains(n));
        }
        // What is written is read as the same set.
        assertThat(((ImapCommand.Transfer) Commands.parse("COPY " + set + " x")).numbers()).isEqualTo(set);
        NumberText text = new NumberText();
        expected.forEach(text::add);
        assertThat(((ImapCommand.Transfer) Commands.parse("COPY " + text + " x")).numbers().resolve(largest))
                .isEqualTo(set.resolve(largest));
    }

    @Test
    void numbersAreWrittenInTheOrderInWhichTheyAreAdded() {
        NumberText text = new NumberText().add(5).add(6).add(7).add(3).add(4, 9);
        assertThat(text).hasToString("5:7,3:9");
        assertThat(text.add(10).add(12)).hasToString("5:7,3:10,12");
    }
}
