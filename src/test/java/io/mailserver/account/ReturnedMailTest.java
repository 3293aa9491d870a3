package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.ReturnedMail.Fate;
import io.mailserver.base.Domain;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was reported of accounts' mail. */
class ReturnedMailTest {
    private static final String ALICE = "alice@example.com";
    private static final Address BOB = Address.of("Bob", new Domain("example.net"));
    private static final ReturnedMail.Bounds USUAL = new ReturnedMail.Bounds(Duration.ofDays(30), 2);

    @TempDir
    private Path folder;

    @Test
    void theEndOfAMessageStandsAndADelayDoesNotReplaceIt() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "carol")) {
            ReturnedMail returned = new ReturnedMail(fixture.database, fixture.time);
            long alice = fixture.accounts.get(ALICE).id();
            assertThat(returned.add(alice, "m1", BOB, Fate.DELAYED, "4.4.1", USUAL)).contains(ALICE);
            returned.add(alice, "m1", BOB, Fate.FAILED, "550 5.1.1 Gone", USUAL);
            returned.add(alice, "m1", BOB, Fate.DELAYED, "4.4.1", USUAL);
            returned.add(alice, "m1", BOB, Fate.FAILED, "550 5.1.1 Again", USUAL);
            assertThat(returned.of(ALICE, USUAL)).hasSize(1).first().satisfies(one -> {
                assertThat(one.address()).isEqualTo("bob@example.net");
                assertThat(one.fate()).isEqualTo(Fate.FAILED);
                assertThat(one.reply()).isEqualTo("550 5.1.1 Gone");
            });
            assertThat(returned.of("carol@example.com", USUAL)).isEmpty();
            assertThat(returned.add(4711, "m1", BOB, Fate.FAILED, "", USUAL)).as("no such account").isEmpty();
        }
    }

    @Test
    void theyEndWithTheirTimeTheirAccountAndOneTooMany() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            ReturnedMail returned = new ReturnedMail(fixture.database, fixture.time);
            long alice = fixture.accounts.get(ALICE).id();
            for (String message : List.of("m1", "m2", "m3")) {
                fixture.time.advance(Duration.ofSeconds(1));
                returned.add(alice, message, BOB, Fate.FAILED, "x".repeat(1_000), USUAL);
            }
            assertThat(returned.of(ALICE, USUAL)).extracting(ReturnedMail.Returned::message).containsExactly("m3", "m2");
            assertThat(returned.of(ALICE, USUAL).getFirst().reply()).hasSize(500);
            fixture.time.advance(Duration.ofDays(30).minusMillis(1));
            assertThat(returned.of(ALICE, USUAL)).hasSize(1);
            fixture.time.advance(Duration.ofMillis(1));
            assertThat(returned.of(ALICE, USUAL)).isEmpty();
            ReturnedMail.Bounds off = new ReturnedMail.Bounds(Duration.ZERO, 2);
            assertThat(returned.add(alice, "m4", BOB, Fate.FAILED, "", off)).as("known, though not kept").contains(ALICE);
            assertThat(returned.of(ALICE, USUAL)).isEmpty();
            returned.add(alice, "m5", BOB, Fate.FAILED, "", USUAL);
            fixture.accounts.remove(ALICE);
            long rows = fixture.database.read(c -> Sql.first(c, row -> row.getLong(1), "SELECT COUNT(*) FROM returned_mail").orElse(-1L));
            assertThat(rows).isZero();
        }
    }
}
