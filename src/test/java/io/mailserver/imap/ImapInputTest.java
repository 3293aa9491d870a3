package io.mailserver.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.PlatformPool;
import io.mailserver.imap.ImapInput.Limits;
import io.mailserver.imap.ImapInput.LiteralDecision;
import io.mailserver.imap.ImapInput.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImapInputTest {
    private static final Limits SMALL = new Limits(100, 20, 50);

    @TempDir
    Path folder;

    private PlatformPool pool;
    private ContentSpool spool;
    private final List<LiteralRequest> requests = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private Optional<StatusResponse> refuse = Optional.empty();

    @BeforeEach
    void open() throws IOException {
        pool = new PlatformPool("test", 1, 10);
        spool = new ContentSpool(folder, pool, 1000, 10_000);
    }

    @AfterEach
    void close() {
        assertThat(spool.memoryInUse()).isZero();
        pool.close();
    }

    private ImapInput input(String text, int piece) {
        return new ImapInput(new Pieces(text, piece), new ImapInput.Peer() {
            @Override
            public void beforeRead() {
                // Nothing is buffered here.
            }

            @Override
            public void goAhead() {
                said.add("+");
            }

            @Override
            public LiteralDecision literal(LiteralRequest request) {
                requests.add(request);
                return refuse.<LiteralDecision>map(LiteralDecision.Refuse::new)
                        .orElseGet(() -> new LiteralDecision.Take(spool.newContent()));
            }

            @Override
            public StatusResponse cannotHold(IOException trouble) {
                return StatusResponse.no("full");
            }
        });
    }

    private List<String> readAll(String text, Limits limits) throws IOException {
        List<String> first = readAll(text, limits, 1000);
        for (int piece : new int[] {1, 2, 7}) {
            said.clear();
            requests.clear();
            assertThat(readAll(text, limits, piece)).as("in pieces of " + piece).isEqualTo(first);
        }
        return first;
    }

    private List<String> readAll(String text, Limits limits, int piece) throws IOException {
        ImapInput input = input(text, piece);
        List<String> read = new ArrayList<>();
        while (true) {
            switch (input.readCommand(limits, Dialect.PLAIN)) {
                case Outcome.Command(ImapFrame frame) -> {
                    try (frame) {
                        read.add(frame.text());
                    }
                }
                case Outcome.Refused(Optional<String> tag, StatusResponse response) -> {
                    read.add(tag.orElse("*") + " " + response.kind());
                    if (response.thenClose()) {
                        return read;
                    }
                }
                case Outcome.End() -> {
                    return read;
                }
            }
        }
    }

    @Test
    void commandsEndWithCrLf() throws IOException {
        assertThat(readAll("a NOOP\r\nb NOOP\r\n\r\nc NO", SMALL)).containsExactly("a NOOP", "b NOOP", "");
    }

    @Test
    void bareLineFeedIsRefusedAndItsLineDropped() throws IOException {
        assertThat(readAll("a NOOP\nb NOOP\r\n", SMALL)).containsExactly("a BAD", "b NOOP");
    }

    @Test
    void literalAfterABareLineFeedEndsTheConnection() throws IOException {
        assertThat(readAll("a LOGIN {6+}\nb NOOP x\r\nc NOOP\r\n", SMALL)).containsExactly("a BYE");
    }

    @Test
    void literalsArePartOfTheCommand() throws IOException {
        assertThat(readAll("a LOGIN {3}\r\nx\r\n {2+}\r\nab\r\nb NOOP\r\n", SMALL))
                .containsExactly("a LOGIN {3}\r\nx\r\n {2+}\r\nab", "b NOOP");
        assertThat(said).containsExactly("+");
    }

    @Test
    void tooLongCommandIsDropped() throws IOException {
        assertThat(readAll("a NOOP " + "x".repeat(120) + "\r\nb NOOP\r\n", SMALL)).containsExactly("a BAD", "b NOOP");
    }

    @Test
    void tooLongLineWithALiteralAtItsEndEndsTheConnection() throws IOException {
        assertThat(readAll("a NOOP " + "x".repeat(120) + " {6+}\r\nb NOOP\r\nc NOOP\r\n", SMALL)).containsExactly("a BYE");
    }

    @Test
    void synchronizingLiteralThatIsTooLargeIsNotInvited() throws IOException {
        assertThat(readAll("a LOGIN {200}\r\nb NOOP\r\n", SMALL)).containsExactly("a NO", "b NOOP");
        assertThat(said).isEmpty();
    }

    @Test
    void nonSynchronizingLiteralThatIsTooLargeIsDropped() throws IOException {
        assertThat(readAll("a LOGIN {30+}\r\n" + "x".repeat(30) + " {2+}\r\nab\r\nb NOOP\r\n", SMALL)).containsExactly("a BAD", "b NOOP");
    }

    @Test
    void nonSynchronizingLiteralTooLargeToBeDroppedEndsTheConnection() throws IOException {
        assertThat(readAll("a LOGIN {60+}\r\n" + "x".repeat(60) + "\r\nb NOOP\r\n", SMALL)).containsExactly("a BYE");
        assertThat(readAll("a LOGIN {99999999999999999999+}\r\nb NOOP\r\n", SMALL)).containsExactly("a BYE");
        assertThat(readAll("a LOGIN " + "{21+}\r\n" + "x".repeat(21) + " {40+}\r\nb NOOP\r\n", SMALL)).containsExactly("a BYE");
    }

    @Test
    void messageOfAppendGoesToTheSessionsWriter() throws IOException, ImapSyntaxException {
        String message = "Subject: x\r\n\r\n" + "line\r\n".repeat(500);
        for (int piece : new int[] {1, 100, 10_000}) {
            ImapInput input = input("a APPEND INBOX (\\Seen) {" + message.length() + "}\r\n" + message + "\r\nb NOOP\r\n", piece);
            Outcome outcome = input.readCommand(SMALL, Dialect.PLAIN);
            try (ImapFrame frame = ((Outcome.Command) outcome).frame()) {
                ImapCommand.Append append = (ImapCommand.Append) ImapCommandParser.parse(frame, Dialect.PLAIN).command();
                Content content = ((AppendMessage.Source.Literal) append.messages().getFirst().source()).content();
                assertThat(new String(content.open().readAllBytes(), StandardCharsets.ISO_8859_1)).isEqualTo(message);
            }
            assertThat(((Outcome.Command) input.readCommand(SMALL, Dialect.PLAIN)).frame().text()).isEqualTo("b NOOP");
        }
        assertThat(requests.getFirst()).isEqualTo(new LiteralRequest("a", ImapVerb.APPEND, "INBOX", message.length(), 0, false));
    }

    @Test
    void onlyTheMessageOfAppendIsStreamed() throws IOException {
        readAll("a APPEND {5+}\r\nINBOX {2+}\r\nab\r\n", SMALL, 1000);
        readAll("a UID REPLACE 7 {5+}\r\nINBOX ~{2+}\r\nab\r\n", SMALL, 1000);
        readAll("a APPEND INBOX CATENATE (URL {2+}\r\nab TEXT {3+}\r\nabc)\r\n", SMALL, 1000);
        readAll("a SEARCH TEXT {2+}\r\nab\r\n", SMALL, 1000);
        assertThat(requests).containsExactly(
                new LiteralRequest("a", ImapVerb.APPEND, "INBOX", 2, 0, false),
                new LiteralRequest("a", ImapVerb.REPLACE, "INBOX", 2, 0, true),
                new LiteralRequest("a", ImapVerb.APPEND, "INBOX", 3, 0, false));
    }

    @Test
    void severalMessagesAreCountedTogether() throws IOException {
        readAll("a APPEND INBOX {2+}\r\nab (\\Seen) {3+}\r\nabc\r\n", SMALL, 1000);
        assertThat(requests.getLast().earlierOctets()).isEqualTo(2);
    }

    @Test
    void unwantedMessageIsRefusedBeforeItIsSent() throws IOException {
        refuse = Optional.of(StatusResponse.no(ResponseCode.Plain.TRYCREATE, "no such mailbox"));
        assertThat(readAll("a APPEND x {10}\r\nb NOOP\r\n", SMALL)).containsExactly("a NO", "b NOOP");
        assertThat(said).isEmpty();
    }

    @Test
    void unwantedMessageThatCameUnaskedIsDropped() throws IOException {
        refuse = Optional.of(StatusResponse.no(ResponseCode.Plain.TRYCREATE, "no such mailbox"));
        assertThat(readAll("a APPEND x {10+}\r\n0123456789 {4+}\r\nabcd\r\nb NOOP\r\n", SMALL)).containsExactly("a NO", "b NOOP");
    }

    @Test
    void commandThatBreaksOffGivesItsMessagesBack() throws IOException {
        assertThat(readAll("a APPEND x {10+}\r\n0123456789 {9+}\r\nabcd", SMALL, 1000)).isEmpty();
    }

    @Test
    void lineOfADialogueIsRead() throws IOException {
        ImapInput input = input("DONE\r\nx\n" + "y".repeat(50), 3);
        assertThat(input.readLine(20)).contains("DONE");
        assertThat(input.readLine(20)).contains("x");
        assertThat(input.readLine(20)).isEmpty();
    }
}
