package io.mailserver.imap;

import io.mailserver.mime.EncodedWords;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static byte[] render(String header) {
        byte[] octets = (header.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.UTF_8);
        return Envelope.render(HeaderBlock.parse(octets, HeaderBlock.Limits.DEFAULTS));
    }

    private static String plain(String header) {
        return shown(render(header), false);
    }

    static String shown(byte[] rendered, boolean utf8) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImapWriter writer = new ImapWriter(out);
            writer.setUtf8(utf8);
            writer.rendered(rendered).flush();
            return out.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void allFieldsComeInTheirOrder() {
        assertThat(plain("""
                        Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
                        From: Terry Gray <gray@cac.washington.edu>
                        Sender: s@a.example
                        Reply-To: r@a.example, q@a.example
                        To: t@a.example
                        Cc: "Mi\\"nutes" <minutes@cnri.example>
                        Bcc: b@a.example
                        Subject: IMAP4rev2 WG mtg
                          summary
                        In-Reply-To: <x@y>
                        Message-Id: <B27397-0100000@cac.washington.edu>
                        """))
                .isEqualTo("(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev2 WG mtg  summary\""
                        + " ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\"))"
                        + " ((NIL NIL \"s\" \"a.example\"))"
                        + " ((NIL NIL \"r\" \"a.example\")(NIL NIL \"q\" \"a.example\"))"
                        + " ((NIL NIL \"t\" \"a.example\"))"
                        + " ((\"Mi\\\"nutes\" NIL \"minutes\" \"cnri.example\"))"
                        + " ((NIL NIL \"b\" \"a.example\"))"
                        + " \"<x@y>\" \"<B27397-0100000@cac.washington.edu>\")");
    }

    @Test
    void missingFieldsAreNilAndEmptyOnesAreNot() {
        assertThat(plain("")).isEqualTo(Envelope.UNKNOWN);
        assertThat(plain("Subject:\n")).startsWith("(NIL \"\" NIL");
    }

    @Test
    void senderAndReplyToAreTheFromIfMissingOrEmpty() {
        String from = "((NIL NIL \"a\" \"b.example\"))";
        assertThat(plain("From: a@b.example\nSender:\n")).startsWith("(NIL NIL " + from + " " + from + " " + from + " NIL");
    }

    @Test
    void groupsAreMarkedByNilHosts() {
        assertThat(plain("To: undisclosed-recipients:;\n")).contains(" ((NIL NIL \"undisclosed-recipients\" NIL)(NIL NIL NIL NIL)) ");
        assertThat(plain("To: team: a@b.example;\n"))
                .contains(" ((NIL NIL \"team\" NIL)(NIL NIL \"a\" \"b.example\")(NIL NIL NIL NIL)) ");
    }

    @Test
    void addressWithoutADomainIsNoGroup() {
        assertThat(plain("To: root\n")).contains("((NIL NIL \"root\" \"\"))");
    }

    @Test
    void utf8IsEncodedForClientsThatDoNotKnowIt() {
        byte[] rendered = render("Subject: Gr\u00fc\u00dfe\nFrom: J\u00fcrgen <j\u00fcrgen@b\u00fccher.example>\n");
        assertThat(shown(rendered, false))
                .contains("\"=?UTF-8?B?R3LDvMOfZQ==?=\"", "\"xn--bcher-kva.example\"")
                .matches("\\p{ASCII}*");
        assertThat(shown(rendered, true)).contains("\"Gr\u00fc\u00dfe\"", "(\"J\u00fcrgen\" NIL \"j\u00fcrgen\" \"b\u00fccher.example\")");
    }

    @Test
    void longTextIsCutIntoEncodedWordsBetweenCharacters() {
        String text = "\u00fc\ud83d\ude00".repeat(40);
        String encoded = EncodedWords.encode(text);
        assertThat(encoded.split(" ")).allMatch(word -> word.length() <= 75);
        assertThat(HeaderText.decodeWords(encoded)).isEqualTo(text);
    }

    @Test
    void veryLongSubjectIsALiteral() {
        assertThat(plain("Subject: " + "x".repeat(2000) + "\n")).startsWith("(NIL {2000}\r\nxxx");
    }

    @Test
    void strayControlCharactersBecomeBlanks() {
        assertThat(plain("Subject: a\rb\0c\n")).startsWith("(NIL \"a b c\" ");
    }
}
