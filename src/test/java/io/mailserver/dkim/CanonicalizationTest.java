package io.mailserver.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.mime.HeaderField;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6376 §3.4. */
class CanonicalizationTest {
    private static String header(Canonicalization kind, String field) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        kind.header(HeaderField.of(field), out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** Fed octet by octet, so that nothing depends on where reads end. */
    static String body(Canonicalization kind, String body) {
        StringBuilder out = new StringBuilder();
        BodyCanonicalizer canonicalizer = new BodyCanonicalizer(kind,
                (octets, offset, length) -> out.append(new String(octets, offset, length, StandardCharsets.ISO_8859_1)));
        for (byte octet : body.getBytes(StandardCharsets.ISO_8859_1)) {
            canonicalizer.update(new byte[] {octet}, 0, 1);
        }
        canonicalizer.finish();
        return out.toString();
    }

    @Test
    void theExamplesOfTheStandard() {
        assertThat(header(Canonicalization.RELAXED, "A: X\r\n")).isEqualTo("a:X\r\n");
        assertThat(header(Canonicalization.RELAXED, "B : Y\t\r\n\tZ  \r\n")).isEqualTo("b:Y Z\r\n");
        assertThat(header(Canonicalization.SIMPLE, "B : Y\t\r\n\tZ  \r\n")).isEqualTo("B : Y\t\r\n\tZ  \r\n");
        String body = " C \r\nD \t E\r\n\r\n\r\n";
        assertThat(body(Canonicalization.RELAXED, body)).isEqualTo(" C\r\nD E\r\n");
        assertThat(body(Canonicalization.SIMPLE, body)).isEqualTo(" C \r\nD \t E\r\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(ignoreLeadingAndTrailingWhitespace = false, value = {
        "'',$,''", "$,$,''", "$$,$,''", "a,a$,a$", "a$,a$,a$", "a$$$,a$,a$", "$a,$a$,$a$", "' $',' $',''", "' ',' $',''",
        "a $b,'a $b$',a$b$",
        "a  b,'a  b$',a b$", "a!b,a!b$,a!b$", "a^,a^$,a^$", "a^b$,a^b$,a^b$",
        "a ^$,'a ^$',a ^$", "a$ $$,'a$ $',a$", "^$,^$,^$"
    })
    void bodies(String body, String simple, String relaxed) {
        assertThat(body(Canonicalization.SIMPLE, lines(body))).isEqualTo(lines(simple));
        assertThat(body(Canonicalization.RELAXED, lines(body))).isEqualTo(lines(relaxed));
    }

    /** $ is CRLF, ^ a bare CR, ! a bare LF. */
    private static String lines(String text) {
        return text.replace("$", "\r\n").replace('^', '\r').replace('!', '\n');
    }

    @Test
    void emptyBodiesHaveTheHashesOfTheStandard() throws IOException {
        BodyHashes.Wanted simple = BodyHashes.Wanted.whole(Canonicalization.SIMPLE);
        BodyHashes.Wanted relaxed = BodyHashes.Wanted.whole(Canonicalization.RELAXED);
        BodyHashes hashes = BodyHashes.of(new ByteArrayInputStream(new byte[0]), List.of(simple, relaxed));
        assertThat(Base64.getEncoder().encodeToString(hashes.sha256(simple))).isEqualTo("frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
        assertThat(Base64.getEncoder().encodeToString(hashes.sha256(relaxed))).isEqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    @Test
    void aLengthHashesOnlyTheFirstOctets() throws IOException {
        BodyHashes.Wanted three = new BodyHashes.Wanted(Canonicalization.SIMPLE, OptionalLong.of(3));
        BodyHashes hashes = BodyHashes.of(new ByteArrayInputStream("abcdef".getBytes(StandardCharsets.US_ASCII)), List.of(three));
        assertThat(hashes.sha256(three)).isEqualTo(BodyHashes.newSha256().digest("abc".getBytes(StandardCharsets.US_ASCII)));
        assertThat(hashes.canonicalOctets(three)).isEqualTo(8);
    }

    @Test
    void largeBodiesComeOutWhole() {
        String body = ("word  \t" + "x".repeat(9_000) + " \r\n").repeat(20) + "\r\n\r\n";
        StringBuilder out = new StringBuilder();
        BodyCanonicalizer canonicalizer = new BodyCanonicalizer(Canonicalization.RELAXED,
                (octets, offset, length) -> out.append(new String(octets, offset, length, StandardCharsets.ISO_8859_1)));
        canonicalizer.update(body.getBytes(StandardCharsets.ISO_8859_1), 0, body.length());
        canonicalizer.finish();
        assertThat(out).hasToString(body(Canonicalization.RELAXED, body));
        assertThat(out.toString()).isEqualTo(("word " + "x".repeat(9_000) + "\r\n").repeat(20));
    }
}
