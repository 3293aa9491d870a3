package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.AccountRef;
import io.mailserver.account.AccountSystem;
import io.mailserver.account.Quota;
import io.mailserver.account.Resolution;
import io.mailserver.account.TestAccounts;
import io.mailserver.account.VacationResponses.Response;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Recipient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets an automatic answer, and how often. */
class AutomaticAnswersTest {
    private static final String TO_ALICE = "From: sender@example.net\r\nTo: Alice <alice@example.com>\r\nSubject: hi\r\n\r\nhello\r\n";

    @TempDir
    private Path folder;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private IntakeWorld world;
    private AccountSystem accounts;
    private long alice;

    @BeforeEach
    void open() throws IOException {
        world = new IntakeWorld(disk.root(), 0);
        accounts = TestAccounts.open(folder, world.time, world.log);
        accounts.domains().add(IntakeWorld.EXAMPLE);
        alice = accounts.accounts().add("alice@example.com", "correct horse", "", Quota.NONE).id();
        AccountRef ref = IntakeWorld.account(alice, "alice", Quota.NONE);
        world.directory.put(ref.address(), new Resolution.Local(List.of(ref)));
        world.answers = new AutomaticAnswers(accounts.vacations(), address -> accounts.directory().resolve(address), world.outbound,
                world.time, world.log)::answer;
        accounts.vacations().set(alice, away(Optional.empty(), Optional.empty()));
    }

    @AfterEach
    void close() throws IOException {
        accounts.close();
        world.close();
    }

    private static Response away(Optional<Instant> from, Optional<Instant> to) {
        return new Response(true, from, to, Optional.empty(), Optional.of("Back in May."), Optional.empty());
    }

    private void deliver(String message) throws IOException {
        assertThat(world.deliver(IntakeWorld.envelope("alice"), message).code()).isEqualTo(250);
    }

    private List<String> answers() {
        return world.outbound.messages;
    }

    @Test
    void aSenderIsAnsweredOnceAWeekFromTheNullSender() throws IOException {
        deliver(TO_ALICE);
        assertThat(answers()).singleElement().asString().contains("Back in May.", "To: <sender@example.net>");
        assertThat(world.outbound.accepted.getFirst().reversePath()).isEmpty();
        assertThat(world.outbound.accepted.getFirst().recipients()).extracting(Recipient::notifyOn)
                .allMatch(wishes -> wishes.contains(Recipient.Notify.NEVER));
        assertThat(world.outbound.released).hasSize(1);
        deliver(TO_ALICE);
        world.time.advance(Duration.ofDays(7).minusSeconds(1));
        deliver(TO_ALICE);
        assertThat(answers()).hasSize(1);
        world.time.advance(Duration.ofSeconds(1));
        deliver(TO_ALICE);
        assertThat(answers()).hasSize(2);
    }

    @Test
    void whoWasAnsweredIsKnownAfterARestart() throws IOException {
        deliver(TO_ALICE);
        accounts.close();
        accounts = TestAccounts.open(folder, world.time, world.log);
        world.answers = new AutomaticAnswers(accounts.vacations(), accounts.directory()::resolve, world.outbound, world.time, world.log)
                ::answer;
        deliver(TO_ALICE);
        assertThat(answers()).hasSize(1);
        assertThat(accounts.vacations().of(alice).text()).contains("Back in May.");
    }

    @Test
    void otherWordsAreForEverybodyAgain() throws IOException {
        deliver(TO_ALICE);
        accounts.vacations().set(alice, away(Optional.empty(), Optional.of(world.time.now().plusSeconds(60))));
        deliver(TO_ALICE);
        assertThat(answers()).as("only the dates changed").hasSize(1);
        Response changed =
                new Response(true, Optional.empty(), Optional.empty(), Optional.of("Away"), Optional.of("In June."), Optional.empty());
        accounts.vacations().set(alice, changed);
        deliver(TO_ALICE);
        assertThat(answers()).hasSize(2);
    }

    @Test
    void theDatesCount() throws IOException {
        Instant now = world.time.now();
        accounts.vacations().set(alice, away(Optional.of(now.plusSeconds(10)), Optional.of(now.plusSeconds(20))));
        deliver(TO_ALICE);
        assertThat(answers()).isEmpty();
        world.time.advance(Duration.ofSeconds(10));
        deliver(TO_ALICE);
        assertThat(answers()).hasSize(1);
        world.time.advance(Duration.ofSeconds(10));
        deliver(TO_ALICE.replace("sender@", "other@"));
        assertThat(answers()).hasSize(1);
        accounts.vacations().set(alice, Response.NONE);
        deliver(TO_ALICE);
        assertThat(answers()).hasSize(1);
    }

    @Test
    void onlyWhatNamesTheAccountIsAnswered() throws IOException {
        deliver(TO_ALICE.replace("alice@example.com", "everybody@example.com"));
        assertThat(answers()).isEmpty();
        accounts.aliases().add("al@example.com", List.of("alice@example.com"));
        deliver(TO_ALICE.replace("alice@example.com", "al+x@example.com"));
        assertThat(answers()).singleElement().asString().contains("From: <al+x@example.com>");
    }

    @Test
    void twoWhoAreAwayDoNotTalkToEachOther() throws IOException {
        deliver(TO_ALICE);
        Envelope back = IntakeWorld.envelope("alice");
        String answer = answers().getFirst().replace("To: <sender@example.net>", "To: <alice@example.com>");
        assertThat(world.deliver(back, answer).code()).isEqualTo(250);
        assertThat(answers()).hasSize(1);
    }

    @Test
    void anAccountThatIsRemovedTakesItsAnswersAlong() throws IOException {
        deliver(TO_ALICE);
        accounts.accounts().remove("alice@example.com");
        assertThat(accounts.vacations().of(alice)).isEqualTo(Response.NONE);
    }
}
