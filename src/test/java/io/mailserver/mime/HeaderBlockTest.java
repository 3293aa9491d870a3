package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeaderBlockTest {
    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static HeaderBlock parse(String text) {
        return HeaderBlock.parse(octets(text), HeaderBlock.Limits.DEFAULTS);
    }

    @Test
    void fieldsEndAtTheFirstEmptyLine() {
        HeaderBlock header = parse("A: 1\r\nB: 2\r\n\r\nC: 3\r\n\r\n");
        assertThat(header.fields()).extracting(HeaderField::name).containsExactly("A", "B");
        assertThat(header.length()).isEqualTo(12);
        assertThat(header.bodyStart()).isEqualTo(14);
    }

    @Test
    void continuationsBelongToTheirField() {
        HeaderBlock header = parse("A: 1\r\n 2\r\n\t3\r\nB: x\r\n\r\n");
        assertThat(header.fields().getFirst().latin1()).isEqualTo("1 2\t3");
        assertThat(new String(header.fields().getFirst().octets(), StandardCharsets.US_ASCII)).isEqualTo("A: 1\r\n 2\r\n\t3\r\n");
    }

    @Test
    void bareLineFeedsEndLinesToo() {
        HeaderBlock header = parse("A: 1\n 2\nB: x\n\nbody");
        assertThat(header.all("a").getFirst().text()).isEqualTo("1 2");
        assertThat(header.bodyStart()).isEqualTo(14);
    }

    @Test
    void whatIsNoFieldIsKeptAsMalformed() {
        HeaderBlock header = parse("From someone\r\nA: 1\r\nno colon\r\n: empty\r\nB\u00e4: x\r\nC: 3\r\n\r\n");
        assertThat(header.fields()).extracting(HeaderField::malformed).containsExactly(true, false, true, true, true, false);
        assertThat(header.first("c")).isPresent();
    }

    @Test
    void whiteSpaceBeforeTheColonIsAllowedAsItOnceWas() {
        HeaderField field = parse("Subject \t: x\r\n\r\n").fields().getFirst();
        assertThat(field.is("SUBJECT")).isTrue();
        assertThat(field.text()).isEqualTo("x");
    }

    @Test
    void aHeaderWithoutBodyIsAllHeader() {
        assertThat(parse("A: 1\r\nB: 2").fields()).hasSize(2);
        assertThat(parse("A: 1\r\nB: 2").bodyStart()).isEqualTo(10);
        assertThat(parse("").fields()).isEmpty();
        assertThat(parse("\r\nbody").bodyStart()).isEqualTo(2);
        assertThat(parse("\nbody").fields()).isEmpty();
    }

    @Test
    void valuesAreUtf8OrOctets() {
        HeaderField field = HeaderBlock.parse("A: ä\r\n\r\n".getBytes(StandardCharsets.UTF_8), HeaderBlock.Limits.DEFAULTS)
                .fields().getFirst();
        assertThat(field.text()).isEqualTo("ä");
        assertThat(field.latin1()).isEqualTo("Ã¤");
    }

    @Test
    void limitsCutAndSaySo() {
        assertThat(parse("A: 1\r\nB: 2\r\n\r\n").truncated()).isFalse();
        assertThat(HeaderBlock.parse(octets("A: 1\r\nB: 2\r\n\r\n"), new HeaderBlock.Limits(8, 10)).truncated()).isTrue();
        assertThat(HeaderBlock.parse(octets("A: 1\r\nB: 2\r\n\r\n"), new HeaderBlock.Limits(100, 1)).truncated()).isTrue();
    }

    @Test
    void aStreamIsLeftAtTheBody() throws IOException {
        String longField = "A: " + "x".repeat(20_000) + "\r\n";
        String body = "y".repeat(50_000);
        HeaderBlock.Split split =
                HeaderBlock.split(new ByteArrayInputStream(octets(longField + "\r\n" + body)), HeaderBlock.Limits.DEFAULTS);
        assertThat(split.header().fields()).hasSize(1);
        assertThat(split.header().truncated()).isFalse();
        assertThat(split.body().readAllBytes()).isEqualTo(octets(body));
    }
}
