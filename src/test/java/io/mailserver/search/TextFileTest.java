package io.mailserver.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.search.TextTerm.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
    @TempDir
    Path folder;

    private static TextFile.Text text(long email, String head, String body) {
        OctetBuffer octets = new OctetBuffer(16);
        UnicodeCasemap.append(head, octets);
        int headOctets = octets.length();
        UnicodeCasemap.append(body, octets);
        return new TextFile.Text(email, octets.toByteArray(), headOctets, UnicodeCasemap.octets(head), false);
    }

    /** Which emails were looked at, and whether the term is in them. */
    private static Map<Long, Boolean> scan(TextFile file, Place place, String term, long... wanted) throws IOException {
        Map<Long, Boolean> seen = new TreeMap<>();
        TextTerms wantedTerms = new TextTerms(List.of(new TextTerm(place, "subject", term, false)));
        file.scan(wanted, wantedTerms, (email, terms) -> seen.put(email, terms.found(0)));
        return seen;
    }

    @Test
    void textsAreFoundInHeadAndBody() throws IOException {
        try (TextFile file = TextFile.open(folder)) {
            file.append(List.of(text(7, "Subject: one\n", "body two"), text(5, "Subject: two\n", "body one")));
            file.append(List.of(text(9, "X: y\n", "three")));
            assertThat(scan(file, Place.BODY, "two", 5, 7, 9, 11)).isEqualTo(Map.of(5L, false, 7L, true, 9L, false));
            assertThat(scan(file, Place.ANYWHERE, "two", 5, 7)).isEqualTo(Map.of(5L, true, 7L, true));
            assertThat(scan(file, Place.HEADER, "TWO", 5, 7, 9)).isEqualTo(Map.of(5L, true, 7L, false, 9L, false));
            assertThat(scan(file, Place.ANYWHERE, "one\nbody", 7)).isEqualTo(Map.of(7L, false));
        }
    }

    @Test
    void itIsThereAgainAfterClosing() throws IOException {
        try (TextFile file = TextFile.open(folder)) {
            file.append(List.of(text(1, "", "a"), new TextFile.Text(2, new byte[0], 0, UnicodeCasemap.octets("Subject: s\n"), true)));
            file.append(List.of(text(1, "", "other")));
        }
        try (TextFile file = TextFile.open(folder)) {
            assertThat(file.count()).isEqualTo(2);
            assertThat(file.contains(2)).isTrue();
            assertThat(scan(file, Place.BODY, "a", 1, 2)).isEqualTo(Map.of(1L, true));
            assertThat(scan(file, Place.HEADER, "s", 1, 2)).isEqualTo(Map.of(1L, false, 2L, true));
            file.append(List.of(text(3, "", "b")));
            assertThat(scan(file, Place.BODY, "b", 1, 3)).isEqualTo(Map.of(1L, false, 3L, true));
        }
    }

    @Test
    void whatACrashCutOffIsNotThere() throws IOException {
        List<TextFile.Text> texts = LongStream.rangeClosed(1, 20)
                .mapToObj(i -> text(i, "h" + i, "body " + i + " ".repeat((int) i))).toList();
        try (TextFile file = TextFile.open(folder)) {
            file.append(texts);
        }
        byte[] directory = Files.readAllBytes(folder.resolve("search.directory"));
        byte[] octets = Files.readAllBytes(folder.resolve("search-1.text"));
        Random random = new Random(1);
        long[] all = LongStream.rangeClosed(1, 20).toArray();
        for (int i = 0; i < 300; i++) {
            byte[] cutDirectory = damaged(directory, random);
            byte[] cutText = damaged(octets, random);
            Files.write(folder.resolve("search.directory"), cutDirectory);
            Files.write(folder.resolve("search-1.text"), cutText);
            try (TextFile file = TextFile.open(folder)) {
                assertThat(scan(file, Place.BODY, "body", all).values()).allMatch(found -> found);
                file.append(texts);
                file.compact(email -> true);
                file.append(texts);
                assertThat(scan(file, Place.BODY, "body", all)).hasSize(20);
                assertThat(file.damaged()).isFalse();
            }
            try (TextFile file = TextFile.open(folder)) {
                assertThat(file.count()).isEqualTo(20);
                file.compact(email -> false);
            }
            for (String name : List.of("search.directory", "search-1.text", "search-1.fields", "search-2.text", "search-2.fields",
                    "search-3.text", "search-3.fields")) {
                Files.deleteIfExists(folder.resolve(name));
            }
        }
    }

    /** Cut, or with a hole of zeros as a file system leaves it. */
    private static byte[] damaged(byte[] good, Random random) {
        byte[] octets = good.clone();
        int at = random.nextInt(good.length);
        return switch (random.nextInt(3)) {
            case 0 -> Arrays.copyOf(octets, at);
            case 1 -> {
                Arrays.fill(octets, at, Math.min(good.length, at + 50), (byte) 0);
                yield octets;
            }
            default -> octets;
        };
    }

    @Test
    void damageInATextIsNoticed() throws IOException {
        try (TextFile file = TextFile.open(folder)) {
            file.append(List.of(text(1, "", "aaaa"), text(2, "", "bbbb")));
            try (FileChannel channel = FileChannel.open(folder.resolve("search-1.text"), StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {'x'}), 5);
            }
            assertThat(scan(file, Place.BODY, "b", 1, 2)).isEqualTo(Map.of(1L, false));
            assertThat(file.damaged()).isTrue();
            file.compact(email -> true);
            assertThat(file.contains(2)).isFalse();
            assertThat(file.contains(1)).isTrue();
            assertThat(file.damaged()).isFalse();
        }
    }

    @Test
    void compactingKeepsWhatIsWanted() throws IOException {
        try (TextFile file = TextFile.open(folder)) {
            for (int i = 1; i <= 100; i++) {
                file.append(List.of(text(i, "h", "b".repeat(i * 100) + i)));
            }
            file.compact(email -> email % 2 == 0);
            assertThat(file.count()).isEqualTo(50);
            assertThat(scan(file, Place.BODY, "b98", 97, 98)).isEqualTo(Map.of(98L, true));
            assertThat(folder.toFile().list()).containsExactlyInAnyOrder("search.directory", "search-2.text", "search-2.fields");
        }
    }

    @Test
    void emptyPlacesOfTheWindowDoNotMatter() throws IOException {
        try (TextFile file = TextFile.open(folder)) {
            file.append(List.of(text(1, "", "a".repeat(700_000)), text(2, "", "needle"), text(3, "", "b".repeat(300_000) + "needle")));
            assertThat(scan(file, Place.BODY, "needle", 1, 2, 3)).isEqualTo(Map.of(1L, false, 2L, true, 3L, true));
            assertThat(scan(file, Place.BODY, "needle", 3)).isEqualTo(Map.of(3L, true));
        }
    }
}
