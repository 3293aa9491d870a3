package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Quota;
import io.mailserver.account.Resolution;
import io.mailserver.account.Suppression;
import io.mailserver.base.Domain;
import io.mailserver.delivery.RecipientFacts.Room;
import io.mailserver.delivery.SenderFacts.Sender;
import io.mailserver.smtp.Client.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The pure decisions, as tables. {@code -} is acceptance. */
class DecisionTest {
    private static final AccountRef ALICE = account(1, "alice");
    private static final AccountRef BOB = account(2, "bob");
    private static final Resolution TO_ALICE = new Resolution.Local(List.of(ALICE));
    private static final Resolution TO_BOTH = new Resolution.Local(List.of(ALICE, BOB));

    @ParameterizedTest
    @CsvSource({
        "INBOUND,    false, ITS_OWN, false,    0, 1000, -",
        "INBOUND,    false, ITS_OWN, true,     0, 1000, 451 4.3.2",
        "INBOUND,    false, ITS_OWN, false,    0,  499, 452 4.3.1",
        "INBOUND,    false, ITS_OWN, false,    0,  500, -",
        "INBOUND,    false, ITS_OWN, false,  500, 1000, -",
        "INBOUND,    false, ITS_OWN, false,  501, 1000, 452 4.3.1",
        "SUBMISSION, false, ITS_OWN, false,    0, 1000, 530 5.7.0",
        "SUBMISSION, true,  ITS_OWN, false,    0, 1000, -",
        "SUBMISSION, true,  ANOTHERS, false,   0, 1000, 553 5.7.1",
        "SUBMISSION, true,  UNKNOWN, false,    0, 1000, 451 4.3.0",
        "INBOUND,    true,  ANOTHERS, false,   0, 1000, 553 5.7.1",
        "LMTP,       false, ITS_OWN, false,    0, 1000, -",
    })
    void senders(
            Service service,
            boolean authenticated,
            Sender sender,
            boolean overloaded,
            long declared,
            long usable,
            String expected) {
        SenderFacts facts = new SenderFacts(
                service, authenticated, sender, overloaded, OptionalLong.of(declared), usable, 500);
        assertThat(outcome(facts.decide())).isEqualTo(expected);
    }

    static Stream<Arguments> recipients() {
        return Stream.of(
                Arguments.of(TO_ALICE, false, Room.ENOUGH, "-"),
                Arguments.of(TO_ALICE, false, Room.NONE, "452 4.2.2"),
                Arguments.of(TO_ALICE, false, Room.UNKNOWN, "451 4.3.0"),
                Arguments.of(new Resolution.UnknownUser(), false, Room.ENOUGH, "550 5.1.1"),
                Arguments.of(new Resolution.UnknownUser(), true, Room.ENOUGH, "550 5.1.1"),
                Arguments.of(new Resolution.Disabled(), false, Room.ENOUGH, "550 5.2.1"),
                Arguments.of(new Resolution.Unavailable(), false, Room.ENOUGH, "451 4.3.0"),
                Arguments.of(new Resolution.NotLocal(), false, Room.ENOUGH, "550 5.7.1"),
                Arguments.of(new Resolution.NotLocal(), true, Room.ENOUGH, "550 5.7.1"));
    }

    @ParameterizedTest
    @MethodSource
    void recipients(Resolution resolution, boolean authenticated, Room room, String expected) {
        assertThat(outcome(new RecipientFacts(resolution, authenticated, false, false, room).decide())).isEqualTo(expected);
    }

    @Test
    void whoDoesNotExistIsNotWrittenToByThatAccount() {
        Instant since = Instant.parse("2026-03-01T23:00:00Z");
        Suppression entry = new Suppression("alice@example.com", "bob@example.net", since, since.plus(Duration.ofDays(30)),
                "550 5.1.1 Unbekannter Empf\u00e4nger" + "x".repeat(490));
        RecipientFacts facts = new RecipientFacts(new Resolution.NotLocal(), true, true, false, Room.ENOUGH, Optional.of(entry));
        assertThat(outcome(facts.decide())).isEqualTo("550 5.1.1");
        List<String> lines = ((Decision.Refuse) facts.decide()).reply().lines();
        assertThat(lines.getFirst()).contains("bob@example.net", "2026-03-01", "2026-03-31");
        assertThat(lines.get(1)).startsWith("It said: 550 5.1.1 Unbekannter Empf?nger").hasSizeLessThanOrEqualTo(490);
        assertThat(lines.getLast()).endsWith("./mailserver suppression remove alice@example.com bob@example.net");
        RecipientFacts stranger = new RecipientFacts(new Resolution.NotLocal(), false, true, false, Room.ENOUGH, Optional.of(entry));
        assertThat(outcome(stranger.decide())).as("is told nothing of it").isEqualTo("550 5.7.1");
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                Arguments.of(List.of(TO_ALICE), Set.of(), "-"),
                Arguments.of(List.of(TO_ALICE, TO_BOTH), Set.of(), "-"),
                Arguments.of(List.of(TO_ALICE), Set.of("alice@example.com"), "554 5.4.6"),
                Arguments.of(List.of(TO_ALICE), Set.of("alice@example.org"), "-"),
                Arguments.of(List.of(TO_BOTH), Set.of("alice@example.com"), "-"),
                Arguments.of(List.of(TO_BOTH), Set.of("alice@example.com", "bob@example.com"), "554 5.4.6"),
                Arguments.of(List.of(TO_ALICE, new Resolution.UnknownUser()), Set.of(), "451 4.3.0"),
                Arguments.of(List.of(new Resolution.Unavailable()), Set.of(), "451 4.3.0"),
                Arguments.of(List.of(), Set.of(), "451 4.3.0"));
    }

    @ParameterizedTest
    @MethodSource
    void messages(List<Resolution> resolutions, Set<String> deliveredTo, String expected) {
        assertThat(outcome(new MessageFacts(resolutions, false, deliveredTo).decide())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"true, no mail to other", "false, hosted"})
    void usersAreToldWhyTheirMailToOthersIsRefused(boolean authenticated, String word) {
        Decision decision = new RecipientFacts(new Resolution.NotLocal(), authenticated, false, false, Room.ENOUGH).decide();
        assertThat(((Decision.Refuse) decision).reply().lines().getFirst()).contains(word);
    }

    private static String outcome(Decision decision) {
        return switch (decision) {
            case Decision.Accept accept -> "-";
            case Decision.Refuse refuse -> refuse.reply().code() + " " + refuse.reply().status();
        };
    }

    private static AccountRef account(long id, String name) {
        return new AccountRef(id, new Domain("example.com"), name, Quota.NONE);
    }
}
