package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.maildir.DovecotUidlist;
import io.mailserver.maildir.MaildirFlags;
import io.mailserver.maildir.MaildirListing.Entry;
import io.mailserver.maildir.MaildirName;
import io.mailserver.store.Reconciliation.Arrival;
import io.mailserver.store.Reconciliation.KnownFile;
import io.mailserver.store.Reconciliation.Numbers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReconciliationTest {
    private static final Numbers NUMBERS = new Numbers(7, 0, 1_000, UidSet.EMPTY, Optional.empty());

    @Test
    void sameFilesAreNoDifference() {
        assertThat(compare(known(1, "a,I=7-1:2,S", 2, "b:2,"), cur("b:2,", "a,I=7-1:2,S")).isEmpty()).isTrue();
    }

    @Test
    void aDroppedFileIsForeign() {
        Reconciliation found = compare(known(), fresh("1.other"));
        assertThat(found.arrived()).containsExactly(new Arrival(fresh("1.other").getFirst(), 0));
    }

    @Test
    void aFileWithANumberOfOursThatTheIndexLostKeepsIt() {
        Reconciliation found = compare(known(1, "a,I=7-1:2,"), cur("a,I=7-1:2,", "b,I=7-5:2,S"));
        assertThat(found.arrived()).containsExactly(new Arrival(cur("b,I=7-5:2,S").getFirst(), 5));
    }

    @Test
    void numbersOfOtherMailboxesTakenNumbersAndThoseNeverGivenAreForeign() {
        Reconciliation found = compare(
                known(1, "a,I=7-1:2,"), cur("a,I=7-1:2,", "b,I=8-2:2,", "c,I=7-1:2,", "d,I=7-1001:2,", "e,I=7-9", "f,I=7-9"));
        assertThat(found.arrived()).extracting(arrival -> arrival.file().name().unique() + arrival.uid())
                .containsExactly("e9", "b0", "c0", "d0", "f0");
        assertThat(found.gone()).isEmpty();
    }

    @Test
    void aMessagePutBackAfterItsExpungeIsANewOne() {
        Numbers numbers = new Numbers(7, 0, 1_000, UidSet.of(5), Optional.empty());
        assertThat(Reconciliation.of(known(), cur("a,I=7-5:2,"), numbers).arrived()).extracting(Arrival::uid).containsExactly(0);
    }

    @Test
    void aNumberBelowThoseThatAreShownIsNotBelieved() {
        Numbers numbers = new Numbers(7, 8, 1_000, UidSet.EMPTY, Optional.empty());
        assertThat(Reconciliation.of(known(8, "b:2,"), cur("b:2,", "a,I=7-5:2,", "c,I=7-9:2,"), numbers).arrived())
                .extracting(Arrival::uid).containsExactly(9, 0);
    }

    /** Only what differs is compared, with the same outcome. */
    @Test
    void whatIsInIndexAndFolderAlikeMakesNoDifference() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            List<KnownFile> known = new ArrayList<>();
            List<Entry> listed = new ArrayList<>();
            randomMailbox(random, known, listed);
            List<Index.FileRow> rows = known.stream()
                    .map(file -> new Index.FileRow(file.uid(), 0, MaildirBlobs.text(file.file()))).toList();
            NameDifference names = NameDifference.of(rows, listed);
            Reconciliation all = Reconciliation.of(known, listed, NUMBERS);
            Reconciliation some = Reconciliation.of(names.known(), names.listed(), NUMBERS);
            assertThat(some.renamed()).as("seed " + seed).isEqualTo(all.renamed());
            assertThat(some.arrived()).as("seed " + seed).isEqualTo(all.arrived());
            assertThat(some.gone()).as("seed " + seed).isEqualTo(all.gone());
            assertThat(some.doubled()).as("seed " + seed).extracting(Reconciliation.Doubled::other)
                    .containsExactlyInAnyOrderElementsOf(all.doubled().stream().map(Reconciliation.Doubled::other).toList());
        }
    }

    @Test
    void numbersOfAnAdoptedMailboxAreKeptUnlessTheyAreTaken() {
        DovecotUidlist list = new DovecotUidlist(7, 9, Map.of("a", 3L, "b", 4L, "c", 5L, "d", 6L, "e", 2_000L));
        Numbers numbers = new Numbers(7, 0, 1_000, UidSet.of(6), Optional.of(list));
        List<Entry> files = cur("x:2,", "a,S=4:2,S", "b:2,", "c:2,", "d:2,", "e", "y,I=7-4:2,");
        Reconciliation found = Reconciliation.of(known(5, "x:2,"), files, numbers);
        assertThat(found.arrived()).extracting(arrival -> arrival.file().name().unique() + arrival.uid())
                .containsExactly("a3", "y4", "b0", "c0", "d0", "e0");
        Numbers renumbered = new Numbers(8, 0, 1_000, UidSet.EMPTY, Optional.of(list));
        assertThat(Reconciliation.of(known(), cur("a"), renumbered).arrived()).extracting(Arrival::uid).containsExactly(0);
    }

    @Test
    void otherFlagsAreTheDifferenceOfNames() {
        Reconciliation found = compare(known(1, "a:2,FSb"), cur("a:2,RSa"));
        assertThat(found.renamed()).singleElement().satisfies(renamed -> {
            assertThat(renamed.added()).isEqualTo(MaildirFlags.of("Ra"));
            assertThat(renamed.removed()).isEqualTo(MaildirFlags.of("Fb"));
        });
    }

    @Test
    void aMessageThatAReaderMovedToCurIsRenamed() {
        Entry before = fresh("a,I=7-1").getFirst();
        Reconciliation found = compare(List.of(new KnownFile(1, before)), cur("a,I=7-1:2,S"));
        assertThat(found.renamed()).singleElement().satisfies(renamed -> {
            assertThat(renamed.to().fresh()).isFalse();
            assertThat(renamed.added()).isEqualTo(MaildirFlags.of("S"));
        });
        assertThat(found.gone()).isEmpty();
    }

    @Test
    void aNewUniquePartWithOurNumberIsTheSameMessage() {
        Reconciliation found = compare(known(1, "a,I=7-1:2,"), cur("z,I=7-1:2,T"));
        assertThat(found.renamed()).singleElement().satisfies(renamed -> assertThat(renamed.to().name()).hasToString("z,I=7-1:2,T"));
        assertThat(found.arrived()).isEmpty();
    }

    @Test
    void ofTwoFilesOfOneNameTheKnownOneCounts() {
        Reconciliation found = compare(known(1, "a:2,"), cur("a:2,S", "a:2,"));
        assertThat(found.renamed()).isEmpty();
        assertThat(found.doubled()).containsExactly(
                new Reconciliation.Doubled(cur("a:2,").getFirst(), cur("a:2,S").getFirst()));
    }

    @Test
    void ofTwoUnknownFilesOfOneNameTheOneInCurCounts() {
        List<Entry> files = new ArrayList<>(fresh("a"));
        files.addAll(cur("a:2,S"));
        Reconciliation found = compare(known(), files);
        assertThat(found.arrived()).extracting(arrival -> arrival.file().fresh()).containsExactly(false);
        assertThat(found.doubled()).hasSize(1);
    }

    @Test
    void onlyWhatTwoLooksMissIsGone() {
        Reconciliation first = compare(known(1, "a:2,", 2, "b:2,"), cur("b:2,"));
        Reconciliation second = compare(known(1, "a:2,", 2, "b:2,"), cur());
        assertThat(second.confirming(first).gone()).extracting(KnownFile::uid).containsExactly(1);
    }

    @Test
    void foreignFilesGetTheirTurnInTheOrderOfNames() {
        List<Entry> files = new ArrayList<>(cur("3.x:2,", "1.x:2,"));
        files.addAll(fresh("2.x"));
        assertThat(compare(known(), files).arrived()).extracting(arrival -> arrival.file().name().unique())
                .containsExactly("1.x", "2.x", "3.x");
    }

    /** Whatever the names: each file is accounted for once, each UID has at most one file, and applied twice there is nothing to do. */
    @Test
    void anyDifferenceAppliedLeavesNone() {
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            List<KnownFile> known = new ArrayList<>();
            List<Entry> listed = new ArrayList<>();
            randomMailbox(random, known, listed);
            Collections.shuffle(listed, random);
            Reconciliation found = Reconciliation.of(known, listed, NUMBERS);
            Map<Integer, Entry> after = new HashMap<>();
            known.forEach(file -> after.put(file.uid(), file.file()));
            found.gone().forEach(file -> assertThat(after.remove(file.uid())).isNotNull());
            found.renamed().forEach(file -> assertThat(after.put(file.uid(), file.to())).isEqualTo(file.from()));
            int next = 2_000;
            for (Arrival arrival : found.arrived()) {
                int uid = arrival.foreign() ? next++ : arrival.uid();
                assertThat(after.put(uid, arrival.file())).as("seed " + seed).isNull();
            }
            Set<Entry> doubled = new HashSet<>();
            found.doubled().forEach(file -> assertThat(doubled.add(file.other())).isTrue());
            Set<Entry> files = new HashSet<>(after.values());
            assertThat(files).as("seed " + seed).hasSize(after.size()).noneMatch(doubled::contains);
            files.addAll(doubled);
            assertThat(files).as("seed " + seed).isEqualTo(new HashSet<>(listed));
            List<KnownFile> now = after.entrySet().stream().map(file -> new KnownFile(file.getKey(), file.getValue())).toList();
            List<Entry> left = listed.stream().filter(entry -> !doubled.contains(entry)).toList();
            assertThat(Reconciliation.of(now, left, NUMBERS).isEmpty()).as("seed " + seed).isTrue();
        }
    }

    private static void randomMailbox(Random random, List<KnownFile> known, List<Entry> listed) {
        Set<Integer> uids = new HashSet<>();
        Set<String> uniques = new HashSet<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            Entry entry = randomFile(random);
            int uid = entry.name().imapNumber().filter(number -> number.uidValidity() == 7 && number.uid() <= 1_000)
                    .map(number -> (int) number.uid()).orElse(1 + random.nextInt(6));
            if (uids.add(uid) && uniques.add(entry.name().unique())) {
                known.add(new KnownFile(uid, entry));
                if (random.nextInt(3) > 0) {
                    listed.add(entry);
                }
            }
        }
        for (int i = random.nextInt(8); i > 0; i--) {
            Entry entry = randomFile(random);
            if (!listed.contains(entry)) {
                listed.add(entry);
            }
        }
    }

    private static Entry randomFile(Random random) {
        String name = String.valueOf((char) ('a' + random.nextInt(6)));
        name += random.nextInt(3) == 0 ? ",U=4" : "";
        int uid = random.nextInt(7) == 0 ? 1_001 : 1 + random.nextInt(6);
        name += random.nextInt(2) == 0 ? ",I=" + (7 + random.nextInt(5) / 4) + "-" + uid : "";
        boolean fresh = random.nextInt(4) == 0;
        return new Entry(MaildirName.parse(name + (fresh ? "" : random.nextBoolean() ? ":2,S" : ":2,")).orElseThrow(), fresh);
    }

    private static Reconciliation compare(List<KnownFile> known, List<Entry> listed) {
        return Reconciliation.of(known, listed, NUMBERS);
    }

    private static List<KnownFile> known(Object... uidsAndNames) {
        List<KnownFile> known = new ArrayList<>();
        for (int i = 0; i < uidsAndNames.length; i += 2) {
            known.add(new KnownFile((Integer) uidsAndNames[i], cur((String) uidsAndNames[i + 1]).getFirst()));
        }
        return known;
    }

    private static List<Entry> cur(String... names) {
        return Stream.of(names).map(name -> new Entry(MaildirName.parse(name).orElseThrow(), false)).toList();
    }

    private static List<Entry> fresh(String... names) {
        return Stream.of(names).map(name -> new Entry(MaildirName.parse(name).orElseThrow(), true)).toList();
    }
}
