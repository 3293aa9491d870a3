package io.mailserver.submission;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Domain;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderText;
import io.mailserver.simulation.Fuzz;
import io.mailserver.smtp.Address;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AutomaticAnswerTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Address ALICE = Address.of("alice", new Domain("example.com"));
    private static final Address BOB = Address.of("bob", new Domain("example.net"));
    private static final String MESSAGE = "From: bob@example.net\r\nTo: alice@example.com\r\nSubject: Lunch?\r\n"
            + "Message-ID: <2@example.net>\r\nReferences: <1@example.net>\r\n";

    private static HeaderBlock header(String text) {
        return HeaderBlock.parse((text + "\r\n").getBytes(StandardCharsets.UTF_8), HeaderBlock.Limits.DEFAULTS);
    }

    private static String answer(Optional<String> subject, Optional<String> text, Optional<String> html, String to) {
        return new String(
                new AutomaticAnswer(ALICE, BOB, subject, text, html).toMessage(header(to), "a@example.com", NOW), StandardCharsets.UTF_8);
    }

    @Test
    void peopleAreAnswered() {
        assertThat(AutomaticAnswer.obstacle(header(MESSAGE), Optional.of(BOB))).isEmpty();
        assertThat(AutomaticAnswer.obstacle(header("Auto-Submitted: no (really)\r\n" + MESSAGE), Optional.of(BOB))).isEmpty();
        assertThat(AutomaticAnswer.obstacle(header("Precedence: first-class\r\n" + MESSAGE), Optional.of(BOB))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Auto-Submitted: auto-replied", "auto-submitted: AUTO-generated; x=y", "Auto-Submitted:", "List-Id: <a.b>",
        "List-Unsubscribe: <x:y>",
        "Precedence: bulk", "PRECEDENCE: List", "Precedence: junk", "X-Auto-Response-Suppress: OOF", "X-Loop: alice@example.com",
        "Content-Type: multipart/report; report-type=delivery-status"})
    void programsAndListsAreNot(String field) {
        assertThat(AutomaticAnswer.obstacle(header(MESSAGE + field + "\r\n"), Optional.of(BOB))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAILER-DAEMON", "owner-list", "list-request", "list-owner", "Majordomo", "no-reply", "list-bounces+bob=x"})
    void addressesOfProgramsAreNot(String local) {
        assertThat(AutomaticAnswer.obstacle(header(MESSAGE), Optional.of(Address.of(local, new Domain("example.net"))))).isPresent();
    }

    @Test
    void theNullSenderIsNot() {
        assertThat(AutomaticAnswer.obstacle(header(MESSAGE), Optional.empty())).isPresent();
    }

    @Test
    void theAnswerSaysWhatItIs() {
        String answer = answer(Optional.empty(), Optional.of("Back\nin May."), Optional.empty(), MESSAGE);
        assertThat(answer).contains("From: <alice@example.com>\r\nTo: <bob@example.net>\r\nSubject: Auto: Lunch?\r\n")
                .contains("In-Reply-To: <2@example.net>\r\nReferences: <1@example.net>\r\n <2@example.net>\r\n")
                .contains("Auto-Submitted: auto-replied\r\n")
                .endsWith("\r\n\r\nBack\r\nin May.\r\n");
        assertThat(AutomaticAnswer.obstacle(header(answer), Optional.of(ALICE))).as("nobody answers it").isPresent();
    }

    @Test
    void anyTextAndSubjectPasses() {
        String answer = answer(Optional.of("Ich bin im Mai zurück, versprochen und zwar wirklich ganz bestimmt"),
                Optional.of("Grüße"), Optional.of("<p>Grüße</p>"), MESSAGE);
        assertThat(HeaderText.decode(header(answer).first("Subject").orElseThrow()))
                .isEqualTo("Ich bin im Mai zurück, versprochen und zwar wirklich ganz bestimmt");
        assertThat(answer).contains("multipart/alternative")
                .contains(Base64.getMimeEncoder().encodeToString("<p>Grüße</p>".getBytes(StandardCharsets.UTF_8)));
        assertThat(answer.chars()).allMatch(c -> c < 0x7f);
        assertThat(answer(Optional.empty(), Optional.empty(), Optional.of("<p>Only <b>this</b></p>"), MESSAGE)).contains("Only this");
        assertThat(answer(Optional.empty(), Optional.empty(), Optional.empty(), "From: x@y\r\n"))
                .contains("Subject: Automatic reply\r\n", "I have received your message");
    }

    @Test
    void noMessageBreaksItsAnswer() {
        Fuzz.texts(List.of(MESSAGE, MESSAGE + "Subject: =?utf-8?Q?=0D=0ABcc:_x?=\r\n"), text -> {
            String answer = answer(Optional.empty(), Optional.of("x"), Optional.empty(), text);
            HeaderBlock header = header(answer.substring(0, answer.indexOf("\r\n\r\n") + 2));
            assertThat(header.all("Auto-Submitted")).hasSize(1);
            assertThat(header.all("Bcc")).isEmpty();
            assertThat(answer.chars()).allMatch(c -> c < 0x7f);
            assertThat(answer.replace("\r\n", "")).doesNotContain("\r", "\n");
        });
    }
}
