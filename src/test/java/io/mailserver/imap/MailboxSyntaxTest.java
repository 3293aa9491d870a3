package io.mailserver.imap;

import static io.mailserver.imap.Commands.UTF8;
import static io.mailserver.imap.Commands.parse;
import static io.mailserver.imap.Commands.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.imap.AppendMessage.Piece;
import io.mailserver.imap.AppendMessage.Source;
import io.mailserver.imap.ImapCommand.SetAcl;
import io.mailserver.imap.NotifyEvents.Event;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands about mailboxes and their properties. */
class MailboxSyntaxTest {
    @Test
    void selectTakesCondstoreAndQresync() {
        assertThat(parse("SELECT INBOX")).isEqualTo(new ImapCommand.Select(ImapVerb.SELECT, "INBOX", false, Optional.empty()));
        assertThat(parse("EXAMINE a (CONDSTORE)")).isEqualTo(new ImapCommand.Select(ImapVerb.EXAMINE, "a", true, Optional.empty()));
        assertThat(parse("SELECT a (QRESYNC (67890007 20050715194045000 41,43:211,214:541 (1,3 41,43)))"))
                .isEqualTo(new ImapCommand.Select(ImapVerb.SELECT, "a", false, Optional.of(new Qresync(
                        67890007L, 20050715194045000L, Optional.of(SequenceSet.ofRanges(41, 41, 43, 211, 214, 541)),
                        Optional.of(new Qresync.KnownPairs(SequenceSet.ofRanges(1, 1, 3, 3), SequenceSet.ofRanges(41, 41, 43, 43)))))));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SELECT", "SELECT a b", "SELECT a ()", "SELECT a (FROB)", "SELECT a (QRESYNC)", "SELECT a (QRESYNC (1))",
        "SELECT a (QRESYNC (0 1))",
        "SELECT a (QRESYNC (1 0))", "SELECT a (QRESYNC (1 1 1:*))", "SELECT a (QRESYNC (1 1 $))", "SELECT a (QRESYNC (1 1 (1:2 1:3)))",
        "CREATE", "CREATE a (USE)", "CREATE a (FROB (\\Sent))", "CREATE a (USE (Sent))", "RENAME a", "STATUS a", "STATUS a ()",
        "STATUS a (FROB)", "STATUS a MESSAGES", "LIST", "LIST a", "LIST a ()", "LIST (RECURSIVEMATCH) a b", "LIST (FROB) a b",
        "LIST a b RETURN", "LIST a b FROB", "LIST a b RETURN (FROB)", "LIST a b RETURN (STATUS ())", "LSUB a", "ID", "SETQUOTA a STORAGE 1",
        "SETQUOTA a (STORAGE)", "GETMETADATA a", "GETMETADATA a comment", "GETMETADATA a /private", "GETMETADATA a /shared/x/",
        "GETMETADATA a /shared//x", "GETMETADATA a /shared/*", "GETMETADATA (DEPTH 2) a /shared/x", "SETMETADATA a (/shared/x)",
        "SETMETADATA a /shared/x y", "SETACL a b", "SETACL a b LR", "SETACL a \"\" lr", "DELETEACL a", "LISTRIGHTS a", "MYRIGHTS",
        "NOTIFY", "NOTIFY FROB", "NOTIFY SET", "NOTIFY SET (frob NONE)", "NOTIFY SET (personal)", "NOTIFY SET (personal ())",
        "NOTIFY SET (personal (MessageNew))", "NOTIFY SET (personal (FlagChange))", "NOTIFY SET (mailboxes NONE)",
        "APPEND a", "APPEND a (\\Seen)", "APPEND a x", "APPEND a \"x\" {1}\r\nx", "APPEND a {1}\r\nx y", "APPEND a {1}\r\nx (\\Seen)",
        "APPEND a UTF8 (~{1}\r\nx)", "APPEND a CATENATE ()", "APPEND a CATENATE (FROB x)", "APPEND a {9}\r\nx", "REPLACE 0 a {1}\r\nx",
        "REPLACE 1:2 a {1}\r\nx", "REPLACE 1 a", "APPEND a \"32-Feb-2024 00:00:00 +0000\" {1}\r\nx"
    })
    void brokenCommandIsBad(String text) {
        assertThat(refusal(text).kind()).isEqualTo(StatusResponse.Kind.BAD);
    }

    @Test
    void createTakesSpecialUses() {
        assertThat(parse("CREATE a/")).isEqualTo(new ImapCommand.Create("a/", List.of()));
        assertThat(parse("CREATE a (USE (\\Drafts \\Sent))")).isEqualTo(new ImapCommand.Create("a", List.of("\\Drafts", "\\Sent")));
        assertThat(parse("CREATE a (USE ())")).isEqualTo(new ImapCommand.Create("a", List.of()));
    }

    @Test
    void basicListIsNotExtended() {
        assertThat(parse("LIST \"\" a/%*"))
                .isEqualTo(new ImapCommand.ListMailboxes(false, Set.of(), "", List.of("a/%*"), Set.of(), List.of(), List.of()));
    }

    @Test
    void extendedListHasOptionsAndPatterns() {
        assertThat(parse("LIST (SUBSCRIBED recursivematch) \"\" (a \"b c\") RETURN (CHILDREN SPECIAL-USE MYRIGHTS"
                        + " STATUS (MESSAGES DELETED-STORAGE) METADATA (\"/shared/Comment\"))"))
                .isEqualTo(new ImapCommand.ListMailboxes(
                        true,
                        Set.of(ListOptions.Select.SUBSCRIBED, ListOptions.Select.RECURSIVEMATCH),
                        "",
                        List.of("a", "b c"),
                        Set.of(ListOptions.Return.CHILDREN, ListOptions.Return.SPECIAL_USE, ListOptions.Return.MYRIGHTS),
                        List.of(StatusItem.MESSAGES, StatusItem.DELETED_STORAGE),
                        List.of("/shared/comment")));
        assertThat(((ImapCommand.ListMailboxes) parse("LIST () \"\" a")).extended()).isTrue();
        assertThat(((ImapCommand.ListMailboxes) parse("LIST \"\" a RETURN ()")).extended()).isTrue();
    }

    @Test
    void statusItemsComeOnce() {
        assertThat(parse("STATUS a (UIDNEXT messages uidnext)"))
                .isEqualTo(new ImapCommand.Status("a", List.of(StatusItem.UIDNEXT, StatusItem.MESSAGES)));
    }

    @Test
    void quotaIsRead() {
        assertThat(parse("GETQUOTA \"\"")).isEqualTo(new ImapCommand.GetQuota(""));
        assertThat(parse("SETQUOTA \"\" (storage 512)"))
                .isEqualTo(new ImapCommand.SetQuota("", List.of(new ImapCommand.SetQuota.Limit("STORAGE", 512))));
    }

    @Test
    void metadataOptionsStandBeforeOrBehindTheMailbox() {
        ImapCommand expected = new ImapCommand.GetMetadata("INBOX", List.of("/private/a"), OptionalLong.of(1024), Integer.MAX_VALUE);
        assertThat(parse("GETMETADATA (MAXSIZE 1024 DEPTH infinity) INBOX /private/a")).isEqualTo(expected);
        assertThat(parse("GETMETADATA INBOX (DEPTH infinity MAXSIZE 1024) (/private/A)")).isEqualTo(expected);
    }

    @Test
    void metadataValuesAreOctets() {
        assertThat(parse("SETMETADATA \"\" (/private/a NIL /shared/b ~{2}\r\n\0\u00ff /shared/c \"x\")"))
                .isEqualTo(new ImapCommand.SetMetadata("", List.of(
                        new ImapCommand.SetMetadata.Entry("/private/a", Optional.empty()),
                        new ImapCommand.SetMetadata.Entry("/shared/b", Optional.of(Octets.copyOf(new byte[] {0, -1}))),
                        new ImapCommand.SetMetadata.Entry("/shared/c", Optional.of(Octets.of("x"))))));
    }

    @Test
    void rightsAreSetAddedOrRemoved() {
        assertThat(parse("SETACL a bob lr")).isEqualTo(new SetAcl("a", "bob", SetAcl.RightsChange.REPLACE, "lr"));
        assertThat(parse("SETACL a bob +te")).isEqualTo(new SetAcl("a", "bob", SetAcl.RightsChange.ADD, "te"));
        assertThat(parse("SETACL a bob \"-\"")).isEqualTo(new SetAcl("a", "bob", SetAcl.RightsChange.REMOVE, ""));
        assertThat(parse("LISTRIGHTS a bob")).isEqualTo(new ImapCommand.OfIdentifier(ImapVerb.LISTRIGHTS, "a", "bob"));
    }

    @Test
    void notifyIsRead() {
        assertThat(parse("NOTIFY NONE")).isEqualTo(new ImapCommand.Notify(false, List.of()));
        assertThat(parse("NOTIFY SET STATUS (selected (MessageNew (UID FLAGS) MessageExpunge)) (subtree (a b) NONE)"
                        + " (inboxes (MessageNew MessageExpunge FlagChange))"))
                .isEqualTo(new ImapCommand.Notify(true, List.of(
                        new NotifyEvents(
                                MailboxFilter.Plain.SELECTED,
                                Set.of(Event.MESSAGENEW, Event.MESSAGEEXPUNGE),
                                List.of(FetchItem.Attribute.UID, FetchItem.Attribute.FLAGS)),
                        new NotifyEvents(new MailboxFilter.Subtree(List.of("a", "b")), Set.of(), List.of()),
                        new NotifyEvents(
                                MailboxFilter.Plain.INBOXES,
                                Set.of(Event.MESSAGENEW, Event.MESSAGEEXPUNGE, Event.FLAGCHANGE),
                                List.of()))));
    }

    @Test
    void unknownEventIsAnsweredWithThoseThereAre() {
        assertThat(refusal("NOTIFY SET (personal (Frob))").code())
                .hasValueSatisfying(code -> assertThat(((ResponseCode.BadEvent) code).events()).contains("MessageNew"));
    }

    @Test
    void appendTakesFlagsDateAndSeveralMessages() {
        ImapCommand.Append append = (ImapCommand.Append) parse(
                "APPEND a (\\Seen x) \" 1-Feb-1994 21:52:25 -0800\" {2}\r\nab () ~{3+}\r\na\0c \"17-Jul-1996 02:44:25 +0000\" {0}\r\n");
        assertThat(append.messages()).extracting(AppendMessage::flags).containsExactly(List.of("\\Seen", "x"), List.of(), List.of());
        assertThat(append.messages()).extracting(AppendMessage::internalDate).containsExactly(
                Optional.of(Instant.parse("1994-02-02T05:52:25Z")), Optional.empty(), Optional.of(Instant.parse("1996-07-17T02:44:25Z")));
        assertThat(append.messages()).extracting(message -> ((Source.Literal) message.source()).content().size())
                .containsExactly(2L, 3L, 0L);
        assertThat(append.messages()).extracting(message -> ((Source.Literal) message.source()).binary())
                .containsExactly(false, true, false);
    }

    @Test
    void appendTakesUtf8WhenEnabled() {
        ImapCommand.Append append = (ImapCommand.Append) parse("APPEND a UTF8 (~{2}\r\nab)", UTF8);
        assertThat(((Source.Literal) append.messages().getFirst().source()).utf8()).isTrue();
    }

    @Test
    void appendTakesPieces() {
        ImapCommand.Append append =
                (ImapCommand.Append) parse("APPEND a CATENATE (URL \"/INBOX/;UID=20/;SECTION=HEADER\" TEXT {2}\r\nab)");
        List<Piece> pieces = ((Source.Catenate) append.messages().getFirst().source()).pieces();
        assertThat(pieces.getFirst()).isEqualTo(new Piece.Url("/INBOX/;UID=20/;SECTION=HEADER"));
        assertThat(((Piece.Text) pieces.get(1)).content().size()).isEqualTo(2);
    }

    @Test
    void replaceNamesOneMessage() {
        ImapCommand.Replace replace = (ImapCommand.Replace) parse("UID REPLACE * a (\\Draft) {2}\r\nab");
        assertThat(replace.uid()).isTrue();
        assertThat(replace.number()).isEqualTo(SequenceSet.STAR);
    }
}
