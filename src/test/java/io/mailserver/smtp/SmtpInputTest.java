package io.mailserver.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.smtp.SmtpInput.Frame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpInputTest {
    private static final int LIMIT = 2048;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100_000})
    void linesEndWithCrlfHoweverTheyArrive(int piece) throws IOException {
        SmtpInput input = Pieces.input("EHLO a\r\n\r\nNOOP\r\n", piece);
        assertThat(line(input)).isEqualTo("EHLO a");
        assertThat(line(input)).isEmpty();
        assertThat(line(input)).isEqualTo("NOOP");
        assertThat(input.readLine(LIMIT)).isEqualTo(Frame.END);
    }

    @Test
    void bareLineFeedIsNoLine() throws IOException {
        SmtpInput input = Pieces.input("RSET\nNOOP\r\n", 100);
        assertThat(input.readLine(LIMIT)).isEqualTo(Frame.BARE_LINE_FEED);
        assertThat(line(input)).isEqualTo("NOOP");
    }

    @Test
    void unfinishedLineIsNeverALine() throws IOException {
        assertThat(Pieces.input("QUIT", 100).readLine(LIMIT)).isEqualTo(Frame.END);
        assertThat(Pieces.input("QUIT\r", 100).readLine(LIMIT)).isEqualTo(Frame.END);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 100_000})
    void overlongLineIsDroppedUpToItsEnd(int piece) throws IOException {
        SmtpInput input = Pieces.input("x".repeat(50_000) + "\r\nNOOP\r\n", piece);
        assertThat(input.readLine(LIMIT)).isEqualTo(Frame.TOO_LONG);
        assertThat(line(input)).isEqualTo("NOOP");
    }

    @Test
    void overlongAuthIsToldApart() throws IOException {
        assertThat(Pieces.input("auth plain " + "x".repeat(50_000) + "\r\n", 1000).readLine(LIMIT)).isEqualTo(Frame.AUTH_TOO_LONG);
    }

    @Test
    void limitCountsCrlf() throws IOException {
        assertThat(Pieces.input("x".repeat(LIMIT - 2) + "\r\n", 100).readLine(LIMIT)).isEqualTo(Frame.LINE);
        assertThat(Pieces.input("x".repeat(LIMIT - 1) + "\r\n", 100).readLine(LIMIT)).isEqualTo(Frame.TOO_LONG);
    }

    @Test
    void lineLongerThanTheBufferIsKept() throws IOException {
        SmtpInput input = Pieces.input("x".repeat(10_000) + "\r\n", 777);
        assertThat(input.readLine(20_000)).isEqualTo(Frame.LINE);
        assertThat(input.lineEnd() - input.lineStart()).isEqualTo(10_000);
    }

    @Test
    void whatWasReadAheadDoesNotSurviveTheSwitch() throws IOException {
        SmtpInput input = Pieces.input("STARTTLS\r\nMAIL FROM:<a@example.com>\r\n", 100);
        assertThat(line(input)).isEqualTo("STARTTLS");
        assertThat(input.hasReadAhead()).isTrue();
        input.switchTo(new ByteArrayInputStream("EHLO b\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertThat(input.hasReadAhead()).isFalse();
        assertThat(line(input)).isEqualTo("EHLO b");
    }

    @Test
    void readerIsToldBeforeEachReadAndNotForPipelinedLines() throws IOException {
        int[] reads = {0};
        SmtpInput input = new SmtpInput(
                new ByteArrayInputStream("A\r\nB\r\nC\r\n".getBytes(StandardCharsets.US_ASCII)), () -> reads[0]++);
        line(input);
        line(input);
        line(input);
        assertThat(reads[0]).isEqualTo(1);
    }

    private static String line(SmtpInput input) throws IOException {
        assertThat(input.readLine(LIMIT)).isEqualTo(Frame.LINE);
        return new String(input.buffer(), input.lineStart(), input.lineEnd() - input.lineStart(), StandardCharsets.ISO_8859_1);
    }
}
