package io.mailserver.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The books must see what they exist for: a lost message, a doubled one, one that nobody sent. */
class LedgerTest {
    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger("r1");
    private final NumberedMessage message = new NumberedMessage("r1", 2048);

    @BeforeEach
    void makeMaildirs() throws IOException {
        for (String maildir : List.of("a", "b")) {
            Files.createDirectories(folder.resolve(maildir).resolve("new"));
            Files.createDirectories(folder.resolve(maildir).resolve("cur"));
        }
    }

    @Test
    void agreesWhenEveryAcceptedMessageIsThereOnce() throws IOException {
        accept();
        accept();
        store("a/new", 0);
        store("b/cur", 1);

        assertThat(compare()).isEmpty();
    }

    @Test
    void allowsAMessageWithoutItsReplyToBeThereOrNot() throws IOException {
        ledger.next();
        ledger.next();
        store("a/new", 1);

        assertThat(compare()).isEmpty();
    }

    @Test
    void seesAnAcceptedMessageThatIsNowhere() throws IOException {
        accept();

        assertThat(compare()).singleElement().asString().contains("lost: message 0");
    }

    @Test
    void seesAMessageThatIsThereTwice() throws IOException {
        ledger.next();
        store("a/new", 0);
        store("b/new", 0);

        assertThat(compare()).singleElement().asString().contains("doubled: message 0");
    }

    @Test
    void seesAMessageThatWasNeverSent() throws IOException {
        store("a/new", 7);

        assertThat(compare()).singleElement().asString().contains("unknown: message 7");
    }

    @Test
    void passesOverMessagesOfAnotherRun() throws IOException {
        Files.write(folder.resolve("a/new/other"), new NumberedMessage("r2", 1024).numbered(0));

        assertThat(compare()).isEmpty();
    }

    @Test
    void messagesHaveTheirSizeAndAreReadyForTheWire() {
        String text = new String(message.numbered(1234567), StandardCharsets.US_ASCII);

        assertThat(text).hasSize(2048 + ".\r\n".length()).startsWith("Message-ID: <0001234567.r1@").endsWith("\r\n.\r\n");
        assertThat(text.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
    }

    private void accept() {
        ledger.accepted(ledger.next());
    }

    private void store(String where, int number) throws IOException {
        Files.write(folder.resolve(where).resolve("m" + number), message.numbered(number));
    }

    private List<String> compare() throws IOException {
        return ledger.compare(Census.take(List.of(folder.resolve("a"), folder.resolve("b")), "r1"));
    }
}
