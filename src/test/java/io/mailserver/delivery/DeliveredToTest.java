package io.mailserver.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.PlatformPool;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeliveredToTest {
    @Test
    void fieldsAreFoundInAnyCase() throws IOException {
        assertThat(in("Delivered-To: Alice@Example.com\r\nDELIVERED-TO:bob@example.com\r\nSubject: x\r\n\r\n"))
                .containsExactlyInAnyOrder("alice@example.com", "bob@example.com");
    }

    @Test
    void theBodyIsNotSearched() throws IOException {
        assertThat(in("Subject: x\r\n\r\nDelivered-To: alice@example.com\r\n")).isEmpty();
    }

    @Test
    void otherFieldsAreNotTakenForIt() throws IOException {
        assertThat(in("X-Delivered-To: a@b\r\nDelivered-Too: a@b\r\n Delivered-To: a@b\r\n\r\n")).isEmpty();
    }

    @Test
    void aFieldBehindLongOnesIsFound() throws IOException {
        String padding = "X-Long: " + "x".repeat(50_000) + "\r\n";
        assertThat(in(padding + padding + "Delivered-To: alice@example.com\r\n\r\nbody")).containsExactly("alice@example.com");
    }

    @Test
    void anEndlessHeaderIsNotReadToItsEnd() throws IOException {
        String padding = "X-Long: " + "x".repeat(300_000) + "\r\n";
        assertThat(in(padding + "Delivered-To: alice@example.com\r\n\r\n")).isEmpty();
    }

    @Test
    void aMessageWithoutBodyOrLineEndIsSearched() throws IOException {
        assertThat(in("Delivered-To: alice@example.com")).containsExactly("alice@example.com");
        assertThat(in("")).isEmpty();
    }

    private static Set<String> in(String message) throws IOException {
        byte[] octets = message.getBytes(StandardCharsets.UTF_8);
        try (PlatformPool pool = new PlatformPool("files", 1, 10)) {
            ContentSpool spool = new ContentSpool(new SimulatedDisk(1).root(), pool, 1 << 20, 1 << 20);
            try (ContentWriter writer = spool.newContent()) {
                writer.write(octets, 0, octets.length);
                try (Content content = writer.finish()) {
                    return DeliveredTo.addressesIn(content);
                }
            }
        }
    }
}
