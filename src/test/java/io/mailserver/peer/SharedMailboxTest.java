package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sharing over the real store and directory, by Python's imaplib: two accounts, and one that is removed and made again. */
@Tag("peer")
class SharedMailboxTest {
    private static final String SCRIPT = """
            import imaplib, sys
            port, owner, password, friend = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
            def login(user):
                imap = imaplib.IMAP4('127.0.0.1', port)
                imap.login(user, password if user == owner else 'a friend of mine')
                return imap
            def ok(answer):
                assert answer[0] == 'OK', answer
                return answer[1]
            shared = '"Other Users/' + owner + '/INBOX"'
            one = login(owner)
            other = login(friend)
            if len(sys.argv) > 5:  # made again: nothing is left for it
                assert other.status(shared, '(MESSAGES)')[0] == 'NO'
                assert ok(other.list('"Other Users/"', '*')) == [None]
                assert friend.encode() not in ok(one.getacl('INBOX'))[0]
                sys.exit(0)
            assert b'ACL' in other.capability()[1][0].split()
            ok(one.setacl('INBOX', friend, 'lrswi'))
            assert (friend + ' lrswi').encode() in ok(one.getacl('INBOX'))[0], one.getacl('INBOX')
            assert ok(other.myrights(shared))[0].endswith(b'lrswi')
            assert any(b'Other Users/' in line for line in ok(other.list()))
            assert ok(other.select(shared)) == [b'3']
            ok(other.store('1', '+FLAGS', '\\\\Flagged'))
            assert other.store('1', '+FLAGS', '\\\\Deleted')[0] == 'NO'
            assert other.expunge()[0] == 'NO'
            assert b'This is text 2.' in ok(other.fetch('2', '(BODY[TEXT])'))[0][1]
            assert ok(other.search(None, 'TEXT', '"is text 3"')) == [b'3']
            ok(other.copy('1:3', 'INBOX'))
            ok(other.select('INBOX'))
            assert ok(other.search(None, 'FLAGGED')) == [b'1']
            assert ok(other.search(None, 'SUBJECT', '"message 2"')) == [b'2']
            ok(other.copy('2', shared))
            ok(one.select('INBOX'))
            assert ok(one.search(None, 'FLAGGED')) == [b'1']
            assert ok(one.search(None, 'SUBJECT', '"message 2"')) == [b'2 4']
            """;

    @TempDir
    private Path folder;

    @Test
    void twoAccountsShareAMailbox() throws Exception {
        Program python = Program.require("python3", "python3");
        Path script = Files.writeString(folder.resolve("sharing.py"), SCRIPT);
        String friend = "friend@example.com";
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(3);
            mailbox.addAccount(friend, "a friend of mine");
            Program.Result result =
                    python.run(script.toString(), "" + mailbox.port(), ImapMailbox.USER, mailbox.password(), friend);
            assertThat(result.status()).as(result.output() + mailbox.output()).isZero();
            mailbox.removeAccount(friend);
            mailbox.addAccount(friend, "a friend of mine");
            Program.Result again =
                    python.run(script.toString(), "" + mailbox.port(), ImapMailbox.USER, mailbox.password(), friend, "again");
            assertThat(again.status()).as(again.output() + mailbox.output()).isZero();
        }
    }
}
