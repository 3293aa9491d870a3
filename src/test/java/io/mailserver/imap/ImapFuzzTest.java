package io.mailserver.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.MimeMessage;
import io.mailserver.mime.MimeParser;
import io.mailserver.simulation.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImapFuzzTest {
    private static final List<String> COMMANDS = List.of(
            "a1 LOGIN alice {6+}\r\nsecret",
            "a1 ID (\"name\" \"x\" \"version\" NIL)",
            "a1 SELECT \"Entw&APw-rfe\" (CONDSTORE QRESYNC (1 2 3:4,7 (1,3 41,43)))",
            "a1 LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (% a*) RETURN (CHILDREN STATUS (MESSAGES SIZE))",
            "a1 APPEND INBOX (\\Seen a) \" 1-Feb-1994 21:52:25 -0800\" {2}\r\nab CATENATE (URL \"/x\" TEXT {1}\r\nx)",
            "a1 UID FETCH 1:*,5 (UID BODY.PEEK[1.2.HEADER.FIELDS (From \"To\")]<0.100> BINARY.SIZE[1] PREVIEW (LAZY))"
                    + " (CHANGEDSINCE 5 VANISHED)",
            "a1 UID STORE $ (UNCHANGEDSINCE 7) +FLAGS.SILENT (\\Deleted $Junk)",
            "a1 SEARCH RETURN (MIN PARTIAL 1:5) CHARSET UTF-8 OR (NOT FROM {2}\r\nab SENTON 1-Feb-2024) MODSEQ \"/flags/\\\\Seen\" all 5",
            "a1 ESEARCH IN (subtree (a b) personal) RETURN (COUNT) TEXT \"x\\\"y\"",
            "a1 NOTIFY SET STATUS (selected (MessageNew (UID) MessageExpunge)) (mailboxes (a b) NONE)",
            "a1 SETMETADATA \"\" (/private/a ~{2}\r\n\0\u00ff /shared/b NIL)",
            "a1 SETACL a b +lr",
            "a1 UID REPLACE 7 x {1}\r\nx");

    private static final List<String> MESSAGES = List.of(
            "From: \"A, B\" <a@b.example>, g: x@y, (c) z@q;\r\nTo: undisclosed:;\r\nSubject:"
                    + " =?utf-8?q?x?= \u00c3\u00bc\r\nDate: x\r\n\r\nbody\r\n",
            "Content-Type: multipart/mixed; boundary=\"x\"; a*0=b; a*1*=%20\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
                    + "Subject: y\r\n\r\nz\r\n--x\r\nContent-Disposition: attachment; filename=\"\\\"\"\r\n"
                    + "Content-Language: a, b\r\n\r\n\r\n--x--\r\n");

    @Test
    void anyCommandIsReadOrRefused() {
        for (Dialect dialect : List.of(Dialect.PLAIN, Commands.REV2, Commands.UTF8)) {
            Fuzz.texts(COMMANDS, text -> {
                try (ImapFrame frame = Commands.frame(text)) {
                    TaggedCommand command = ImapCommandParser.parse(frame, dialect);
                    assertThat(command.tag()).isNotEmpty();
                    assertThat(command.command().toString()).isNotEmpty();
                } catch (ImapSyntaxException e) {
                    assertThat(e.response().text()).matches("[ -~]+");
                }
            });
        }
    }

    /** Whatever a message is, its envelope and structure are lists of the grammar. */
    @Test
    void anyMessageHasAnEnvelopeAndAStructure() {
        Fuzz.octets(MESSAGES.stream().map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).toList(), octets -> {
            MimeMessage message = MimeParser.parse(octets, MimeParser.Limits.DEFAULTS);
            HeaderBlock header = HeaderBlock.parse(octets, HeaderBlock.Limits.DEFAULTS);
            check(Envelope.render(header));
            byte[] structure = BodyStructure.render(message);
            check(structure);
            check(BodyStructure.withoutExtensions(structure));
        });
    }

    private static void check(byte[] rendered) {
        for (boolean utf8 : new boolean[] {false, true}) {
            String text = EnvelopeTest.shown(rendered, utf8);
            assertThat(List.of('(', ')')).containsExactly(text.charAt(0), text.charAt(text.length() - 1));
            assertThat(utf8 || text.chars().allMatch(c -> c < 0x80)).as("plain form").isTrue();
            // Each list is read again as one list of strings, lists, numbers and NIL.
            Brackets.check(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A reader of nested lists that knows nothing else. */
    private static final class Brackets {
        static void check(byte[] text) {
            int depth = 0;
            for (int i = 0; i < text.length; i++) {
                switch (text[i]) {
                    case '(' -> depth++;
                    case ')' -> assertThat(--depth).isEqualTo(depth > 0 || i == text.length - 1 ? depth : -1);
                    case '"' -> {
                        for (i++; text[i] != '"'; i++) {
                            assertThat(text[i]).isNotIn((byte) '\r', (byte) '\n', (byte) 0);
                            if (text[i] == '\\') {
                                i++;
                            }
                        }
                    }
                    case '{' -> {
                        int size = 0;
                        for (i++; text[i] != '}'; i++) {
                            size = 10 * size + text[i] - '0';
                        }
                        i += 2 + size;
                    }
                    default -> assertThat((char) text[i]).isIn(' ', 'N', 'I', 'L', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
                }
            }
            assertThat(depth).isZero();
        }
    }
}
