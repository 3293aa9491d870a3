package io.mailserver.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.imap.ResponseCode.WithNumber.Name;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImapWriterTest {
    /** Something that writes. */
    @FunctionalInterface
    private interface Writing {
        void to(ImapWriter writer) throws IOException;
    }

    private static String written(boolean utf8, Writing writing) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImapWriter writer = new ImapWriter(out);
        writer.setUtf8(utf8);
        writing.to(writer);
        writer.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String code(ResponseCode code) throws IOException {
        return written(false, writer -> writer.tagged("a1", StatusResponse.ok(code, "x")));
    }

    @Test
    void statusResponsesAreOneLine() throws IOException {
        assertThat(written(false, writer -> writer.tagged("a1", StatusResponse.no("a\r\n* BYE\u00fc")))).isEqualTo("a1 NO a??* BYE?\r\n");
        assertThat(written(false, writer -> writer.untagged(StatusResponse.bye("bye")))).isEqualTo("* BYE bye\r\n");
        assertThat(written(false, writer -> writer.untagged(StatusResponse.ok("[x")))).isEqualTo("* OK ?x\r\n");
        assertThat(written(false, writer -> writer.continuation("go"))).isEqualTo("+ go\r\n");
    }

    @Test
    void codesAreWrittenAsTheStandardsSpellThem() throws IOException {
        assertThat(code(ResponseCode.Plain.READ_ONLY)).isEqualTo("a1 OK [READ-ONLY] x\r\n");
        assertThat(code(ResponseCode.Plain.UNKNOWN_CTE)).contains("[UNKNOWN-CTE]");
        assertThat(code(new ResponseCode.WithNumber(Name.UIDNEXT, 7))).contains("[UIDNEXT 7]");
        assertThat(code(new ResponseCode.WithNumber(Name.METADATA_MAXSIZE, 7))).contains("[METADATA MAXSIZE 7]");
        assertThat(code(ResponseCode.Metadata.TOOMANY)).contains("[METADATA TOOMANY]");
        assertThat(code(new ResponseCode.Capability(List.of("IMAP4rev2", "ID")))).contains("[CAPABILITY IMAP4rev2 ID]");
        assertThat(code(new ResponseCode.PermanentFlags(List.of("\\Seen", "\\*")))).contains("[PERMANENTFLAGS (\\Seen \\*)]");
        assertThat(code(new ResponseCode.BadCharset(List.of("UTF-8", "a b")))).contains("[BADCHARSET (UTF-8 \"a b\")]");
        assertThat(code(new ResponseCode.AppendUid(1, "4,7:9"))).contains("[APPENDUID 1 4,7:9]");
        assertThat(code(new ResponseCode.CopyUid(1, "4,7", "1:2"))).contains("[COPYUID 1 4,7 1:2]");
        assertThat(code(new ResponseCode.Modified("7,9"))).contains("[MODIFIED 7,9]");
        assertThat(code(new ResponseCode.MailboxId("F1"))).contains("[MAILBOXID (F1)]");
    }

    @Test
    void stringsAreQuotedOrLiterals() throws IOException {
        assertThat(written(false, writer -> writer.string("a \"b\\"))).isEqualTo("\"a \\\"b\\\\\"");
        assertThat(written(false, writer -> writer.string("a\r\nb"))).isEqualTo("{4}\r\na\r\nb");
        assertThat(written(false, writer -> writer.string("\u00fc"))).isEqualTo("{2}\r\n\u00fc");
        assertThat(written(true, writer -> writer.string("\u00fc"))).isEqualTo("\"\u00fc\"");
        assertThat(written(true, writer -> writer.string("x".repeat(2000)))).startsWith("{2000}\r\nx");
        assertThat(written(false, writer -> writer.string("a\0b"))).isEqualTo("{3}\r\na?b");
        assertThat(written(false, writer -> writer.nstring(Optional.empty()))).isEqualTo("NIL");
    }

    @ParameterizedTest
    @CsvSource({"abc, abc", "a.b-c, a.b-c", "NIL, '\"NIL\"'", "a b, '\"a b\"'", "'', '\"\"'", "a*b, '\"a*b\"'", "a]b, '\"a]b\"'"})
    void atomsAreAtomsWhereTheyCanBe(String text, String expected) throws IOException {
        assertThat(written(false, writer -> writer.astring(text))).isEqualTo(expected);
    }

    @Test
    void mailboxNamesAreInTheClientsForm() throws IOException {
        assertThat(written(false, writer -> writer.mailbox("Entw\u00fcrfe & x"))).isEqualTo("\"Entw&APw-rfe &- x\"");
        assertThat(written(true, writer -> writer.mailbox("Entw\u00fcrfe & x"))).isEqualTo("\"Entw\u00fcrfe & x\"");
        assertThat(written(true, writer -> writer.mailbox("inbox"))).isEqualTo("INBOX");
    }

    @Test
    void fetchResponsesHaveBlanksBetweenItems() throws IOException {
        assertThat(written(false, writer -> {
                    writer.beginFetch(7).item("UID").number(12);
                    writer.item("FLAGS").flags(List.of("\\Seen", "x"));
                    writer.item("BODY[]").literal(3).octets("a(b".getBytes(StandardCharsets.US_ASCII));
                    writer.item("MODSEQ").open().number(Long.MAX_VALUE).close();
                    writer.endFetch();
                }))
                .isEqualTo("* 7 FETCH (UID 12 FLAGS (\\Seen x) BODY[] {3}\r\na(b MODSEQ (9223372036854775807))\r\n");
    }

    @Test
    void blanksAreRightAlsoWhereTheBufferEnds() throws IOException {
        for (int filler = 8150; filler < 8210; filler++) {
            String before = "x".repeat(filler);
            assertThat(written(false, writer -> {
                        writer.ascii(before).crlf();
                        writer.beginFetch(1).item("UID").number(12);
                        writer.item("BODY[]").literal(4).octets("abc(".getBytes(StandardCharsets.US_ASCII));
                        writer.item("FLAGS").flags(List.of());
                        writer.endFetch();
                    }))
                    .endsWith("\r\n* 1 FETCH (UID 12 BODY[] {4}\r\nabc( FLAGS ())\r\n");
        }
    }

    @Test
    void datesHaveTheirForm() {
        assertThat(DateSyntax.dateTime(Instant.parse("2026-02-01T03:04:05Z"))).isEqualTo("\" 1-Feb-2026 03:04:05 +0000\"");
        assertThat(DateSyntax.dateTime(Instant.parse("1996-12-31T23:59:59.999Z"))).isEqualTo("\"31-Dec-1996 23:59:59 +0000\"");
    }
}
