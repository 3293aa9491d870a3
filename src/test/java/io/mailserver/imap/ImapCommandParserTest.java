package io.mailserver.imap;

import static io.mailserver.imap.Commands.REV2;
import static io.mailserver.imap.Commands.UTF8;
import static io.mailserver.imap.Commands.parse;
import static io.mailserver.imap.Commands.refusal;
import static io.mailserver.imap.Commands.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.imap.ImapCommand.OfMailbox;
import io.mailserver.imap.ImapCommand.Simple;
import io.mailserver.imap.StatusResponse.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImapCommandParserTest {
    @ParameterizedTest
    @EnumSource(
            value = ImapVerb.class,
            names = {"CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "NAMESPACE", "IDLE", "UNAUTHENTICATE", "CHECK", "CLOSE", "UNSELECT"})
    void bareCommandsTakeNoArgument(ImapVerb verb) {
        assertThat(parse(verb.name())).isEqualTo(new Simple(verb));
        assertThat(refusal(verb + " x").kind()).isEqualTo(Kind.BAD);
    }

    @Test
    void namesAreReadInAnyCaseAndBlanksAtTheEndAreForgiven() {
        assertThat(parse("noOp")).isEqualTo(new Simple(ImapVerb.NOOP));
        assertThat(parse("NOOP  ")).isEqualTo(new Simple(ImapVerb.NOOP));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "a1", "a1 ", "+ NOOP", "a1  NOOP", "a1 FROB", "a1 UID",
        "a1 UID NOOP", "a1 UID SELECT x", "a+b NOOP", "{3} NOOP"
    })
    void whatIsNoCommandIsBad(String text) {
        try {
            ImapCommandParser.parse(Commands.frame(text), Dialect.PLAIN);
            throw new AssertionError(text);
        } catch (ImapSyntaxException e) {
            assertThat(e.response().kind()).isEqualTo(Kind.BAD);
        }
    }

    @Test
    void refusalCarriesTheTagIfThereIsOne() {
        try {
            ImapCommandParser.parse(Commands.frame("x.7 FROB"), Dialect.PLAIN);
            throw new AssertionError("read");
        } catch (ImapSyntaxException e) {
            assertThat(e.tag()).contains("x.7");
        }
    }

    @Test
    void browserIsSentAway() {
        try {
            ImapCommandParser.parse(Commands.frame("POST / HTTP/1.1"), Dialect.PLAIN);
            throw new AssertionError("read");
        } catch (ImapSyntaxException e) {
            assertThat(e.response().thenClose()).isTrue();
        }
    }

    @Test
    void loginTakesAtomsStringsAndLiterals() {
        ImapCommand expected = new ImapCommand.Login("alice", "se\"c ret");
        assertThat(parse("LOGIN alice \"se\\\"c ret\"")).isEqualTo(expected);
        assertThat(parse("LOGIN {5}\r\nalice {8+}\r\nse\"c ret")).isEqualTo(expected);
        assertThat(expected.toString()).doesNotContain("c ret");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "LOGIN", "LOGIN alice", "LOGIN alice ", "LOGIN alice a b", "LOGIN \"alice x", "LOGIN \"al\\ice\" x", "LOGIN (a) b",
        "LOGIN a {3}\r\nx", "LOGIN a {3}x", "LOGIN a ~{3}\r\nabc", "LOGIN a {3}\r\na\0c", "LOGIN a {2}\r\n\r\n", "LOGIN a \"\u00ff\""
    })
    void brokenLoginIsBad(String text) {
        assertThat(refusal(text).kind()).isEqualTo(Kind.BAD);
    }

    @Test
    void authenticateTakesAnInitialResponse() {
        assertThat(parse("AUTHENTICATE plain")).isEqualTo(new ImapCommand.Authenticate("PLAIN", Optional.empty()));
        assertThat(parse("AUTHENTICATE PLAIN AGEAYg==")).isEqualTo(new ImapCommand.Authenticate("PLAIN", Optional.of("AGEAYg==")));
        assertThat(parse("AUTHENTICATE EXTERNAL =")).isEqualTo(new ImapCommand.Authenticate("EXTERNAL", Optional.of("=")));
        assertThat(refusal("AUTHENTICATE PLAIN a b").kind()).isEqualTo(Kind.BAD);
    }

    @Test
    void idIsAListOfPairsOrNil() {
        assertThat(parse("ID NIL")).isEqualTo(new ImapCommand.Id(List.of()));
        assertThat(parse("ID (\"name\" \"mutt\" \"os\" NIL)"))
                .isEqualTo(new ImapCommand.Id(List.of(
                        new ImapCommand.Id.Field("name", Optional.of("mutt")), new ImapCommand.Id.Field("os", Optional.empty()))));
        assertThat(refusal("ID (\"name\")").kind()).isEqualTo(Kind.BAD);
        assertThat(refusal("ID (" + "\"a\" NIL ".repeat(30) + "\"b\" NIL)").text()).contains("30");
    }

    @Test
    void enableTakesSeveralNames() {
        assertThat(parse("ENABLE condstore Utf8=Accept")).isEqualTo(new ImapCommand.Enable(List.of("CONDSTORE", "UTF8=ACCEPT")));
        assertThat(refusal("ENABLE").kind()).isEqualTo(Kind.BAD);
    }

    @Test
    void mailboxNamesAreModifiedUtf7UntilUtf8IsEnabled() {
        assertThat(parse("DELETE \"Entw&APw-rfe\"")).isEqualTo(new OfMailbox(ImapVerb.DELETE, "Entw\u00fcrfe"));
        assertThat(parse("DELETE \"a&-b\"")).isEqualTo(new OfMailbox(ImapVerb.DELETE, "a&b"));
        assertThat(parse("DELETE \"a&-b\"", UTF8)).isEqualTo(new OfMailbox(ImapVerb.DELETE, "a&-b"));
        assertThat(parse("DELETE \"" + utf8("Entw\u00fcrfe") + "\"", REV2)).isEqualTo(new OfMailbox(ImapVerb.DELETE, "Entw\u00fcrfe"));
    }

    @Test
    void mailboxNamesInTheWrongFormAreRefused() {
        assertThat(refusal("DELETE \"" + utf8("\u00fc") + "\"").text()).contains("ENABLE");
        assertThat(refusal("DELETE \"a & b\"").code()).contains(ResponseCode.Plain.CANNOT);
        assertThat(refusal("DELETE \"\u00fc\"", REV2).text()).contains("UTF-8");
        assertThat(refusal("DELETE {2}\r\n\r\n").text()).contains("control");
    }

    @Test
    void searchStringsMayHoldAnyLine() {
        assertThat(parse("SEARCH TEXT {4}\r\na\r\nb"))
                .isEqualTo(new ImapCommand.Search(false, Optional.empty(), new SearchKey.Text("a\r\nb")));
    }

    @Test
    void expungeHasUidsWithUidOnly() {
        assertThat(parse("EXPUNGE")).isEqualTo(new ImapCommand.Expunge(Optional.empty()));
        assertThat(parse("UID EXPUNGE 5:*"))
                .isEqualTo(new ImapCommand.Expunge(Optional.of(SequenceSet.range(5, SequenceSet.STAR))));
        assertThat(refusal("EXPUNGE 1").kind()).isEqualTo(Kind.BAD);
        assertThat(refusal("UID EXPUNGE").kind()).isEqualTo(Kind.BAD);
    }

    @Test
    void copyAndMoveTakeASetAndAMailbox() {
        assertThat(parse("UID MOVE 1,3 Archive"))
                .isEqualTo(new ImapCommand.Transfer(ImapVerb.MOVE, true, SequenceSet.ofRanges(1, 1, 3, 3), "Archive"));
        assertThat(parse("COPY $ Archive"))
                .isEqualTo(new ImapCommand.Transfer(ImapVerb.COPY, false, SequenceSet.savedResult(), "Archive"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1:", ":1", "1,,2", "1,", "4294967296", "-1", "1:2:3", "x", "1;2", "*:0", "$,1", "99999999999999999999"})
    void brokenSequenceSetIsBad(String set) {
        assertThat(refusal("COPY " + set + " x").kind()).isEqualTo(Kind.BAD);
    }

    @Test
    void othersAreRead() {
        assertThat(parse("COMPRESS deflate")).isEqualTo(new ImapCommand.Compress("DEFLATE"));
        assertThat(parse("LANGUAGE")).isEqualTo(new ImapCommand.Language(List.of()));
        assertThat(parse("LANGUAGE de \"en-GB\"")).isEqualTo(new ImapCommand.Language(List.of("de", "en-GB")));
        assertThat(parse("CANCELUPDATE \"a7\"")).isEqualTo(new ImapCommand.CancelUpdate(List.of("a7")));
        assertThat(parse("RESETKEY")).isEqualTo(new ImapCommand.UrlAuth(ImapVerb.RESETKEY, List.of()));
        assertThat(parse("RESETKEY Entw&APw-rfe internal"))
                .isEqualTo(new ImapCommand.UrlAuth(ImapVerb.RESETKEY, List.of("Entw\u00fcrfe", "INTERNAL")));
        assertThat(refusal("URLFETCH").kind()).isEqualTo(Kind.BAD);
    }
}
