package io.mailserver.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That each rule can fail. */
class TidyRulesTest {
    @TempDir
    Path project;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "clock             | class A { long a = System.nanoTime(); }",
        "clock             | class A { Object a = java.time.Instant.ofEpochMilli(System.currentTimeMillis()); }",
        "clock             | import java.time.Instant; class A { Object a = Instant.now(); }",
        "sleep             | class A { void a() throws Exception { Thread.sleep(1); } }",
        "console           | class A { void a() { System.out.println(); } }",
        "print-stack-trace | class A { void a(Exception e) { e.printStackTrace(); } }",
        "synchronized      | class A { synchronized void a() {} }",
        "synchronized      | class A { void a() { synchronized (this) { } } }",
        "vague-name        | class SessionManager {}",
        "static-state      | class A { static int count; }",
    })
    void objects(String rule, String code) throws IOException {
        assertThat(check(rule, code)).hasSize(1);
    }

    @Test
    void objectsToLongFunctions() throws IOException {
        String body = "\n".repeat(TidyRules.MAX_FUNCTION_LINES);
        assertThat(check("function-length", "class A { void a() {" + body + "} }")).hasSize(1);
    }

    @Test
    void objectsToLongFilesAndLines() throws IOException {
        assertThat(check("file-length", "class A {}\n".repeat(TidyRules.MAX_FILE_LINES + 1))).hasSize(1);
        assertThat(check("line-length", "// " + "x".repeat(TidyRules.MAX_LINE_LENGTH))).hasSize(1);
    }

    @Test
    void objectsToLeftoversInCommentsOnly() throws IOException {
        String word = "TO" + "DO";
        assertThat(check("leftover", "class A { String a = \"// " + word + "\"; // " + word + " later\n }")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RFC5321 §4.5.2", "rfc 5321", "RFC 5321 section 4.5", "RFC 5321, §4.5", "RFC 5321 4.5.2", "RFC-5321"})
    void objectsToOddCitations(String citation) throws IOException {
        assertThat(check("rfc-form", "// " + citation + "\nclass A {}")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RFC 5321 §4.5.2", "RFC 822", "(RFC 5321 §4.2, §4.3; RFC 6531)", "RFC 9051, RFC 3501"})
    void acceptsTheUsualCitations(String citation) throws IOException {
        assertThat(check("rfc-form", "// " + citation + "\nclass A {}")).isEmpty();
    }

    private List<TidyRules.Finding> check(String rule, String code) throws IOException {
        Path folder = Files.createDirectories(project.resolve("src/main/java/some"));
        Files.writeString(folder.resolve("A.java"), "package some;\n" + code);
        List<SourceFile> sources = SourceFile.parseAll(project);
        assertThat(sources).hasSize(1);
        return Objects.requireNonNull(TidyRules.RULES.get(rule)).apply(sources.getFirst());
    }
}
