package io.mailserver.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataReaderTest {
    private static final IncomingMessage.Limits LIMITS = new IncomingMessage.Limits(1_000_000, 1000, 50, 5_000_000);

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100_000})
    void stuffedDotsAreRemovedAndEverythingElseIsKept(int piece) throws IOException {
        SmtpInput input = Pieces.input("a\r\n..b\r\n.c\r\n...\r\nd.\r\n \r\n\u00ff\0.\r\n.\r\nQUIT\r\n", piece);
        IncomingMessage message = message();
        assertThat(DataReader.read(input, message)).isTrue();
        assertThat(message.refusal()).isEmpty();
        assertThat(received.toString(StandardCharsets.ISO_8859_1)).isEqualTo("a\r\n.b\r\nc\r\n..\r\nd.\r\n \r\n\u00ff\0.\r\n");
        assertThat(input.readLine(100)).isEqualTo(SmtpInput.Frame.LINE);
    }

    @Test
    void dotAtOnceIsTheEmptyMessage() throws IOException {
        assertThat(DataReader.read(Pieces.input(".\r\n", 100), message())).isTrue();
        assertThat(received.size()).isZero();
    }

    /** All the ways to end a message for one server and not for the other. */
    @ParameterizedTest
    @ValueSource(strings = {
        "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r.\r\n", "\r\n.\r", "\r\n.\r\r\n",
        "\r\r\n.\r\r\n", "\n", "\r", "\r\n\r\r\n"
    })
    void bareLineEndsNeitherEndTheMessageNorAreKept(String trick) throws IOException {
        for (int piece : new int[] {1, 2, 3, 1000}) {
            SmtpInput input = Pieces.input("a" + trick + "MAIL FROM:<x@example.com>\r\n.\r\nNOOP\r\n", piece);
            IncomingMessage message = message();
            assertThat(DataReader.read(input, message)).isTrue();
            assertThat(message.refusal().orElseThrow().code()).isEqualTo(550);
            assertThat(message.refusal().orElseThrow().lines().getFirst()).contains("nc -C");
            assertThat(input.readLine(100)).isEqualTo(SmtpInput.Frame.LINE);
            assertThat(input.lineEnd() - input.lineStart()).isEqualTo("NOOP".length());
        }
    }

    @Test
    void messageIsNeverWholeWithoutItsEnd() throws IOException {
        for (String text : new String[] {"", "a\r\n", "a\r\n.", "a\r\n.\r", "a\r\n.\n", "a.\r\n"}) {
            assertThat(DataReader.read(Pieces.input(text, 100), message())).as(text).isFalse();
        }
    }

    @Test
    void tooLargeMessageIsReadToItsEnd() throws IOException {
        SmtpInput input = Pieces.input("0123456789abcdef\r\n".repeat(60_000) + ".\r\nNOOP\r\n", 8192);
        IncomingMessage message = message();
        assertThat(DataReader.read(input, message)).isTrue();
        assertThat(message.refusal().orElseThrow().status()).hasToString("5.3.4");
        assertThat(received.size()).isLessThanOrEqualTo(1_000_000);
        assertThat(input.readLine(100)).isEqualTo(SmtpInput.Frame.LINE);
    }

    @Test
    void sizeIsCountedWithoutStuffingAndTheLimitItselfFits() throws IOException {
        IncomingMessage.Limits five = new IncomingMessage.Limits(5, 1000, 50, 1000);
        IncomingMessage message = new IncomingMessage(five, received::write, false);
        assertThat(DataReader.read(Pieces.input("..ab\r\n.\r\n", 100), message)).isTrue();
        assertThat(message.refusal()).isEmpty();
        assertThat(message.octets()).isEqualTo(5);
    }

    @Test
    void endlessRefusedMessageEndsTheConnection() throws IOException {
        SmtpInput input = Pieces.input("0123456789abcdef\r\n".repeat(400_000), 8192);
        assertThat(DataReader.read(input, message())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 333, 100_000})
    void longLinesAreKeptUpToTheLimit(int piece) throws IOException {
        IncomingMessage fits = message();
        assertThat(DataReader.read(Pieces.input("x".repeat(1000) + "\r\n.\r\n", piece), fits)).isTrue();
        assertThat(fits.refusal()).isEmpty();
        IncomingMessage tooLong = message();
        assertThat(DataReader.read(Pieces.input("x".repeat(1001) + "\r\n.\r\n", piece), tooLong)).isTrue();
        assertThat(tooLong.refusal().orElseThrow().status()).hasToString("5.6.0");
    }

    @Test
    void receivedFieldsAreCountedInTheHeaderOnly() throws IOException {
        String field = "RECEIVED: x\r\n  Received: folded, not a field\r\n";
        IncomingMessage fine = message();
        DataReader.read(Pieces.input(field.repeat(50) + "\r\n" + "Received: y\r\n".repeat(9) + ".\r\n", 17), fine);
        assertThat(fine.refusal()).isEmpty();
        IncomingMessage loop = message();
        DataReader.read(Pieces.input(field.repeat(51) + "\r\nbody\r\n.\r\n", 17), loop);
        assertThat(loop.refusal().orElseThrow().status()).hasToString("5.4.6");
    }

    @Test
    void sinkThatFailsRefusesTheMessageAfterItsEnd() throws IOException {
        FileSystemException full = new FileSystemException("spool", null, "No space left on device");
        IncomingMessage message = new IncomingMessage(
                LIMITS,
                (octets, offset, length) -> {
                    throw full;
                },
                false);
        assertThat(DataReader.read(Pieces.input("a\r\nb\r\n.\r\n", 2), message)).isTrue();
        assertThat(message.refusal().orElseThrow().status()).hasToString("4.3.1");
        assertThat(message.sinkFailure()).contains(full);
    }

    @Test
    void anyMessageSurvivesStuffingInPiecesOfAnySize() throws IOException {
        long seed = Long.getLong("property.seed", 1);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(new String[] {".", "..", "a", "\r\n", "bcdefghijklmnop", "\r\n.\r\n", "\0"}[random.nextInt(7)]);
            }
            text.append("\r\n");
            String stuffed = ("\r\n" + text).replace("\r\n.", "\r\n..").substring(2);
            received.reset();
            assertThat(DataReader.read(Pieces.input(stuffed + ".\r\n", 1 + random.nextInt(40)), message())).isTrue();
            assertThat(received.toString(StandardCharsets.ISO_8859_1)).as("seed " + seed).isEqualTo(text.toString());
        }
    }

    private IncomingMessage message() {
        return new IncomingMessage(LIMITS, received::write, false);
    }
}
