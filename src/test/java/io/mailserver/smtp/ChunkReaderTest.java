package io.mailserver.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkReaderTest {
    private static final IncomingMessage.Limits LIMITS = new IncomingMessage.Limits(10_000, 1000, 50, 20_000);

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100})
    void chunksAreTakenAsTheyAre(int piece) throws IOException {
        SmtpInput input = Pieces.input("a\r\n.\r\n..b\r\nNOOP\r\n", piece);
        IncomingMessage message = new IncomingMessage(LIMITS, received::write, false);
        ChunkReader reader = new ChunkReader(input, message);
        assertThat(reader.read(4, false)).isTrue();
        assertThat(reader.read(7, true)).isTrue();
        assertThat(message.refusal()).isEmpty();
        assertThat(text()).isEqualTo("a\r\n.\r\n..b\r\n");
        assertThat(input.readLine(100)).isEqualTo(SmtpInput.Frame.LINE);
    }

    @Test
    void crlfMayBeSplitBetweenChunks() throws IOException {
        IncomingMessage message = new IncomingMessage(LIMITS, received::write, false);
        ChunkReader reader = new ChunkReader(Pieces.input("a\r\nb", 100), message);
        reader.read(2, false);
        reader.read(2, true);
        assertThat(message.refusal()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\r\rb", "a\r", "\n", "\r\n\n"})
    void bareLineEndIsRefusedInText(String text) throws IOException {
        for (int piece : new int[] {1, 100}) {
            IncomingMessage message = new IncomingMessage(LIMITS, received::write, false);
            assertThat(new ChunkReader(Pieces.input(text, piece), message).read(text.length(), true)).isTrue();
            assertThat(message.refusal().orElseThrow().status()).hasToString("5.5.2");
        }
    }

    @Test
    void binaryMessageKeepsEverything() throws IOException {
        String text = "a\nb\r\r\nc\r" + "x".repeat(2000);
        IncomingMessage message = new IncomingMessage(LIMITS, received::write, true);
        assertThat(new ChunkReader(Pieces.input(text, 100), message).read(text.length(), true)).isTrue();
        assertThat(message.refusal()).isEmpty();
        assertThat(text()).isEqualTo(text);
    }

    @Test
    void tooLargeMessageIsRefusedAfterItsChunk() throws IOException {
        SmtpInput input = Pieces.input("x\r\n".repeat(5000) + "NOOP\r\n", 1000);
        IncomingMessage message = new IncomingMessage(LIMITS, received::write, false);
        assertThat(new ChunkReader(input, message).read(15_000, true)).isTrue();
        assertThat(message.refusal().orElseThrow().status()).hasToString("5.3.4");
        assertThat(input.readLine(100)).isEqualTo(SmtpInput.Frame.LINE);
    }

    @Test
    void chunkCutShortIsNotWhole() throws IOException {
        IncomingMessage message = new IncomingMessage(LIMITS, received::write, false);
        assertThat(new ChunkReader(Pieces.input("abc", 100), message).read(4, true)).isFalse();
    }

    private String text() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }
}
