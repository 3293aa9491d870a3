package io.mailserver.imap;

import static io.mailserver.imap.Commands.UTF8;
import static io.mailserver.imap.Commands.parse;
import static io.mailserver.imap.Commands.refusal;
import static io.mailserver.imap.Commands.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.imap.SearchKey.Plain;
import io.mailserver.imap.SearchReturn.Option;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchSyntaxTest {
    private static SearchKey key(String text) {
        return ((ImapCommand.Search) parse("SEARCH " + text)).key();
    }

    private static SearchReturn returns(String text) {
        return ((ImapCommand.Search) parse("UID SEARCH RETURN " + text + " ALL")).returns().orElseThrow();
    }

    @Test
    void keysAreReadAsATree() {
        assertThat(key("OR (SEEN 1:3) NOT UID $ UNKEYWORD $Junk"))
                .isEqualTo(new SearchKey.And(List.of(
                        new SearchKey.Or(
                                new SearchKey.And(List.of(
                                        new SearchKey.Flag("\\Seen", true), new SearchKey.Sequence(SequenceSet.range(1, 3)))),
                                new SearchKey.Not(new SearchKey.Uid(SequenceSet.savedResult()))),
                        new SearchKey.Flag("$Junk", false))));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ALL", "ANSWERED", "BCC x", "BEFORE 1-Feb-1994", "BODY x", "CC x", "DELETED", "DRAFT", "FLAGGED", "FROM x",
        "HEADER X-Y \"\"", "KEYWORD a", "LARGER 0", "NEW", "NOT SEEN", "OLD", "ON 01-feb-2024", "OR SEEN DRAFT", "RECENT", "SEEN",
        "SENTBEFORE \"1-Feb-1994\"", "SENTON 1-Feb-1994", "SENTSINCE 1-Feb-1994", "SINCE 1-Feb-1994", "SMALLER 9999999999",
        "SUBJECT \"a b\"", "TEXT {3}\r\nabc", "TO x", "UID 1:*", "UNANSWERED", "UNDELETED", "UNDRAFT", "UNFLAGGED",
        "UNKEYWORD a", "UNSEEN", "OLDER 3600", "YOUNGER 60", "MODSEQ 620162338", "MODSEQ \"/flags/\\\\draft\" all 620162338",
        "EMAILID M6d99ac3275bb4e", "THREADID T1", "SAVEDBEFORE 1-Feb-1994", "SAVEDON 1-Feb-1994", "SAVEDSINCE 1-Feb-1994",
        "SAVEDATESUPPORTED", "FUZZY SUBJECT x", "FILTER on-the-road", "*", "2,4:7,9,12:*", "$", "(((ALL)))", "CHARSET UTF-8 TEXT x",
        "RETURN () ALL", "RETURN (MIN MAX COUNT) CHARSET US-ASCII ALL"
    })
    void everyKeyIsKnown(String text) {
        assertThat(parse("SEARCH " + text)).isInstanceOf(ImapCommand.Search.class);
        assertThat(key("OLDER 3600")).isEqualTo(new SearchKey.Older(3600));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "FROB", "NOT", "OR SEEN", "()", "(SEEN", "SEEN)", "BEFORE 31-Feb-2024", "BEFORE 1-Foo-2024", "BEFORE 1/2/2024", "LARGER x",
        "YOUNGER 0", "FROM", "HEADER \"a b\" x", "HEADER x", "KEYWORD \\Seen", "UID x", "MODSEQ \"/x\" all 1", "MODSEQ \"/flags/a\" some 1",
        "TEXT \"\u00ff\"", "RETURN ALL", "RETURN (FROB) ALL", "RETURN (PARTIAL 1:2 ALL) ALL", "RETURN (PARTIAL 0:2) ALL",
        "RETURN (PARTIAL 1:-2) ALL", "RETURN (MIN)", "CHARSET UTF-8", "RETURN (COUNT)ALL", "RETURN (PARTIAL) ALL"
    })
    void brokenSearchIsBad(String text) {
        assertThat(refusal("SEARCH " + text).kind()).isEqualTo(StatusResponse.Kind.BAD);
    }

    @Test
    void datesAreDays() {
        assertThat(key("SENTSINCE 9-Nov-2026"))
                .isEqualTo(new SearchKey.Date(SearchKey.DateKind.SENT, SearchKey.DateRelation.SINCE, LocalDate.of(2026, 11, 9)));
    }

    @Test
    void stringsAreDecodedFromTheCharset() {
        SearchKey expected = new SearchKey.Text("\u00fc");
        assertThat(key("CHARSET UTF-8 TEXT {2}\r\n" + utf8("\u00fc"))).isEqualTo(expected);
        assertThat(key("CHARSET iso-8859-1 TEXT \"\u00fc\"")).isEqualTo(expected);
        assertThat(key("TEXT \"" + utf8("\u00fc") + "\"")).isEqualTo(expected);
    }

    @Test
    void unknownCharsetIsAnsweredWithThoseThereAre() {
        assertThat(refusal("SEARCH CHARSET x-frob ALL").code()).hasValueSatisfying(
                code -> assertThat(code).isInstanceOf(ResponseCode.BadCharset.class));
        assertThat(refusal("SEARCH CHARSET \"a b\" ALL").code()).isPresent();
    }

    @Test
    void charsetIsRefusedWhenAllIsUtf8() {
        assertThat(refusal("SEARCH CHARSET UTF-8 ALL", UTF8).kind()).isEqualTo(StatusResponse.Kind.BAD);
    }

    @Test
    void nestingAndSizeHaveLimits() {
        assertThat(refusal("SEARCH " + "(".repeat(10_000)).text()).contains("nested");
        assertThat(refusal("SEARCH " + "NOT ".repeat(10_000) + "ALL").text()).contains("nested");
        assertThat(refusal("SEARCH ALL" + " ALL".repeat(5_000)).text()).contains("5000");
    }

    @Test
    void returnOptionsHaveDefaults() {
        assertThat(returns("()")).isEqualTo(new SearchReturn(Set.of(Option.ALL), Optional.empty()));
        assertThat(returns("(SAVE)")).isEqualTo(new SearchReturn(Set.of(Option.SAVE), Optional.empty()));
        assertThat(returns("(CONTEXT)").has(Option.ALL)).isTrue();
        assertThat(returns("(COUNT PARTIAL -100:-1)"))
                .isEqualTo(new SearchReturn(Set.of(Option.COUNT), Optional.of(new SearchReturn.Partial(-1, -100))));
    }

    @Test
    void sortAndThreadNameTheCharset() {
        assertThat(parse("UID SORT (REVERSE DATE DISPLAYFROM) UTF-8 ALL"))
                .isEqualTo(new ImapCommand.Sort(
                        true, Optional.empty(),
                        List.of(new SortKey(SortKey.By.DATE, true), new SortKey(SortKey.By.DISPLAYFROM, false)), Plain.ALL));
        assertThat(parse("SORT RETURN (COUNT) (SUBJECT) US-ASCII ALL")).isInstanceOf(ImapCommand.Sort.class);
        assertThat(parse("THREAD references UTF-8 SEEN"))
                .isEqualTo(new ImapCommand.ThreadMessages(false, "REFERENCES", new SearchKey.Flag("\\Seen", true)));
        assertThat(refusal("SORT (FROB) UTF-8 ALL").kind()).isEqualTo(StatusResponse.Kind.BAD);
        assertThat(refusal("SORT () UTF-8 ALL").kind()).isEqualTo(StatusResponse.Kind.BAD);
        assertThat(refusal("SORT (REVERSE) UTF-8 ALL").kind()).isEqualTo(StatusResponse.Kind.BAD);
    }

    @Test
    void multiSearchNamesMailboxes() {
        assertThat(parse("ESEARCH IN (mailboxes (\"a\" b) subtree-one c personal) RETURN (COUNT) SEEN"))
                .isEqualTo(new ImapCommand.MultiSearch(
                        List.of(
                                new MailboxFilter.Mailboxes(List.of("a", "b")),
                                new MailboxFilter.SubtreeOne(List.of("c")),
                                MailboxFilter.Plain.PERSONAL),
                        new SearchReturn(Set.of(Option.COUNT), Optional.empty()), new SearchKey.Flag("\\Seen", true)));
        assertThat(((ImapCommand.MultiSearch) parse("ESEARCH ALL")).in()).isEmpty();
        assertThat(refusal("ESEARCH IN (selected-delayed) ALL").kind()).isEqualTo(StatusResponse.Kind.BAD);
        assertThat(refusal("ESEARCH IN () ALL").kind()).isEqualTo(StatusResponse.Kind.BAD);
    }
}
