package io.mailserver.imap;

import static io.mailserver.imap.Commands.parse;
import static io.mailserver.imap.Commands.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.imap.FetchItem.Attribute;
import io.mailserver.imap.ImapCommand.Store.Change;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchSyntaxTest {
    private static List<FetchItem> items(String text) {
        return ((ImapCommand.Fetch) parse("FETCH 1 " + text)).items();
    }

    @Test
    void macrosAreExpanded() {
        assertThat(items("fast")).containsExactly(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.RFC822_SIZE);
        assertThat(items("ALL")).hasSize(4).endsWith(Attribute.ENVELOPE);
        assertThat(items("FULL")).hasSize(5).endsWith(Attribute.BODY);
    }

    @Test
    void itemsNamedTwiceComeOnce() {
        assertThat(items("(UID FLAGS uid)")).containsExactly(Attribute.UID, Attribute.FLAGS);
    }

    @ParameterizedTest
    @CsvSource({
        "FLAGS, FLAGS", "RFC822.SIZE, RFC822.SIZE", "RFC822, RFC822", "rfc822.header, RFC822.HEADER", "RFC822.TEXT, RFC822.TEXT",
        "BODY, BODY", "BODYSTRUCTURE, BODYSTRUCTURE", "MODSEQ, MODSEQ", "EMAILID, EMAILID", "THREADID, THREADID",
        "SAVEDATE, SAVEDATE", "PREVIEW, PREVIEW", "PREVIEW (LAZY), PREVIEW", "BODY[], BODY[]", "body.peek[], BODY[]",
        "BODY[]<5.10>, BODY[]<5>", "BODY[TEXT], BODY[TEXT]", "BODY[1.2], BODY[1.2]", "BODY[1.2.MIME], BODY[1.2.MIME]",
        "BODY.PEEK[3.HEADER], BODY[3.HEADER]", "BODY[HEADER.FIELDS (from \"To\")], BODY[HEADER.FIELDS (from To)]",
        "BODY[2.header.fields.not (a)]<0.1>, BODY[2.HEADER.FIELDS.NOT (a)]<0>",
        "BODY[HEADER.FIELDS (\"a(b\")], BODY[HEADER.FIELDS (\"a(b\")]",
        "BINARY[1], BINARY[1]", "BINARY.PEEK[1.2]<3.4>, BINARY[1.2]<3>", "BINARY[], BINARY[]", "BINARY.SIZE[2], BINARY.SIZE[2]"
    })
    void itemsAreAnsweredUnderTheirName(String item, String response) {
        assertThat(items(item)).singleElement().extracting(FetchItem::responseName).isEqualTo(response);
    }

    @Test
    void sectionsAreReadWithTheirRange() {
        assertThat(items("BODY.PEEK[1.2.HEADER.FIELDS (a b)]<7.9>"))
                .containsExactly(new FetchItem.Body(
                        true,
                        new Section(List.of(1, 2), Section.Kind.HEADER_FIELDS, List.of("a", "b")),
                        Optional.of(new ByteRange(7, 9))));
    }

    @Test
    void onlySomeItemsSetSeen() {
        assertThat(items("(RFC822 RFC822.TEXT BODY[] BINARY[1])")).allMatch(FetchItem::setsSeen);
        assertThat(items("(RFC822.HEADER BODY BODY.PEEK[] BINARY.PEEK[1] BINARY.SIZE[1] PREVIEW FLAGS)")).noneMatch(FetchItem::setsSeen);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "()", "(FLAGS", "(FLAGS )", "(FAST)", "FROB", "BODY[", "BODY[1", "BODY[1.]", "BODY[.1]", "BODY[0]", "BODY[MIME]", "BODY[1 ]",
        "BODY[]<1>", "BODY[]<1.0>", "BODY[]<-1.5>", "BODY[]<1.5", "BODY[HEADER.FIELDS]", "BODY[HEADER.FIELDS ()]",
        "BODY[HEADER.FIELDS (\"\")]", "BODY[HEADER.FIELDS (a:)]", "BODY[HEADER (a)]", "BODY[1TEXT]",
        "BODY.PEEK", "BINARY", "BINARY[1.MIME]",
        "BINARY.SIZE[1]<0.1>", "PREVIEW (FAST)", "FLAGS FLAGS", "FLAGS (VANISHED)", "FLAGS (CHANGEDSINCE 1 VANISHED)", "FLAGS (FROB)",
        "FLAGS (CHANGEDSINCE)", "FLAGS (CHANGEDSINCE 99999999999999999999)", "FLAGS (PARTIAL 1:2)"
    })
    void brokenFetchIsBad(String items) {
        assertThat(refusal("FETCH 1 " + items).kind()).isEqualTo(StatusResponse.Kind.BAD);
    }

    @Test
    void partsNestedTooDeeplyAreBad() {
        assertThat(refusal("FETCH 1 BODY[" + "1.".repeat(200) + "1]").kind()).isEqualTo(StatusResponse.Kind.BAD);
    }

    @Test
    void modifiersFollowTheItems() {
        assertThat(parse("UID FETCH 1:* (FLAGS) (CHANGEDSINCE 12345 VANISHED)"))
                .isEqualTo(new ImapCommand.Fetch(
                        true, SequenceSet.range(1, SequenceSet.STAR), List.of(Attribute.FLAGS), OptionalLong.of(12345), true,
                        Optional.empty()));
        assertThat(((ImapCommand.Fetch) parse("UID FETCH 1:* PREVIEW (PARTIAL -1:-30)")).partial())
                .contains(new SearchReturn.Partial(-1, -30));
    }

    @Test
    void storeIsReadInAllItsForms() {
        assertThat(parse("STORE 1 +FLAGS.SILENT (\\seen $Junk)"))
                .isEqualTo(new ImapCommand.Store(
                        false, SequenceSet.range(1, 1), Change.ADD, true, List.of("\\Seen", "$Junk"), OptionalLong.empty()));
        assertThat(parse("UID STORE 1 (UNCHANGEDSINCE 0) -FLAGS \\Deleted a A"))
                .isEqualTo(new ImapCommand.Store(
                        true, SequenceSet.range(1, 1), Change.REMOVE, false, List.of("\\Deleted", "a"), OptionalLong.of(0)));
        assertThat(((ImapCommand.Store) parse("STORE 1 FLAGS ()")).flags()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "STORE 1 FLAGS", "STORE 1 FLAGS (\\Recent)", "STORE 1 FLAGS (\\*)", "STORE 1 FLAGS (\\Frob)", "STORE 1 =FLAGS (a)",
        "STORE 1 +FLAGSX (a)", "STORE 1 (FROB 1) FLAGS (a)", "STORE 1 FLAGS (a b", "STORE 1 FLAGS (a)b", "STORE 1 FLAGS (\"a\")",
        "STORE 1 (UNCHANGEDSINCE -1) FLAGS (a)"
    })
    void brokenStoreIsBad(String text) {
        assertThat(refusal(text).kind()).isEqualTo(StatusResponse.Kind.BAD);
    }
}
