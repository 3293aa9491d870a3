package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtpclient.RecipientResult;
import io.mailserver.smtpclient.RecipientResult.Kind;
import io.mailserver.smtpclient.RecipientResult.Stage;
import io.mailserver.smtpclient.ServerReply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which refusals say that an address does not exist. */
class HardBouncesTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "550 5.1.1 No such user", "550 5.1.1", "553 5.1.2 No such host", "501 5.1.3 Bad syntax", "550 5.1.6 Moved", "556 5.1.10 Null MX",
        "550 5.1.1 User unknown; see our policy", "550 No such user here", "551 User not local", "553 Mailbox name is wrong",
        "550 Requested action not taken: mailbox unavailable"
    })
    void thereIsNoSuchMailbox(String reply) {
        assertThat(HardBounces.isHard(result(Kind.PERMANENT, Stage.RECIPIENT, reply))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "550 5.7.1 Blocked", "550 5.7.26 Not authenticated", "552 5.2.2 Mailbox full", "550 5.2.1 Mailbox disabled", "550 5.1.7 Bad sender",
        "550 5.1.8 Bad sender's system", "550 5.0.0 No", "550 5.4.1 Recipient address rejected: Access denied", "554 No", "500 What?",
        "503 5.5.1 MAIL first", "550 Your IP is on a block list",
        "550 Rejected because of spam", "550 Relaying denied", "550 SPF check failed"
    })
    void somethingElseIsWrong(String reply) {
        assertThat(HardBounces.isHard(result(Kind.PERMANENT, Stage.RECIPIENT, reply))).isFalse();
    }

    @Test
    void onlyAServersWordAboutTheRecipientCounts() {
        for (Stage stage : Stage.values()) {
            assertThat(HardBounces.isHard(result(Kind.PERMANENT, stage, "550 5.1.1 No such user"))).isEqualTo(stage == Stage.RECIPIENT);
        }
        assertThat(HardBounces.isHard(result(Kind.TEMPORARY, Stage.RECIPIENT, "450 4.1.1 Not now"))).isFalse();
        assertThat(HardBounces.isHard(RecipientResult.local(
                Kind.PERMANENT, Stage.RECIPIENT, new EnhancedStatus(5, 1, 2), "no such domain"))).as("our own word").isFalse();
    }

    private static RecipientResult result(Kind kind, Stage stage, String reply) {
        int blank = reply.indexOf(' ');
        ServerReply said = new ServerReply(Integer.parseInt(reply.substring(0, blank)), List.of(reply.substring(blank + 1)));
        return new RecipientResult(kind, stage, Optional.of(said), said.toString(), said.status());
    }
}
