package io.mailserver.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Style as a test: sizes, forbidden calls, names, leftovers, the form of citations. Sins older than their rule stand in
 * {@code structure/old-sins.txt} as {@code rule path count}; the list only shrinks: a sin that is gone must leave it.
 */
class TidyTest {
    private static final String OLD_SINS = "/structure/old-sins.txt";

    private static List<SourceFile> sources = List.of();

    @BeforeAll
    static void parse() throws IOException {
        sources = SourceFile.parseAll(Path.of("").toAbsolutePath());
    }

    @TestFactory
    List<DynamicTest> sourcesObey() throws IOException {
        Map<String, Integer> oldSins = oldSins();
        List<DynamicTest> tests = new ArrayList<>();
        TidyRules.RULES.forEach((name, rule) -> tests.add(DynamicTest.dynamicTest(name, () -> {
            List<TidyRules.Finding> news = new ArrayList<>();
            for (SourceFile source : sources) {
                List<TidyRules.Finding> found = rule.apply(source);
                int allowed = oldSins.getOrDefault(name + " " + source.path(), 0);
                if (found.size() > allowed) {
                    news.addAll(found);
                }
            }
            assertThat(news).as(name).isEmpty();
        })));
        return tests;
    }

    @Test
    void everyPackageHasAPackageInfo() {
        Set<String> folders = new TreeSet<>();
        Set<String> described = new TreeSet<>();
        for (SourceFile source : sources) {
            String folder = source.path().substring(0, source.path().lastIndexOf('/'));
            folders.add(folder);
            if (source.isPackageInfo()) {
                described.add(folder);
            }
        }
        // A test package of the same name as a product package is described there.
        folders.removeIf(folder -> described.contains(folder.replace("src/test/", "src/main/")));
        folders.removeAll(described);
        assertThat(folders).as("folders without package-info.java").isEmpty();
    }

    @Test
    void oldSinsStillExist() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        TidyRules.RULES.forEach((name, rule) -> {
            for (SourceFile source : sources) {
                counts.put(name + " " + source.path(), rule.apply(source).size());
            }
        });
        List<String> shrunk = new ArrayList<>();
        oldSins().forEach((sin, allowed) -> {
            if (counts.getOrDefault(sin, 0) < allowed) {
                shrunk.add(sin + " " + counts.getOrDefault(sin, 0));
            }
        });
        assertThat(shrunk).as("mended: lower or remove these lines of " + OLD_SINS).isEmpty();
    }

    private static Map<String, Integer> oldSins() throws IOException {
        Map<String, Integer> sins = new HashMap<>();
        try (InputStream in = TidyTest.class.getResourceAsStream(OLD_SINS)) {
            assertThat(in).isNotNull();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    int space = line.lastIndexOf(' ');
                    sins.put(line.substring(0, space), Integer.parseInt(line.substring(space + 1).strip()));
                }
            }
        }
        return sins;
    }
}
