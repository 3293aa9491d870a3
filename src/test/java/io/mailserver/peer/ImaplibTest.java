package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Python's imaplib, over each way in. */
@Tag("peer")
class ImaplibTest {
    private static final String READ = """
            import imaplib, ssl, sys
            port, tls, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
            context = ssl._create_unverified_context()
            if tls == 'implicit':
                imap = imaplib.IMAP4_SSL('127.0.0.1', port, ssl_context=context)
            else:
                imap = imaplib.IMAP4('127.0.0.1', port)
                if tls == 'starttls':
                    imap.starttls(ssl_context=context)
            def ok(answer):
                assert answer[0] == 'OK', answer
                return answer[1]
            ok(imap.login(user, password))
            assert ok(imap.select('INBOX')) == [b'3']
            assert ok(imap.uid('FETCH', '1:*', '(FLAGS)'))[2].endswith(b'(UID 3 FLAGS (\\\\Recent))'), imap.uid('FETCH', '1:*', '(FLAGS)')
            message = ok(imap.fetch('2', '(RFC822)'))
            assert b'This is text 2.' in message[0][1], message
            envelope = ok(imap.fetch('1', '(ENVELOPE BODYSTRUCTURE)'))[0]
            assert b'"message 1"' in envelope and b'"TEXT" "PLAIN"' in envelope.upper(), envelope
            assert b'\\\\Seen' in ok(imap.fetch('2', '(FLAGS)'))[0]
            ok(imap.append('Sent', '(\\\\Seen)', imaplib.Time2Internaldate(1577836800), b'Subject: appended\\r\\n\\r\\ntext\\r\\n'))
            assert ok(imap.status('Sent', '(MESSAGES UNSEEN)'))[0] == b'"Sent" (MESSAGES 1 UNSEEN 0)'
            ok(imap.copy('1:2', 'Archive'))
            ok(imap.store('1', '+FLAGS', '\\\\Deleted'))
            assert ok(imap.expunge()) == [b'1']
            ok(imap.create('Work/2026'))
            assert any(b'Work/2026' in line for line in ok(imap.list()))
            ok(imap.rename('Work', 'Play'))
            ok(imap.delete('Play/2026'))
            ok(imap.close())
            imap.logout()
            """;

    @TempDir
    private Path folder;

    @Test
    void readsOverTls() throws Exception {
        read("implicit");
    }

    @Test
    void readsOverStartTls() throws Exception {
        read("starttls");
    }

    @Test
    void readsInPlaintextFromWhereItMay() throws Exception {
        read("none");
    }

    private void read(String tls) throws Exception {
        Program python = Program.require("python3", "python3");
        Path script = Files.writeString(folder.resolve("read.py"), READ);
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(3);
            int port = tls.equals("implicit") ? mailbox.tlsPort() : mailbox.port();
            Program.Result result = python.run(script.toString(), "" + port, tls, ImapMailbox.USER, mailbox.password());
            assertThat(result.status()).as(result.output() + mailbox.output()).isZero();
        }
    }
}
