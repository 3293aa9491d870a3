package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.OctetContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SevenBitTest {
    private static final String MIXED = """
            Subject: x
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            Gr\u00fc\u00dfe = ok\t
            .dot
            --b
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: binary

            \u0000\u00ff\u0001
            --b
            Content-Type: text/plain

            plain
            --b--
            """.replace("\n", "\r\n");

    @Test
    void partsOfEightBitsAreEncodedAndNothingElseChanges() throws IOException {
        byte[] before = MIXED.getBytes(StandardCharsets.ISO_8859_1);
        byte[] after = SevenBit.of(before).orElseThrow();
        assertThat(new String(after, StandardCharsets.ISO_8859_1))
                .contains("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                        + "Gr=FC=DFe =3D ok=09\r\n=2Edot\r\n--b")
                .contains("Content-Transfer-Encoding: base64\r\n\r\nAP8B\r\n")
                .contains("Content-Type: text/plain\r\n\r\nplain\r\n--b--\r\n");
        assertThat(decoded(after)).isEqualTo(decoded(before));
    }

    @Test
    void textThatSaysNothingOfMimeGetsACharset() {
        assertThat(text("Subject: x\r\n\r\nna\u00efve\r\n", StandardCharsets.UTF_8)).contains("Subject: x\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nna=C3=AFve\r\n");
        assertThat(text("Subject: x\r\n\r\nna\u00efve\r\n", StandardCharsets.ISO_8859_1).orElseThrow())
                .contains("charset=unknown-8bit", "na=EFve");
    }

    @Test
    void whatFitsStaysAsItIs() {
        String fits = "Subject: x\r\n\r\n" + "y".repeat(998) + "\r\n";
        assertThat(text(fits, StandardCharsets.US_ASCII)).contains(fits);
    }

    @Test
    void longLinesAreBroken() throws IOException {
        byte[] before = ("Subject: x\r\n\r\n" + "y".repeat(999) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] after = SevenBit.of(before).orElseThrow();
        assertThat(Arrays.stream(new String(after, StandardCharsets.US_ASCII).split("\r\n"))).allMatch(line -> line.length() <= 76);
        assertThat(decoded(after)).isEqualTo(decoded(before));
    }

    @Test
    void messagesInsideAreLookedInto() throws IOException {
        byte[] before = ("MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + MIXED)
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] after = SevenBit.of(before).orElseThrow();
        assertThat(new String(after, StandardCharsets.ISO_8859_1))
                .startsWith("MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n\r\nSubject");
        assertThat(decoded(after)).isEqualTo(decoded(before));
    }

    @Test
    void whatIsSignedIsNotTouchedNorAHeaderOfEightBits() {
        String signed = MIXED.replace("multipart/mixed", "multipart/signed");
        assertThat(text(signed, StandardCharsets.ISO_8859_1)).isEmpty();
        assertThat(text(MIXED.replace("Subject: x", "Subject: \u00fc"), StandardCharsets.ISO_8859_1)).isEmpty();
        assertThat(text(MIXED.replace("Content-Type: text/plain; charset=utf-8", "Content-Type: message/partial"),
                StandardCharsets.ISO_8859_1)).isEmpty();
    }

    @Test
    void anyBodySurvives() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            byte[] body = new byte[random.nextInt(3000)];
            random.nextBytes(body);
            if (random.nextBoolean()) {
                byte[] text = " \t=.Fz\u00e4".getBytes(StandardCharsets.ISO_8859_1);
                for (int i = 0; i < body.length; i++) {
                    body[i] = text[(body[i] & 0xff) % text.length];
                }
            }
            String type = random.nextBoolean() ? "text/plain" : "image/png";
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            message.writeBytes(("MIME-Version: 1.0\r\nContent-Type: " + type + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            message.writeBytes(body);
            Optional<byte[]> after = SevenBit.of(message.toByteArray());
            // Bodies with single line ends are counted otherwise by the parser, and then left alone.
            if (after.isPresent()) {
                assertThat(decoded(after.get())).as("round %d", round).containsExactly(new String(body, StandardCharsets.ISO_8859_1));
                assertThat(SevenBit.of(after.get()).orElseThrow()).isEqualTo(after.get());
            }
        }
    }

    private static Optional<String> text(String message, Charset charset) {
        return SevenBit.of(message.getBytes(charset)).map(octets -> new String(octets, charset));
    }

    /** The decoded bodies of all leaves, in order. */
    private static List<String> decoded(byte[] message) throws IOException {
        List<String> bodies = new ArrayList<>();
        leaves(MimeParser.parse(message, MimeParser.Limits.DEFAULTS).root(), MessageOctets.of(new OctetContent(message)), bodies);
        return bodies;
    }

    private static void leaves(MimePart part, MessageOctets octets, List<String> bodies) throws IOException {
        if (part.children().isEmpty()) {
            try (InputStream in = octets.decodedBody(part)) {
                bodies.add(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        for (MimePart child : part.children()) {
            leaves(child, octets, bodies);
        }
    }
}
