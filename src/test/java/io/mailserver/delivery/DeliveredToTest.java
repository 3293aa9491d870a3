package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.mime.HeaderBlock;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeliveredToTest {
    @Test
    void fieldsAreFoundInAnyCase() {
        assertThat(in("Delivered-To: Alice@Example.com\r\nDELIVERED-TO:bob@example.com\r\nSubject: x\r\n\r\n"))
                .containsExactlyInAnyOrder("alice@example.com", "bob@example.com");
    }

    @Test
    void theBodyIsNotSearched() {
        assertThat(in("Subject: x\r\n\r\nDelivered-To: alice@example.com\r\n")).isEmpty();
    }

    @Test
    void otherFieldsAreNotTakenForIt() {
        assertThat(in("X-Delivered-To: a@b\r\nDelivered-Too: a@b\r\n Delivered-To: a@b\r\n\r\n")).isEmpty();
    }

    @Test
    void aFieldBehindLongOnesIsFound() {
        String padding = "X-Long: " + "x".repeat(50_000) + "\r\n";
        assertThat(in(padding + padding + "Delivered-To: alice@example.com\r\n\r\nbody")).containsExactly("alice@example.com");
    }

    @Test
    void anEndlessHeaderIsNotReadToItsEnd() {
        String padding = "X-Long: " + "x".repeat(1 << 20) + "\r\n";
        assertThat(in(padding + "Delivered-To: alice@example.com\r\n\r\n")).isEmpty();
    }

    @Test
    void aMessageWithoutBodyOrLineEndIsSearched() {
        assertThat(in("Delivered-To: alice@example.com")).containsExactly("alice@example.com");
        assertThat(in("")).isEmpty();
    }

    private static Set<String> in(String message) {
        return DeliveredTo.addressesIn(HeaderBlock.parse(message.getBytes(StandardCharsets.UTF_8), HeaderBlock.Limits.DEFAULTS));
    }
}
