package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferEncodingTest {
    /** A stream that gives one to seven octets at a time. */
    private static InputStream dripping(byte[] octets, Random random) {
        return new ByteArrayInputStream(octets) {
            @Override
            public int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(7)));
            }
        };
    }

    private static String decode(TransferEncoding encoding, String encoded) throws IOException {
        byte[] octets = encoded.replace("/r", "\r").replace("/n", "\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = encoding.decode(new ByteArrayInputStream(octets)).readAllBytes();
        byte[] dripped = encoding.decode(dripping(octets, new Random(1))).readAllBytes();
        assertThat(dripped).isEqualTo(whole);
        return new String(whole, StandardCharsets.ISO_8859_1).replace("\r", "/r").replace("\n", "/n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        // RFC 2045 §6.7
        "Now's the time =/r/nfor all folk to come=/r/n to the aid.|Now's the time for all folk to come to the aid.",
        "a=3Db=C3=bc|a=b\u00c3\u00bc",
        "trailing \t /r/nb|trailing/r/nb",
        "soft = \t/r/nx|soft x",
        "soft=/nx|softx",
        "a=XYb=4|a=XYb=4",
        "a==41|a=A",
        "a=4/r/nb|a=4/r/nb",
        "end=|end",
        "end  |end  ",
        "a/rb|a/rb",
        "line/nline|line/nline",
        "= =41|= A",
    })
    void quotedPrintable(String encoded, String decoded) throws IOException {
        assertThat(decode(TransferEncoding.QUOTED_PRINTABLE, encoded)).isEqualTo(decoded);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "aGVsbG8=|hello",
        "aGVsbG8|hello",
        "aGVs/r/nbG8=/r/n|hello",
        "aG Vs*bG-8=|hello",
        "aGVsbG8=aGVsbG8=|hellohello",
        "a|''",
        "====|''",
    })
    void base64(String encoded, String decoded) throws IOException {
        assertThat(decode(TransferEncoding.BASE64, encoded)).isEqualTo(decoded);
    }

    @Test
    void base64OfAnyLengthAndPieces() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] octets = new byte[random.nextInt(20_000)];
            random.nextBytes(octets);
            byte[] encoded = Base64.getMimeEncoder().encode(octets);
            InputStream in = i % 2 == 0 ? new ByteArrayInputStream(encoded) : dripping(encoded, random);
            assertThat(TransferEncoding.BASE64.decode(in).readAllBytes()).isEqualTo(octets);
        }
    }

    @Test
    void quotedPrintableHoldsBackABoundedRunOfBlanks() throws IOException {
        String blanks = " ".repeat(100_000);
        assertThat(decode(TransferEncoding.QUOTED_PRINTABLE, blanks + "x")).isEqualTo(blanks + "x");
        assertThat(decode(TransferEncoding.QUOTED_PRINTABLE, "x" + " ".repeat(900) + "/r/n")).isEqualTo("x/r/n");
        assertThat(decode(TransferEncoding.QUOTED_PRINTABLE, ("=" + blanks).repeat(3))).hasSizeLessThanOrEqualTo(300_003);
    }

    @Test
    void servedFormHasCrlf() throws IOException {
        byte[] octets = "a\nb\r\nc\r\r\nd\re\n\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] served = "a\r\nb\r\nc\r\r\nd\re\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(new CrlfInputStream(new ByteArrayInputStream(octets)).readAllBytes()).isEqualTo(served);
        assertThat(new CrlfInputStream(dripping(octets, new Random(3))).readAllBytes()).isEqualTo(served);
    }

    @Test
    void namesInAnyCase() {
        assertThat(TransferEncoding.of("Base64")).isEqualTo(TransferEncoding.BASE64);
        assertThat(TransferEncoding.of("8BIT")).isEqualTo(TransferEncoding.IDENTITY);
        assertThat(TransferEncoding.of("x-uuencode")).isEqualTo(TransferEncoding.UNKNOWN);
    }
}
