package io.mailserver.imap;

import static io.mailserver.imap.EnvelopeTest.shown;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.mime.MimeMessage;
import io.mailserver.mime.MimeParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BodyStructureTest {
    private static final String NESTED = """
            From: a@b.example
            Content-Type: multipart/mixed; boundary=x

            --x
            Content-Type: text/plain; charset=utf-8
            Content-Language: de, en

            hello
            --x
            Content-Type: message/rfc822
            Content-Disposition: attachment; filename="a (b).eml"; size=7

            Subject: inner
            Content-Type: multipart/alternative; boundary=y

            --y

            one
            two
            --y
            Content-Type: image/png; name="x.png"
            Content-Transfer-Encoding: BASE64
            Content-ID: <i@d>
            Content-MD5: Q2hlY2s=
            Content-Description: a \\ picture
            Content-Location: http://e.example/

            AAAA
            --y--
            --x--
            """;

    private static MimeMessage parse(String text) {
        return MimeParser.parse(octets(text), MimeParser.Limits.DEFAULTS);
    }

    private static byte[] octets(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String structure(String text) {
        return shown(BodyStructure.render(parse(text)), false);
    }

    private static String body(String text) {
        return shown(BodyStructure.withoutExtensions(BodyStructure.render(parse(text))), false);
    }

    @Test
    void simpleTextHasSizeAndLines() {
        assertThat(structure("Content-Type: text/plain; charset=us-ascii\n\none\ntwo\n"))
                .isEqualTo("(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 10 2 NIL NIL NIL NIL)");
        assertThat(body("Content-Type: text/plain; charset=us-ascii\n\none\ntwo\n"))
                .isEqualTo("(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 10 2)");
    }

    @Test
    void nestedMessageHasEnvelopeStructureAndLines() {
        String inner = "((\"text\" \"plain\" NIL NIL NIL \"7bit\" 8 1 NIL NIL NIL NIL)"
                + "(\"image\" \"png\" (\"name\" \"x.png\") \"<i@d>\" \"a \\\\ picture\" \"base64\" 4 \"Q2hlY2s=\" NIL NIL"
                + " \"http://e.example/\") \"alternative\" (\"boundary\" \"y\") NIL NIL NIL)";
        String structure = structure(NESTED);
        assertThat(structure)
                .startsWith("((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 5 0 NIL NIL (\"de\" \"en\") NIL)"
                        + "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" ")
                .contains(" (NIL \"inner\" NIL NIL NIL NIL NIL NIL NIL NIL) " + inner + " ")
                .endsWith(" NIL (\"attachment\" (\"filename\" \"a (b).eml\" \"size\" \"7\")) NIL NIL)"
                        + " \"mixed\" (\"boundary\" \"x\") NIL NIL NIL)");
    }

    @Test
    void bodyIsTheSameWithoutExtensions() {
        assertThat(body(NESTED))
                .startsWith("((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 5 0)"
                        + "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" ")
                .contains(" ((\"text\" \"plain\" NIL NIL NIL \"7bit\" 8 1)"
                        + "(\"image\" \"png\" (\"name\" \"x.png\") \"<i@d>\" \"a \\\\ picture\" \"base64\" 4) \"alternative\") ")
                .endsWith(") \"mixed\")");
    }

    @Test
    void multipartWithoutPartsHasAnEmptyOne() {
        assertThat(body("Content-Type: multipart/mixed\n\nx\n")).isEqualTo("((\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0) \"mixed\")");
    }

    @Test
    void messageThatIsEncodedIsOpaque() {
        assertThat(body("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nAAAA\n"))
                .isEqualTo("(\"message\" \"rfc822\" NIL NIL NIL \"base64\" 6 " + Envelope.UNKNOWN
                        + " (\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0) 1)");
    }

    @Test
    void textBeyondAsciiHasTwoForms() {
        byte[] rendered = BodyStructure.render(parse("Content-Type: text/plain; name=\"\u00fc.txt\"\n\nx\n"));
        byte[] cut = BodyStructure.withoutExtensions(rendered);
        assertThat(shown(rendered, true)).contains("(\"name\" \"\u00fc.txt\")").endsWith(" NIL NIL NIL NIL)");
        assertThat(shown(cut, true)).contains("(\"name\" \"\u00fc.txt\")").endsWith(" 3 1)");
        assertThat(shown(cut, false)).contains("(\"name\" \"=?UTF-8?B?").matches("\\p{ASCII}*").endsWith(" 3 1)");
    }

    private static Optional<String> section(String text, Section.Kind kind, Integer... part) {
        byte[] octets = octets(text);
        return SectionPlace.of(new Section(List.of(part), kind, List.of()), parse(text).root())
                .map(place -> new String(octets, (int) place.start(), (int) place.octets(), StandardCharsets.UTF_8));
    }

    @Test
    void sectionsAreFound() {
        assertThat(section(NESTED, Section.Kind.CONTENT)).hasValueSatisfying(all -> assertThat(all).hasSize(octets(NESTED).length));
        assertThat(section(NESTED, Section.Kind.HEADER)).hasValueSatisfying(header -> assertThat(header).endsWith("boundary=x\r\n\r\n"));
        assertThat(section(NESTED, Section.Kind.CONTENT, 1)).contains("hello");
        assertThat(section(NESTED, Section.Kind.MIME, 1))
                .contains("Content-Type: text/plain; charset=utf-8\r\nContent-Language: de, en\r\n\r\n");
        assertThat(section(NESTED, Section.Kind.HEADER, 2))
                .contains("Subject: inner\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n");
        assertThat(section(NESTED, Section.Kind.TEXT, 2)).hasValueSatisfying(inner -> assertThat(inner).startsWith("--y\r\n"));
        assertThat(section(NESTED, Section.Kind.CONTENT, 2, 1)).contains("one\r\ntwo");
        assertThat(section(NESTED, Section.Kind.CONTENT, 2, 2)).contains("AAAA");
    }

    @Test
    void sectionsThatAreNotThereAreEmpty() {
        assertThat(section(NESTED, Section.Kind.CONTENT, 3)).isEmpty();
        assertThat(section(NESTED, Section.Kind.CONTENT, 1, 1, 1)).isEmpty();
        assertThat(section(NESTED, Section.Kind.HEADER, 1)).isEmpty();
        assertThat(section(NESTED, Section.Kind.TEXT, 2, 2)).isEmpty();
    }

    @Test
    void partOneOfASimpleMessageIsItsBody() {
        assertThat(section("Subject: x\n\nbody\n", Section.Kind.CONTENT, 1)).contains("body\r\n");
        assertThat(section("Subject: x\n\nbody\n", Section.Kind.MIME, 1)).contains("Subject: x\r\n\r\n");
    }

    @Test
    void rangesAreCutAtTheEnd() {
        SectionPlace place = new SectionPlace(10, 20);
        assertThat(place.cut(new ByteRange(0, 4))).isEqualTo(new SectionPlace(10, 14));
        assertThat(place.cut(new ByteRange(8, Long.MAX_VALUE))).isEqualTo(new SectionPlace(18, 20));
        assertThat(place.cut(new ByteRange(Long.MAX_VALUE, 4)).octets()).isZero();
        assertThat(place.cut(new ByteRange(10, 4)).octets()).isZero();
    }
}
