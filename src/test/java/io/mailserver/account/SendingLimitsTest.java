package io.mailserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.smtp.Address;
import io.mailserver.base.Domain;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much an account sends in a day. The clock begins at 2026-01-02 03:04:05. */
class SendingLimitsTest {
    private static final String ALICE = "alice@example.com";
    private static final Allowance GENERAL = new Allowance(3, 10, 5);

    @TempDir
    private Path folder;

    @Test
    void messagesAreLimitedAndComeBackAfterADay() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            SendingLimits limits = new SendingLimits(fixture.database, fixture.time);
            for (int i = 0; i < 3; i++) {
                assertThat(send(limits, 1, 0).refusal()).isEmpty();
            }
            assertThat(send(limits, 1, 0).refusal()).hasValueSatisfying(refusal -> {
                assertThat(refusal.limit() + " " + refusal.what()).isEqualTo("3 messages");
                assertThat(refusal.until()).contains(Instant.parse("2026-01-03T03:00:00Z"));
            });
            assertThat(limits.reserve("bob@example.com", Allowance.ofMessage(1, 0), GENERAL).refusal()).isEmpty();
            fixture.time.advance(Duration.between(fixture.time.now(), Instant.parse("2026-01-03T02:59:59Z")));
            assertThat(send(limits, 1, 0).refusal()).isPresent();
            fixture.time.advance(Duration.ofSeconds(1));
            assertThat(send(limits, 1, 0).refusal()).isEmpty();
        }
    }

    @Test
    void recipientsAreLimitedAndTheOldestComeBackFirst() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            SendingLimits limits = new SendingLimits(fixture.database, fixture.time);
            send(limits, 6, 0);
            fixture.time.advance(Duration.ofHours(3));
            send(limits, 4, 0);
            assertThat(send(limits, 5, 0).refusal().orElseThrow().until()).contains(Instant.parse("2026-01-03T03:00:00Z"));
            assertThat(send(limits, 8, 0).refusal().orElseThrow().until()).contains(Instant.parse("2026-01-03T06:00:00Z"));
            assertThat(send(limits, 11, 0).refusal().orElseThrow().until()).as("more than a day's worth alone").isEmpty();
        }
    }

    @Test
    void recipientsOfTheFirstTimeAreLimitedByThemselves() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            SendingLimits limits = new SendingLimits(fixture.database, fixture.time);
            assertThat(send(limits, 5, 5).refusal()).isEmpty();
            assertThat(send(limits, 1, 1).refusal().orElseThrow().what()).contains("never written to before");
            assertThat(send(limits, 5, 0).refusal()).as("those it knows").isEmpty();
        }
    }

    @Test
    void whatIsGivenBackDoesNotCount() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            SendingLimits limits = new SendingLimits(fixture.database, fixture.time);
            SendingLimits.Reservation reserved = send(limits, 10, 5);
            SendingLimits.Reservation refused = send(limits, 10, 5);
            limits.giveBack(refused);
            assertThat(limits.sent(ALICE)).isEqualTo(new Allowance(1, 10, 5));
            limits.giveBack(reserved);
            assertThat(limits.sent(ALICE)).isEqualTo(Allowance.NONE);
            assertThat(send(limits, 10, 5).refusal()).isEmpty();
        }
    }

    @Test
    void whatWasWrittenIsThereAfterARestart() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            SendingLimits limits = new SendingLimits(fixture.database, fixture.time);
            send(limits, 2, 1);
            limits.write();
            send(limits, 3, 1);
            limits.write();
            SendingLimits.Reservation last = send(limits, 4, 0);
            SendingLimits after = new SendingLimits(fixture.database, fixture.time);
            assertThat(after.sent(ALICE)).as("a crash forgets what was not written").isEqualTo(new Allowance(2, 5, 2));
            limits.giveBack(last);
            limits.write();
            assertThat(new SendingLimits(fixture.database, fixture.time).sent(ALICE)).isEqualTo(new Allowance(2, 5, 2));
            fixture.time.advance(Duration.ofHours(24));
            assertThat(new SendingLimits(fixture.database, fixture.time).sent(ALICE)).isEqualTo(Allowance.NONE);
        }
    }

    @Test
    void anAccountMayHaveLimitsOfItsOwn() throws IOException {
        Address alice = Address.of("alice", new Domain("example.com"));
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            SendingLimits limits = new SendingLimits(fixture.database, fixture.time);
            limits.set(alice, new SendingLimits.Own(
                    OptionalInt.of(1), OptionalInt.of(Allowance.UNLIMITED), OptionalInt.empty()));
            assertThat(send(limits, 1_000, 5).refusal()).isEmpty();
            assertThat(send(limits, 1, 0).refusal().orElseThrow().limit()).isEqualTo(1);
            assertThat(new SendingLimits(fixture.database, fixture.time).own(ALICE).messages()).hasValue(1);
            limits.set(alice, SendingLimits.Own.NOTHING);
            assertThat(limits.own(ALICE)).isEqualTo(SendingLimits.Own.NOTHING);
        }
    }

    @Test
    void nothingIsLeftOfAnAccountThatGoes() throws IOException {
        try (Fixture fixture = Fixture.with(folder, "alice")) {
            SendingLimits limits = new SendingLimits(fixture.database, fixture.time);
            limits.set(Address.of("alice", new Domain("example.com")),
                    new SendingLimits.Own(OptionalInt.of(1), OptionalInt.empty(), OptionalInt.empty()));
            send(limits, 1, 1);
            limits.write();
            fixture.accounts.remove(ALICE);
            SendingLimits after = new SendingLimits(fixture.database, fixture.time);
            assertThat(after.sent(ALICE)).isEqualTo(Allowance.NONE);
            assertThat(limits.own(ALICE)).isEqualTo(SendingLimits.Own.NOTHING);
        }
    }

    private static SendingLimits.Reservation send(SendingLimits limits, int recipients, int firstTime) throws IOException {
        return limits.reserve(ALICE, Allowance.ofMessage(recipients, firstTime), GENERAL);
    }
}
