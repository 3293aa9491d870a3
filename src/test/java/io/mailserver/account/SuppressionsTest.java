package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses that accounts do not write to any more. The clock begins at 2026-01-02 03:04:05. */
class SuppressionsTest {
    private static final String ALICE = "alice@example.com";
    private static final Address BOB = Address.of("bob", new Domain("example.net"));
    private static final Suppressions.Bounds USUAL = new Suppressions.Bounds(Duration.ofDays(30), 3);
    private static final String REPLY = "550 5.1.1 No such user";

    @TempDir
    private Path folder;

    @Test
    void anEntryIsForOneAccountAndOneAddress() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "carol")) {
            Suppressions list = new Suppressions(fixture.database, fixture.time);
            assertThat(list.find(ALICE, BOB, USUAL)).isEmpty();
            assertThat(list.add(ALICE, BOB, fixture.time.now(), REPLY, USUAL)).isTrue();
            Instant now = fixture.time.now();
            assertThat(list.find(ALICE, BOB, USUAL))
                    .contains(new Suppression(ALICE, "bob@example.net", now, now.plus(Duration.ofDays(30)), REPLY));
            assertThat(list.find(ALICE, Address.of("BOB", new Domain("example.net")), USUAL)).as("in upper case").isPresent();
            assertThat(list.find("carol@example.com", BOB, USUAL)).isEmpty();
            assertThat(list.find(ALICE, Address.of("bobby", new Domain("example.net")), USUAL)).isEmpty();
            assertThat(list.find(ALICE, Address.of("bob", new Domain("example.org")), USUAL)).isEmpty();
        }
    }

    @Test
    void itEndsWithItsTimeAndIsRenewedByTheSameWord() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            Suppressions list = new Suppressions(fixture.database, fixture.time);
            Instant written = fixture.time.now();
            list.add(ALICE, BOB, written, REPLY, USUAL);
            fixture.time.advance(Duration.ofDays(29));
            list.add(ALICE, BOB, written, REPLY, USUAL);
            assertThat(list.of(ALICE, USUAL)).hasSize(1);
            fixture.time.advance(Duration.ofDays(30).minusMillis(1));
            assertThat(list.find(ALICE, BOB, USUAL)).isPresent();
            fixture.time.advance(Duration.ofMillis(1));
            assertThat(list.find(ALICE, BOB, USUAL)).isEmpty();
            assertThat(list.of(ALICE, USUAL)).isEmpty();
        }
    }

    @Test
    void switchedOffNothingIsNotedAndNothingCounts() throws IOException {
        Suppressions.Bounds off = new Suppressions.Bounds(Duration.ZERO, 3);
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            Suppressions list = new Suppressions(fixture.database, fixture.time);
            assertThat(list.add(ALICE, BOB, fixture.time.now(), REPLY, off)).isFalse();
            assertThat(list.find(ALICE, BOB, USUAL)).isEmpty();
            list.add(ALICE, BOB, fixture.time.now(), REPLY, USUAL);
            assertThat(list.find(ALICE, BOB, off)).isEmpty();
        }
    }

    @Test
    void theOldestGivesWayToOneTooMany() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice", "carol")) {
            Suppressions list = new Suppressions(fixture.database, fixture.time);
            list.add("carol@example.com", BOB, fixture.time.now(), REPLY, USUAL);
            for (String name : List.of("d", "c", "b", "a")) {
                fixture.time.advance(Duration.ofSeconds(1));
                list.add(ALICE, Address.of(name, new Domain("example.net")), fixture.time.now(), REPLY, USUAL);
            }
            assertThat(list.of(ALICE, USUAL)).extracting(Suppression::address)
                    .containsExactly("a@example.net", "b@example.net", "c@example.net");
            assertThat(list.of("carol@example.com", USUAL)).hasSize(1);
        }
    }

    @Test
    void onlyAccountsThatWereThereWhenTheMessageCameHaveAList() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            fixture.aliases.add("info@example.com", List.of(ALICE));
            Suppressions list = new Suppressions(fixture.database, fixture.time);
            for (String other : List.of("info@example.com", "nobody@example.com", "alice@example.org", "", "alice", "a@b@")) {
                assertThat(list.add(other, BOB, fixture.time.now(), REPLY, USUAL)).as(other).isFalse();
            }
            assertThat(list.add(ALICE, BOB, fixture.time.now().minusSeconds(1), REPLY, USUAL)).as("of an earlier alice").isFalse();
            assertThat(list.of(ALICE, USUAL)).isEmpty();
        }
    }

    @Test
    void aMessageThatIsTakenOrTheOperatorTakesAnAddressOff() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            Suppressions list = new Suppressions(fixture.database, fixture.time);
            Address wide = Address.of("bob", Domain.parse("b\u00fccher.example").orElseThrow());
            list.add(ALICE, BOB, fixture.time.now(), REPLY, USUAL);
            list.add(ALICE, wide, fixture.time.now(), REPLY, USUAL);
            Suppressions afterRestart = new Suppressions(fixture.database, fixture.time);
            afterRestart.lift(ALICE, BOB);
            assertThat(list.find(ALICE, BOB, USUAL)).isEmpty();
            assertThat(list.remove(ALICE, Optional.of("Bob@b\u00fccher.example"))).isEqualTo(1);
            assertThatThrownBy(() -> list.remove(ALICE, Optional.of("bob@example.net"))).isInstanceOf(OperatorException.class)
                    .hasMessage("bob@example.net is not on the list of alice@example.com");
            list.add(ALICE, BOB, fixture.time.now(), REPLY, USUAL);
            assertThat(list.remove(ALICE, Optional.empty())).isEqualTo(1);
            assertThat(list.find(ALICE, BOB, USUAL)).isEmpty();
            assertThatThrownBy(() -> list.remove("nobody@example.com", Optional.empty())).isInstanceOf(OperatorException.class);
        }
    }

    @Test
    void theListGoesWithItsAccount() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            Suppressions list = new Suppressions(fixture.database, fixture.time);
            list.add(ALICE, BOB, fixture.time.now(), "x".repeat(10_000), USUAL);
            assertThat(list.of(ALICE, USUAL).getFirst().reason()).hasSize(500);
            fixture.accounts.remove(ALICE);
            fixture.account(ALICE);
            assertThat(list.find(ALICE, BOB, USUAL)).isEmpty();
            assertThat(list.of(ALICE, USUAL)).isEmpty();
        }
    }
}
