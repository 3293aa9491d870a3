package io.mailserver.spam;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.dkim.DkimVerdict;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.mime.MessageOctets;
import io.mailserver.mime.MimeParser;
import io.mailserver.spf.SpfVerdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is made to make the filter slow, to make a rule fail, or to keep what people see from it. */
class HostileContentTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T10:00:00Z");
    private static final Sender SENDER = new Sender(SpfVerdict.PASS, DkimVerdict.PASS, DmarcVerdict.NONE, false, false, false,
            Set.of("example.com"), Set.of("bob"), false, false);
    private static final ContentFilter FILTER = new ContentFilter(Set.of(), Map.of(), new Failures());
    private static final String HEAD = """
            From: Ann Example <ann@example.net>
            To: Bob <bob@example.com>
            Subject: Lunch on Friday
            Date: Sun, 22 Nov 2026 09:59:00 +0000
            Message-ID: <1@example.net>
            MIME-Version: 1.0
            """;
    private static final String HTML = HEAD + "Content-Type: text/html; charset=utf-8\n\n";
    private static final String MIXED = HEAD + "Content-Type: multipart/mixed; boundary=b\n\n";

    /** Of empty deflate blocks, which come to nothing: 32 MiB of them in an archive in an archive. */
    @Test
    void archivesThatComeToNothing() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(31).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0x04034b50).putShort((short) 20).putShort((short) 8).putShort((short) 8).putShort(26, (short) 1).put(30, (byte) 'x');
        byte[] blocks = new byte[5 << 18];
        for (int i = 0; i < blocks.length; i += 5) {
            blocks[i + 3] = (byte) 0xff;
            blocks[i + 4] = (byte) 0xff;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("inner.zip"));
            zip.write(header.array());
            for (int i = 0; i < 25; i++) {
                zip.write(blocks);
            }
        }
        ByteArrayInputStream archive = new ByteArrayInputStream(out.toByteArray());
        assertThat(new ZipNames().list(archive, out.toByteArray()).names()).containsExactly("inner.zip", "x");
        assertThat(archive.available()).as("octets of the archive that nobody read").isGreaterThan(out.size() / 2);
    }

    @Test
    void namesInNoCharsetHideNothing() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.ISO_8859_1)) {
            zip.putNextEntry(new ZipEntry("\u00ff\u00fe.txt"));
            zip.putNextEntry(new ZipEntry("invoice.exe"));
        }
        assertThat(new ZipNames().list(new ByteArrayInputStream(out.toByteArray()), out.toByteArray()).names())
                .containsExactly("\u00ff\u00fe.txt", "invoice.exe");
    }

    @Test
    void linksInLinksAreReadOnce() {
        String html = "<a href='https://a.example/'>see <table><tr><td>".repeat(400) + "<b>word</b> ".repeat(10_000);
        List<Link> links = HtmlText.of(html).links();
        assertThat(links).hasSizeGreaterThan(300).allSatisfy(link -> assertThat(link.text().length()).isLessThanOrEqualTo(600));
        assertThat(HtmlText.of("<p>Go <a href='https://a.example/'>\n  https://<b>bank</b>.example\n</a> now").links())
                .containsExactly(new Link("https://a.example/", "https://bank.example"));
    }

    @TestFactory
    Stream<DynamicTest> costsBoundedWorkAndMakesNoRuleFail() {
        String block = "word ".repeat(10) + '\n';
        return Map.<String, String>ofEntries(
                Map.entry("host without end", HTML + "<a href='https://xn--" + "a9".repeat(150_000) + "/'>x</a>"),
                Map.entry("many hosts in punycode", HTML
                        + ("<a href='https://" + "xn--a9a9a9a9-zzzzzzzz.".repeat(11) + "example/'>x</a>").repeat(500)),
                Map.entry("author's domain without end",
                        HTML.replace("ann@example.net", "ann@xn--" + "a9".repeat(100_000) + ".example") + block),
                Map.entry("broken punycode", HTML.replace("ann@example.net", "ann@xn--\u00e4\u00f6-99999999999.xn--.example") + block
                        + "<a href='https://xn--99999999999/'>x</a><a href='https://xn--\uffff.xn--/'>y</a><a href='//:@:/'>z</a>"),
                Map.entry("unclosed elements", HTML + "<b><i><font size=1>".repeat(20_000) + block),
                Map.entry("unclosed tables", HTML + "<table><tr><td>".repeat(25_000) + block),
                Map.entry("misnested elements", HTML + "<a><b></a>".repeat(40_000) + block),
                Map.entry("attributes", HTML + "<p " + "a='b' ".repeat(60_000) + ">" + block),
                Map.entry("attributes of many names", HTML + "<p " + names(50_000) + ">" + block),
                Map.entry("styles", HTML + ("<p style='" + " ; color : ".repeat(100) + "'>x").repeat(300)),
                Map.entry("entities", HTML + "&amp&lt&#x0;&notanentity".repeat(15_000)),
                Map.entry("open comments", HTML + "<!--".repeat(90_000)),
                Map.entry("open tags", HTML + "<".repeat(390_000)),
                Map.entry("selects", HTML + "<select><option>".repeat(25_000)),
                Map.entry("foreign elements", HTML + "<svg><math>".repeat(35_000)),
                Map.entry("multiparts in multiparts", nested(3_000)),
                Map.entry("messages in messages", HEAD + "Content-Type: message/rfc822\n\n".repeat(3_000) + block),
                Map.entry("parts", MIXED + "--b\n\nx\n".repeat(50_000)),
                Map.entry("addresses", HEAD.replace("bob@example.com>", "bob@example.com>" + ",\n a@b.example".repeat(60_000))
                        + "\nx"),
                Map.entry("comments in addresses", HEAD.replace("Ann Example", "(".repeat(100_000)) + "\nx"),
                Map.entry("subject of encoded words", HEAD.replace("Lunch", "=?utf-8?Q?a?=\n ".repeat(40_000)) + "\nx"),
                Map.entry("blanks", HEAD + "\n" + " ".repeat(390_000) + "x"),
                Map.entry("one word", HEAD + "\n" + "a".repeat(390_000)),
                Map.entry("one script", HEAD + "\n" + "\u0430a".repeat(130_000)))
                .entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () -> found(each.getValue())));
    }

    private static String names(int count) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < count; i++) {
            names.append('a').append(i).append(' ');
        }
        return names.toString();
    }

    private static String nested(int depth) {
        StringBuilder mail = new StringBuilder(HEAD + "Content-Type: multipart/mixed; boundary=b0\n\n");
        for (int i = 0; i < depth; i++) {
            mail.append("--b").append(i).append("\nContent-Type: multipart/mixed; boundary=b").append(i + 1).append("\n\n");
        }
        return mail.append("x").toString();
    }

    @Test
    void aTextWithAFileNameIsRead() throws IOException {
        assertThat(found(HEAD + "Content-Type: text/html; name=offer.html\n\n<p>Viagra without prescription"))
                .contains("ABOUT_PHARMACY", "PAGE_ATTACHED");
        assertThat(found(HEAD + "Content-Type: text/plain\nContent-Disposition: inline; filename=a.txt\n\nViagra without prescription"))
                .contains("ABOUT_PHARMACY");
        assertThat(found(HEAD + "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nViagra without prescription"))
                .doesNotContain("ABOUT_PHARMACY");
    }

    @Test
    void programsInForwardedMessagesAreSeen() throws IOException {
        String inner = "From: a@example.org\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nViagra without prescription\n"
                + "--c\nContent-Type: application/octet-stream; name=invoice.exe\n\nMZ\n--c--\n";
        assertThat(found(MIXED + "--b\n\nLook what I got.\n--b\nContent-Type: message/rfc822\n\n" + inner + "--b--\n"))
                .contains("PROGRAM_ATTACHED").as("what was forwarded is not what it says").doesNotContain("ABOUT_PHARMACY");
    }

    @Test
    void textNobodySeesDoesNotCrowdOutWhatPeopleRead() throws IOException {
        String alternative = HEAD + "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n" + "nothing of note here. ".repeat(20_000)
                + "\n--b\nContent-Type: text/html\n\n<p>Viagra without prescription\n--b--\n";
        assertThat(found(alternative)).contains("ABOUT_PHARMACY");
    }

    @Test
    void invisibleLettersDoNotHideWords() throws IOException {
        assertThat(found(HEAD + "Content-Type: text/plain; charset=utf-8\n\nVi\u200bag\u00adra and more")).contains("ABOUT_PHARMACY");
    }

    private static List<String> found(String mail) throws IOException {
        byte[] octets = mail.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        List<String> troubles = new ArrayList<>();
        ContentFilter.Reading reading = FILTER.read(
                MimeParser.parse(octets, MimeParser.Limits.DEFAULTS), MessageOctets.of(octets), SENDER, RECEIVED);
        List<String> names = FILTER.rules(reading, troubles::add).stream().map(Finding::name).toList();
        reading.tokens();
        reading.domains();
        assertThat(troubles).isEmpty();
        return names;
    }
}
