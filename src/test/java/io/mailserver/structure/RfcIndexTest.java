package io.mailserver.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/rfc-index.md} and the citations in the product agree. */
class RfcIndexTest {
    private static final Path PAGE = Path.of("docs/rfc-index.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (?<rfc>\\d+) \\| (?<title>[^|]+) \\| (?<state>\\w+) \\|(?<where>[^|]*)\\|(?<remarks>[^|]*)\\|$");
    private static final Pattern CITATION = Pattern.compile("RFC (\\d{3,5})");

    private record Row(int rfc, String state, List<String> packages, String remarks) {}

    private static List<Row> rows = List.of();
    /** The packages that cite an RFC, by its number. */
    private static final TreeMap<Integer, Set<String>> CITED = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        for (SourceFile source : SourceFile.parseAll(Path.of("").toAbsolutePath())) {
            if (source.inMain()) {
                for (SourceFile.CommentLine comment : source.comments()) {
                    Matcher citation = CITATION.matcher(comment.text());
                    while (citation.find()) {
                        CITED.computeIfAbsent(Integer.valueOf(citation.group(1)), key -> new TreeSet<>()).add(source.packageName());
                    }
                }
            }
        }
        rows = ROW.matcher(Files.readString(PAGE)).results().map(RfcIndexTest::row).toList();
    }

    private static Row row(MatchResult found) {
        List<String> packages = Arrays.stream(found.group("where").split(",", -1))
                .map(name -> name.strip().replace("`", "")).filter(name -> !name.isEmpty()).toList();
        return new Row(Integer.parseInt(found.group("rfc")), found.group("state"), packages, found.group("remarks").strip());
    }

    @Test
    void everyCitedRfcIsInTheIndex() {
        Set<Integer> missing = new TreeSet<>(CITED.keySet());
        rows.forEach(row -> missing.remove(row.rfc()));
        assertThat(missing).as("cited in src/main, not in " + PAGE).isEmpty();
    }

    @Test
    void rowsAreInOrderAndUnique() {
        assertThat(rows).extracting(Row::rfc).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(50);
    }

    @Test
    void everyStateIsKnownAndSaysWhereOrWhy() {
        assertThat(rows).allMatch(row -> switch (row.state()) {
            case "yes" -> !row.packages().isEmpty();
            case "partial" -> !row.packages().isEmpty() && !row.remarks().isEmpty();
            case "planned" -> row.packages().isEmpty();
            case "no" -> !row.remarks().isEmpty();
            default -> false;
        });
    }

    @Test
    void whatIsCalledDoneIsCitedWhereItIsDone() {
        List<Row> unproven = rows.stream()
                .filter(row -> !row.packages().isEmpty())
                .filter(row -> row.packages().stream().noneMatch(name -> CITED.getOrDefault(row.rfc(), Set.of()).contains(name)))
                .toList();
        assertThat(unproven).as("rows whose packages do not cite the RFC; cited in: " + CITED).isEmpty();
    }

    @Test
    void packagesExist() {
        assertThat(rows.stream().flatMap(row -> row.packages().stream()))
                .allMatch(name -> Files.isDirectory(Path.of("src/main/java/io/mailserver", name)));
    }
}
