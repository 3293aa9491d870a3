package io.mailserver.peer;

import static io.mailserver.peer.LocalStore.describe;
import static io.mailserver.peer.LocalStore.mailbox;
import static io.mailserver.peer.LocalStore.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.store.AccountMail;
import io.mailserver.store.Flag;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MessageList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Maildir goes from Dovecot to us and from us to Dovecot with its UIDs, flags, keywords, folders and subscriptions. */
@Tag("peer")
class DovecotMaildirTest {
    /** Modified UTF-7 for Dovecot, what it stands for for us. */
    private static final List<String> ODD_NAMES =
            List.of("Entw&APw-rfe/v1.2", "~home", "back\\\\slash", "a&-b", ".dot", "x/y/z", "INBOX/sub", "star*", "100%");
    private static final List<String> ODD_TEXTS =
            List.of("Entwürfe/v1.2", "~home", "back\\slash", "a&b", ".dot", "x/y/z", "INBOX/sub", "star*", "100%");

    @TempDir
    Path data;

    @Test
    void aMaildirThatDovecotFilledKeepsNumbersKeywordsAndSubscriptions() throws Exception {
        Path empty = Files.createDirectories(data.resolve("empty"));
        try (Dovecot dovecot = Dovecot.start(empty); LocalStore store = new LocalStore(data)) {
            fill(dovecot);
            String uidValidity = after(dovecot.talk("LOGIN alice secret", "SELECT INBOX"), "UIDVALIDITY ");
            dovecot.stop();
            moveTree(dovecot.maildir(), store.maildir());
            try (AccountMail mail = store.open()) {
                MessageList list = mailbox(mail, "INBOX").messages();
                assertThat(Integer.toUnsignedString(list.uidValidity())).isEqualTo(uidValidity);
                assertThat(describe(list)).containsExactly("1 \\Flagged foo", "3 $Forwarded $Label1 \\Answered \\Seen", "4 \\Seen");
                assertThat(list.uidNext()).isEqualTo(5);
                assertThat(text(mailbox(mail, "INBOX"), 3)).isEqualTo("Subject: 3\r\n\r\nhello\r\n");
                assertThat(mail.mailboxes().all()).extracting(info -> info.name().text()).containsAll(ODD_TEXTS);
                assertThat(mailbox(mail, "Entwürfe/v1.2").messages().size()).isEqualTo(1);
                assertThat(mail.mailboxes().subscriptions()).extracting(MailboxName::text)
                        .contains("Entwürfe/v1.2", "~home").doesNotContain("star*");
            }
            assertThat(store.check()).isEmpty();
            store.log.assertNoErrors();
        }
    }

    private static void fill(Dovecot dovecot) throws IOException {
        String flags = "APPEND INBOX ";
        dovecot.talk("LOGIN alice secret", flags + "(\\Flagged foo) " + literal("1"), flags + literal("2"),
                flags + "(\\Seen $Forwarded $Label1) " + literal("3"), flags + "(\\Seen) " + literal("4"), "SELECT INBOX",
                "STORE 2 +FLAGS (\\Deleted)", "EXPUNGE", "STORE 2 +FLAGS (\\Answered)");
        for (String name : ODD_NAMES) {
            dovecot.talk("LOGIN alice secret", "CREATE \"" + name + "\"", "SUBSCRIBE \"" + name + "\"");
        }
        dovecot.talk("LOGIN alice secret", "UNSUBSCRIBE \"star*\"", "APPEND \"" + ODD_NAMES.getFirst() + "\" " + literal("odd"));
    }

    @Test
    void dovecotReadsWhatWeWrote() throws Exception {
        try (LocalStore store = new LocalStore(data)) {
            try (AccountMail mail = store.open()) {
                store.append(mail, "INBOX", served("1"), Flag.FLAGGED, new Flag("foo"));
                store.append(mail, "INBOX", served("2"), Flag.SEEN, new Flag("$Label1"), new Flag("foo"));
                store.append(mail, "INBOX", served("3"));
                for (String name : ODD_TEXTS) {
                    mail.mailboxes().create(MailboxName.of(name), Set.of());
                    mail.mailboxes().subscribe(MailboxName.of(name), true);
                }
                store.append(mail, "Entwürfe/v1.2", served("4"), Flag.DRAFT);
                mail.mailboxes().subscribe(MailboxName.of("star*"), false);
            }
            store.stop();
            try (Dovecot dovecot = Dovecot.start(store.maildir())) {
                String said = dovecot.talk("LOGIN alice secret", "LIST \"\" *", "LSUB \"\" *", "SELECT INBOX",
                        "FETCH 1:* (FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT)])",
                        "SELECT \"" + ODD_NAMES.getFirst() + "\"", "FETCH 1 FLAGS");
                assertThat(said).contains("* 1 FETCH (FLAGS (\\Flagged \\Recent foo) RFC822.SIZE 21 BODY[HEADER.FIELDS (SUBJECT)] {14}");
                assertThat(said).contains("* 2 FETCH (FLAGS (\\Seen \\Recent foo $Label1)", "* 3 FETCH (FLAGS (\\Recent) RFC822.SIZE 21");
                assertThat(said).contains("* 1 FETCH (FLAGS (\\Draft \\Recent))").doesNotContain("t NO ", "t BAD ");
                for (String name : ODD_NAMES) {
                    assertThat(said.replace("\"", "")).contains("* LIST (\\HasNoChildren) / " + name + "\r\n");
                    assertThat(said.replace("\"", "").contains("* LSUB () / " + name + "\r\n")).isEqualTo(!name.equals("star*"));
                }
                assertThat(dovecot.log()).doesNotContain("Error", "Warning: Maildir");
            }
            store.log.assertNoErrors();
        }
    }

    private static String message(String subject) {
        return "Subject: " + subject + "\n\nhello\n";
    }

    private static String served(String subject) {
        return message(subject).replace("\n", "\r\n");
    }

    private static String literal(String subject) {
        return "{" + message(subject).length() + "+}\r\n" + message(subject);
    }

    private static String after(String text, String mark) {
        int start = text.indexOf(mark) + mark.length();
        return text.substring(start, text.indexOf(']', start));
    }

    private static void moveTree(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
