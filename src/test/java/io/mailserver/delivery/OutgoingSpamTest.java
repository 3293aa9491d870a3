package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.AccountSystem;
import io.mailserver.account.Resolution;
import io.mailserver.account.TestAccounts;
import io.mailserver.base.Domain;
import io.mailserver.config.SpamConfig;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.simulation.ZoneText;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import io.mailserver.spam.BayesClassifier;
import io.mailserver.spam.Failures;
import io.mailserver.spam.SpamFilter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class OutgoingSpamTest {
    private static final String ALICE = "alice@example.com";
    private static final Address BOB = Address.of("bob", new Domain("example.net"));
    private static final String JUNK = "Viagra without prescription, online casino, replica watches, a business loan, act now!!!\r\n";
    private static final String LETTER = "We met last week and talked about the garden, the fence and the bench by the pond.\r\n".repeat(3);

    @TempDir
    Path data;

    private IntakeWorld world;
    private AccountSystem accounts;

    @BeforeEach
    void open() throws IOException {
        world = new IntakeWorld(new SimulatedDisk(1).root(), 0);
        world.directory.put(BOB, new Resolution.NotLocal());
        accounts = TestAccounts.open(data, world.time, world.log);
        configure(Map.of());
    }

    @AfterEach
    void close() throws IOException {
        accounts.close();
        world.close();
    }

    private void configure(Map<String, String> changes) {
        SpamFilter filter = new SpamFilter(SpamConfig.of(changes), new SpamFilter.Parts(
                BayesClassifier.empty(data.resolve("learned"), 1 << 10), new ZoneText(""), HttpClient::newHttpClient, JsonMapper.shared(),
                new Failures(), world.time));
        world.checks = new OutgoingSpam(Intake.Checks.NONE,
                new OutgoingSpam.Parts(() -> filter, accounts.senderMemory(), world.outbound, world.time, world.log));
    }

    @Test
    void whomOneWritesToIsKnown() throws IOException {
        assertThat(send(LETTER).code()).isEqualTo(250);
        assertThat(accounts.senderMemory().knows(ALICE, "bob@example.net")).isTrue();
        accounts.senderMemory().write();
        assertThat(accounts.senderMemory().counts().correspondents()).isOne();
    }

    @Test
    void anAccountThatSendsJunkIsSlowedAndThenHeld() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(send(JUNK).code()).isEqualTo(250);
        }
        Reply slowed = send(LETTER);
        assertThat(slowed.code()).isEqualTo(451);
        assertThat(slowed.lines().getFirst()).startsWith("What you send looks like junk: one message a minute for now");
        world.time.advance(Duration.ofMinutes(1));
        assertThat(send(LETTER).code()).isEqualTo(250);
        for (int i = 3; i < 10; i++) {
            world.time.advance(Duration.ofMinutes(1));
            assertThat(accounts.senderMemory().held(ALICE)).isEmpty();
            assertThat(send(JUNK).code()).isEqualTo(250);
        }
        assertThat(accounts.senderMemory().held(ALICE)).isPresent();
        assertThat(accounts.senderMemory().knows(ALICE, "bob@example.net")).isTrue();
        assertThat(world.outbound.messages).filteredOn(text -> text.contains("Subject: Mail of alice@example.com is held")).hasSize(1);
        assertThat(world.outbound.accepted).anySatisfy(notice -> {
            assertThat(notice.account()).as("not held with the account's own mail").isEmpty();
            assertThat(notice.recipients()).extracting(recipient -> recipient.address().toString())
                    .containsExactly(ALICE, "postmaster@example.com");
        });
    }

    @Test
    void mailOfAHeldAccountToItsNeighboursWaitsInTheQueueToo() throws IOException {
        accounts.senderMemory().hold(ALICE, "a test");
        int before = world.outbound.accepted.size();
        assertThat(world.deliver(envelope(IntakeWorld.address("carol")), message(LETTER)).code()).isEqualTo(250);
        assertThat(world.inbox("carol")).isEmpty();
        assertThat(world.outbound.accepted).hasSize(before + 1);
        assertThat(accounts.senderMemory().release(ALICE)).isTrue();
        assertThat(world.deliver(envelope(IntakeWorld.address("carol")), message(LETTER)).code()).isEqualTo(250);
        assertThat(world.inbox("carol")).hasSize(1);
    }

    @Test
    void junkLongAgoIsForgotten() throws IOException {
        for (int i = 0; i < 3; i++) {
            send(JUNK);
        }
        world.time.advance(Duration.ofMinutes(61));
        assertThat(send(LETTER).code()).isEqualTo(250);
        assertThat(send(LETTER).code()).isEqualTo(250);
    }

    @Test
    void itCanBeSwitchedOffAndIsNotWhoIsWritten() throws IOException {
        configure(Map.of("outgoing.enabled", "false"));
        for (int i = 0; i < 12; i++) {
            assertThat(send(JUNK).code()).isEqualTo(250);
        }
        assertThat(accounts.senderMemory().held(ALICE)).isEmpty();
    }

    private Reply send(String text) throws IOException {
        return world.deliver(envelope(BOB), message(text));
    }

    private static String message(String text) {
        return "From: Alice <alice@example.com>\r\nTo: bob@example.net\r\nSubject: hi\r\nDate: Sun, 22 Nov 2026 04:00:00 +0000\r\n"
                + "Message-ID: <1@example.com>\r\n\r\n" + text;
    }

    private static Envelope envelope(Address to) {
        return new Envelope("s1-1", IntakeWorld.client(Client.Service.SUBMISSION, Optional.of(ALICE)),
                Optional.of(IntakeWorld.address("alice")), MailParameters.NONE, List.of()).with(Recipient.of(to));
    }
}
