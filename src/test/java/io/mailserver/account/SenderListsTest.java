package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.config.NamePattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SenderListsTest {
    private static final String OWNER = "alice@example.com";

    @TempDir
    private Path folder;

    @Test
    void whatMeansTheSenderMostCloselyDecides() throws IOException {
        try (Fixture fixture = new Fixture(folder)) {
            SenderLists lists = new SenderLists(fixture.database);
            put(fixture, lists, "bad.example", false);
            put(fixture, lists, "friend@bad.example", true);
            put(fixture, lists, "good.example", true);
            put(fixture, lists, "spam.good.example", false);
            put(fixture, lists, "*@good.example", false);
            assertThat(wants(lists, "ann@bad.example")).isFalse();
            assertThat(wants(lists, "friend@bad.example")).isTrue();
            assertThat(wants(lists, "ann@good.example")).isTrue();
            assertThat(wants(lists, "ann@spam.good.example")).isFalse();
            assertThat(lists.wants(OWNER, List.of(), List.of("friend@bad.example"))).as("not proven").contains(false);
            assertThat(lists.wants(OWNER, List.of(), List.of("ann@good.example", ""))).as("the asterisk").contains(false);
            assertThat(lists.wants(OWNER, List.of("x@other.example"), List.of("x@other.example"))).isEmpty();
            assertThat(lists.wants("bob@example.com", List.of(), List.of("ann@bad.example"))).isEmpty();
        }
    }

    private static boolean wants(SenderLists lists, String sender) throws IOException {
        return lists.wants(OWNER, List.of(sender), List.of(sender)).orElseThrow();
    }

    private static void put(Fixture fixture, SenderLists lists, String pattern, boolean wanted) throws IOException {
        lists.put(new SenderLists.Entry(OWNER, new NamePattern(pattern), wanted, fixture.time.now()));
    }
}
