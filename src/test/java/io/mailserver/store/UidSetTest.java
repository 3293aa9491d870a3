package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class UidSetTest {
    @Test
    void setsAreAsIfEachUidWereHeldApart() {
        Random random = new Random(3);
        for (int round = 0; round < 500; round++) {
            TreeSet<Integer> a = new TreeSet<>();
            TreeSet<Integer> b = new TreeSet<>();
            UidSet first = random(random, a);
            UidSet second = random(random, b);
            assertThat(members(first)).isEqualTo(a);
            TreeSet<Integer> both = new TreeSet<>(a);
            both.retainAll(b);
            assertThat(members(first.intersection(second))).isEqualTo(both);
            TreeSet<Integer> either = new TreeSet<>(a);
            either.addAll(b);
            assertThat(members(first.union(second))).isEqualTo(either);
            TreeSet<Integer> left = new TreeSet<>(a);
            left.removeAll(b);
            assertThat(members(first.minus(second))).isEqualTo(left);
            assertThat(first.size()).isEqualTo(a.size());
            for (int uid = 1; uid < 45; uid++) {
                assertThat(first.contains(uid)).isEqualTo(a.contains(uid));
            }
        }
    }

    @Test
    void uidsBeyondTheSignedOnesAreTheHighest() {
        UidSet set = new UidSet.Builder().add(-1).add(1).addRange(Integer.MAX_VALUE, Integer.MIN_VALUE).build();
        assertThat(set.toString()).isEqualTo("1,2147483647:2147483648,4294967295");
        assertThat(UidSet.ALL.contains(-1)).isTrue();
        assertThat(UidSet.ALL.minus(set).contains(2)).isTrue();
        assertThat(UidSet.ALL.size()).isEqualTo(4_294_967_295L);
        assertThat(UidSet.ALL.minus(UidSet.ALL).isEmpty()).isTrue();
    }

    @Test
    void neighboursAreOneRange() {
        assertThat(new UidSet.Builder().add(3).add(1).add(2).addRange(9, 5).build().toString()).isEqualTo("1:3,5:9");
    }

    private static UidSet random(Random random, Set<Integer> members) {
        UidSet.Builder set = new UidSet.Builder();
        for (int i = random.nextInt(6); i > 0; i--) {
            int from = 1 + random.nextInt(40);
            int to = Math.max(1, from + random.nextInt(-3, 5));
            set.addRange(from, to);
            for (int uid = Math.min(from, to); uid <= Math.max(from, to); uid++) {
                members.add(uid);
            }
        }
        return set.build();
    }

    private static Set<Integer> members(UidSet set) {
        Set<Integer> members = new TreeSet<>();
        set.forEach(members::add);
        return members;
    }
}
