package io.mailserver.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MimeParserTest {
    private static final MimeParser.Limits LIMITS = MimeParser.Limits.DEFAULTS;

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A text with LF for CRLF, to be read easily. */
    private static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }

    private static MimeMessage parse(String text) {
        return MimeParser.parse(octets(text), LIMITS);
    }

    private static String body(String text, MimePart part) {
        return text.substring((int) part.bodyStart(), (int) part.end());
    }

    private static String header(String text, MimePart part) {
        return text.substring((int) part.headerStart(), (int) part.bodyStart());
    }

    /** Types and bodies, nested: {@code multipart/mixed[text/plain "a"]}. */
    private static String tree(String text, MimePart part) {
        if (part.children().isEmpty()) {
            return part.contentType() + " \"" + body(text, part).replace("\r\n", "/") + '"';
        }
        return part.contentType() + part.children().stream().map(child -> tree(text, child)).toList().toString();
    }

    private static String tree(String text) {
        return tree(text, parse(text).root());
    }

    @Test
    void aPlainMessageIsOnePart() {
        String text = crlf("Subject: x\nFrom: a@b\n\nHello\nworld\n");
        MimePart root = parse(text).root();
        assertThat(root.contentType()).isEqualTo(ContentType.TEXT_PLAIN);
        assertThat(root.encoding()).isEqualTo("7bit");
        assertThat(body(text, root)).isEqualTo("Hello\r\nworld\r\n");
        assertThat(root.lines()).isEqualTo(2);
        assertThat(root.bodyOctets()).isEqualTo(14);
        assertThat(parse(text).header().first("subject")).isPresent();
    }

    @Test
    void exampleOfRfc2046() {
        // RFC 2046 §5.1.1
        String text = crlf("""
                From: Nathaniel Borenstein <nsb@bellcore.com>
                To: Ned Freed <ned@innosoft.com>
                Subject: Sample message
                MIME-Version: 1.0
                Content-type: multipart/mixed; boundary="simple boundary"

                This is the preamble.
                --simple boundary

                This is implicitly typed plain US-ASCII text.
                It does NOT end with a linebreak.
                --simple boundary
                Content-type: text/plain; charset=us-ascii

                This is explicitly typed plain US-ASCII text.
                It DOES end with a linebreak.

                --simple boundary--

                This is the epilogue.
                """);
        MimePart root = parse(text).root();
        assertThat(root.children()).hasSize(2);
        assertThat(body(text, root.children().get(0))).endsWith("with a linebreak.");
        assertThat(root.children().get(0).lines()).isEqualTo(1);
        assertThat(body(text, root.children().get(1))).endsWith("with a linebreak.\r\n");
        assertThat(root.children().get(1).lines()).isEqualTo(2);
        assertThat(header(text, root.children().get(1))).isEqualTo("Content-type: text/plain; charset=us-ascii\r\n\r\n");
        assertThat(root.end()).isEqualTo(text.length());
        assertThat(root.section(2)).contains(root.children().get(1));
        assertThat(root.section(3)).isEmpty();
    }

    @Test
    void partsOfADigestAreMessages() {
        String text = crlf("""
                Content-Type: multipart/digest; boundary=d

                --d

                Subject: one

                first
                --d
                Content-Type: text/plain

                second
                --d--
                """);
        assertThat(tree(text)).isEqualTo("multipart/digest[message/rfc822[text/plain \"first\"], text/plain \"second\"]");
        MimeMessage message = parse(text);
        MimePart inner = message.root().children().getFirst().message().orElseThrow();
        assertThat(message.header(inner).orElseThrow().first("Subject").orElseThrow().text()).isEqualTo("one");
        assertThat(message.root().section(1, 1)).contains(inner);
        assertThat(message.root().section(1, 1, 1)).isEmpty();
    }

    @Test
    void sectionsOfMessagesInside() {
        String text = crlf("""
                Content-Type: multipart/mixed; boundary=outer

                --outer

                a
                --outer
                Content-Type: message/rfc822

                Content-Type: multipart/alternative; boundary=inner

                --inner

                b
                --inner
                Content-Type: text/html

                c
                --inner--
                --outer--
                """);
        MimePart root = parse(text).root();
        assertThat(body(text, root.section(2, 2).orElseThrow())).isEqualTo("c");
        assertThat(root.section(2).orElseThrow().message()).isPresent();
        assertThat(root.section(2, 3)).isEmpty();
        assertThat(root.section(1, 1)).isEmpty();
        assertThat(parse(crlf("\nx")).root().section(1)).isPresent();
        assertThat(parse(crlf("\nx")).root().section(2)).isEmpty();
        String message = crlf("Content-Type: message/rfc822\n\nSubject: s\n\nx");
        assertThat(body(message, parse(message).root().section(1, 1).orElseThrow())).isEqualTo("x");
    }

    @Test
    void boundaryThatBeginsAnother() {
        String text = crlf("""
                Content-Type: multipart/mixed; boundary=foo

                --foo
                Content-Type: multipart/mixed; boundary=foobar

                --foobar

                a
                --foobar--
                --foo \t
                Content-Type: multipart/mixed; boundary="foo--"

                --foo--

                b
                --foo----
                --foo--
                """);
        assertThat(tree(text)).isEqualTo("multipart/mixed[multipart/mixed[text/plain \"a\"], multipart/mixed[text/plain \"b\"]]");
    }

    @Test
    void boundaryOfTheOuterEndsAllInside() {
        String text = crlf("""
                Content-Type: multipart/mixed; boundary=o

                --o
                Content-Type: multipart/mixed; boundary=i

                --i

                never closed
                --o

                next
                --o--
                --o

                after the end
                """);
        assertThat(tree(text)).isEqualTo("multipart/mixed[multipart/mixed[text/plain \"never closed\"], text/plain \"next\"]");
    }

    @Test
    void missingEndGoesToTheEnd() {
        String text = crlf("Content-Type: multipart/mixed; boundary=o\n\n--o\n\nhello\n");
        assertThat(tree(text)).isEqualTo("multipart/mixed[text/plain \"hello/\"]");
    }

    @Test
    void boundaryRightAfterTheHeader() {
        String text = crlf("Content-Type: multipart/mixed; boundary=o\n\n--o\n\n--o\nContent-ID: <x>\n--o\n--o--");
        MimePart root = parse(text).root();
        assertThat(tree(text)).isEqualTo("multipart/mixed[text/plain \"\", text/plain \"\", text/plain \"\"]");
        assertThat(header(text, root.children().get(1))).isEqualTo("Content-ID: <x>"); // The line end is the boundary's.
        assertThat(root.children().get(1).id()).isEqualTo("<x>");
    }

    @Test
    void encodedMessageIsOpaque() {
        String text = crlf("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeA==\n");
        assertThat(tree(text)).isEqualTo("message/rfc822 \"U3ViamVjdDogeA==/\"");
        assertThat(parse(text).root().message()).isEmpty();
    }

    @Test
    void messageGlobalIsLookedInto() {
        String text = crlf("Content-Type: message/global\n\nSubject: x\n\nbody");
        assertThat(tree(text)).isEqualTo("message/global[text/plain \"body\"]");
    }

    @Test
    void lineFeedsCountAsTwoOctets() {
        String text = "Content-Type: multipart/mixed; boundary=o\n\n--o\n\na\nb\n--o\nContent-Type: text/html\n\nc\r\nd\n--o--\n";
        MimePart asServed = parse(crlf(text.replace("\r", ""))).root();
        assertThat(parse(text).root()).isEqualTo(asServed);
        assertThat(parse(text).size()).isEqualTo(asServed.end());
    }

    @Test
    void aCarriageReturnAloneEndsNoLine() {
        String text = crlf("Content-Type: multipart/mixed; boundary=o\n\n--o\n\na\r--o\rb\n--o--\n");
        assertThat(tree(text)).isEqualTo("multipart/mixed[text/plain \"a\r--o\rb\"]");
    }

    @Test
    void whatIsNoTypeIsText() {
        assertThat(tree(crlf("Content-Type: nonsense\n\nx"))).isEqualTo("text/plain \"x\"");
        assertThat(tree(crlf("Content-Type: multipart/mixed\n\nx"))).isEqualTo("multipart/mixed \"x\"");
        assertThat(tree("")).isEqualTo("text/plain \"\"");
        assertThat(tree("no header at all")).isEqualTo("text/plain \"\"");
    }

    @Test
    void theFirstOfSeveralFieldsCounts() {
        assertThat(tree(crlf("Content-Type: text/html\nContent-Type: text/plain\n\n"))).isEqualTo("text/html \"\"");
    }

    @Test
    void limitsMakePartsOpaque() {
        String text = crlf("""
                Content-Type: multipart/mixed; boundary=o

                --o

                a
                --o

                b
                --o

                c
                --o--
                """);
        MimeMessage message = MimeParser.parse(octets(text), new MimeParser.Limits(10, 3, 1000, 100, 1000));
        assertThat(message.root().children()).hasSize(2);
        assertThat(message.limited()).isTrue();
        MimeMessage flat = MimeParser.parse(octets(text), new MimeParser.Limits(1, 10, 1000, 100, 1000));
        assertThat(flat.root().children()).isEmpty();
        assertThat(flat.limited()).isTrue();
        MimeMessage small = MimeParser.parse(octets(text), new MimeParser.Limits(10, 10, 20, 100, 1000));
        assertThat(small.root().contentType()).isEqualTo(ContentType.TEXT_PLAIN);
        assertThat(small.limited()).isTrue();
        assertThat(parse(text).limited()).isFalse();
    }

    @Test
    void streamsOfAnySizeAgreeWithArrays() throws IOException {
        StringBuilder text = new StringBuilder("Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\n");
        text.append(("x".repeat(76) + "\r\n").repeat(2_000)).append("y".repeat(200_000)).append("\r\n--o\r\n\r\n");
        text.append("z\n".repeat(100_000)).append("--o--");
        MimePart fromArray = parse(text.toString()).root();
        assertThat(fromArray.children()).hasSize(2);
        assertThat(MimeParser.parse(new ByteArrayInputStream(octets(text.toString())), LIMITS).root()).isEqualTo(fromArray);
    }
}
