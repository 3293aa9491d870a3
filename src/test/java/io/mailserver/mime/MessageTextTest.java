package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class MessageTextTest {
    private static String text(byte[] message) throws IOException {
        return MessageText.of(MimeParser.parse(message, MimeParser.Limits.DEFAULTS).root(), MessageOctets.of(message), 1_000_000);
    }

    private static String text(String message, Charset charset) throws IOException {
        return text(message.replace("\n", "\r\n").getBytes(charset)).replace("\r\n", "\n");
    }

    private static String text(String message) throws IOException {
        return text(message, StandardCharsets.UTF_8);
    }

    private static String preview(String message) throws IOException {
        byte[] octets = message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        return Preview.of(MimeParser.parse(octets, MimeParser.Limits.DEFAULTS).root(), MessageOctets.of(octets));
    }

    private static final String MIXED = """
            Subject: outer
            Content-Type: multipart/mixed; boundary=m

            preamble
            --m
            Content-Type: multipart/alternative; boundary=a

            --a
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            Gr=FC=DFe aus K=F6=
            ln
            --a
            Content-Type: text/html; charset=utf-8

            <html><head><title>no</title><style>b{}</style></head><body><p>Grüße <b>a</b>us&nbsp;K&ouml;ln<br>x</p><script>no</script>
            <img src=x alt="A picture"></body></html>
            --a--
            --m
            Content-Type: application/pdf; name="report.pdf"
            Content-Disposition: attachment; filename*=utf-8''%C3%9Cbersicht.pdf
            Content-Transfer-Encoding: base64

            AAAA
            --m
            Content-Type: message/rfc822

            Subject: =?utf-8?Q?inner_=C3=BC?=

            inner body
            --m--
            epilogue
            """;

    @Test
    void allTextPartsAttachmentNamesAndInnerHeaders() throws IOException {
        assertThat(text(MIXED).lines().map(String::strip).filter(line -> !line.isEmpty()))
                .containsExactly("Grüße aus Köln", "Grüße aus Köln", "x", "A picture", "Übersicht.pdf", "Subject: inner ü", "inner body");
    }

    @Test
    void charsetsAreReadAsMailMeansThem() throws IOException {
        assertThat(text("\nGrüße")).isEqualTo("Grüße\n");
        assertThat(text("\nGrüße €", Charset.forName("windows-1252"))).isEqualTo("Grüße €\n");
        assertThat(text("Content-Type: text/plain; charset=us-ascii\n\nGrüße")).isEqualTo("Grüße\n");
        assertThat(text("Content-Type: text/plain; charset=utf-8\n\nGrüße", StandardCharsets.ISO_8859_1)).isEqualTo("Grüße\n");
        assertThat(text("Content-Type: text/plain; charset=big5\n\n你好", Charset.forName("Big5"))).isEqualTo("你好\n");
        assertThat(text("Content-Type: text/plain; charset=unheard-of\n\nGrüße")).isEqualTo("Grüße\n");
        assertThat(text("Content-Type: text/plain; charset=utf-16be\n\n", StandardCharsets.US_ASCII)).isEqualTo("\n");
    }

    @Test
    void charsetOfHtmlMayStandInIt() throws IOException {
        String html = "Content-Type: text/html\n\n<meta charset=\"iso-8859-2\"><p>\u0159e\u010d";
        assertThat(text(html, Charset.forName("iso-8859-2")).strip()).isEqualTo("\u0159e\u010d");
    }

    @Test
    void charactersCutBetweenPiecesAreWhole() throws IOException {
        String words = "äöü€😀 ".repeat(20_000);
        String encoded = Base64.getMimeEncoder().encodeToString(words.getBytes(StandardCharsets.UTF_8));
        String message = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded;
        assertThat(text(message.getBytes(StandardCharsets.US_ASCII))).isEqualTo(words + "\n");
    }

    @Test
    void largeHtmlIsReadInSlices() throws IOException {
        String html = "<p>paragraph <i>w</i>ord</p>\n".repeat(100_000);
        String text = MessageText.of(ofHtml(html).root(), MessageOctets.of(htmlMessage(html)), 100_000_000);
        assertThat(text.lines().filter(line -> line.equals("paragraph word")).count()).isEqualTo(100_000);
    }

    private static byte[] htmlMessage(String html) {
        return ("Content-Type: text/html\r\n\r\n" + html).getBytes(StandardCharsets.UTF_8);
    }

    private static MimeMessage ofHtml(String html) {
        return MimeParser.parse(htmlMessage(html), MimeParser.Limits.DEFAULTS);
    }

    @Test
    void deepHtmlIsRead() throws IOException {
        String html = "<div>".repeat(50_000) + "deep";
        assertThat(MessageText.of(ofHtml(html).root(), MessageOctets.of(htmlMessage(html)), 1_000).strip()).isEqualTo("deep");
    }

    @Test
    void whatIsNotWantedIsNotRead() throws IOException {
        byte[] message = MIXED.getBytes(StandardCharsets.UTF_8);
        assertThat(MessageText.of(MimeParser.parse(message, MimeParser.Limits.DEFAULTS).root(), MessageOctets.of(message), 5)).hasSize(5);
    }

    @Test
    void previewIsTheFirstText() throws IOException {
        assertThat(preview(MIXED)).isEqualTo("Grüße aus Köln");
        assertThat(preview("\n> quoted\nmine \t  is\n\nthis\n-- \nsignature\n")).isEqualTo("mine is this");
        assertThat(preview("Content-Type: text/html\n\n<p>a</p><p>b</p>")).isEqualTo("a b");
        assertThat(preview("Content-Type: image/png\n\nxx")).isEmpty();
        assertThat(preview("Content-Type: text/plain\nContent-Disposition: attachment\n\nxx")).isEmpty();
        assertThat(preview("\n" + "😀 x".repeat(1_000)).codePointCount(0, preview("\n" + "😀 x".repeat(1_000)).length()))
                .isLessThanOrEqualTo(Preview.MAX_CHARACTERS).isGreaterThan(250);
    }

    @Test
    void headersAreDecodedFieldByField() {
        StringBuilder out = new StringBuilder();
        byte[] header = "Subject: =?utf-8?Q?=C3=BC?=\r\nbroken line\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        MessageText.header(HeaderBlock.parse(header, HeaderBlock.Limits.DEFAULTS), new MessageText.Sink() {
            @Override
            public boolean text(CharSequence piece) {
                out.append(piece);
                return true;
            }

            @Override
            public void endOfStretch() {
                out.append('|');
            }
        });
        assertThat(out).hasToString("Subject: ü|broken line|");
    }
}
