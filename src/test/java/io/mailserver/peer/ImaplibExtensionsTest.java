package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Extensions over the real store, by Python's imaplib: searching, sorting, threads, metadata, quota, compression, UTF-8. */
@Tag("peer")
class ImaplibExtensionsTest {
    private static final String SCRIPT = """
            import imaplib, sys, zlib
            port, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
            def login():
                imap = imaplib.IMAP4('127.0.0.1', port)
                imap.login(user, password)
                return imap
            def ok(answer):
                assert answer[0] == 'OK', answer
                return answer[1]
            def say(imap, what, *words):
                # What came before stays in untagged_responses under its name.
                imap.untagged_responses.clear()
                answer = imap.xatom(what, *words)
                assert answer[0] == 'OK', answer
                return dict(imap.untagged_responses)
            imap = login()
            greeting = 'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\\r\\nFrom: z@x.example\\r\\n\\r\\nfree text\\r\\n'
            ok(imap.append('INBOX', None, None, greeting.encode()))
            ok(imap.select('INBOX'))
            assert ok(imap.search(None, 'ALL')) == [b'1 2 3 4'], imap.search(None, 'ALL')
            assert ok(imap.search(None, 'TEXT', '"is TEXT 2"')) == [b'2']
            assert ok(imap.search(None, 'SUBJECT', 'message', 'NOT', 'SUBJECT', '3')) == [b'1 2']
            imap.literal = 'grüße'.encode()
            assert ok(imap.search('UTF-8', 'SUBJECT')) == [b'4']
            assert ok(imap.uid('SEARCH', 'OR', 'FROM', 'z@x', 'UID', '1')) == [b'1 4']
            assert ok(imap.sort('(REVERSE SUBJECT)', 'UTF-8', 'ALL'))[0].split()[-1] == b'4'
            assert len(ok(imap.thread('REFERENCES', 'UTF-8', 'ALL'))) == 1
            assert say(imap, 'SEARCH', 'RETURN (MIN MAX COUNT) ALL')['ESEARCH'][0].endswith(b'MIN 1 MAX 4 COUNT 4')
            say(imap, 'SEARCH', 'RETURN (SAVE) BODY free')
            assert ok(imap.fetch('$', '(UID)')) == [b'4 (UID 4)']
            assert ok(imap.getquotaroot('INBOX'))[0] == [b'INBOX ""'], imap.getquotaroot('INBOX')
            say(imap, 'SETMETADATA', 'INBOX (/private/comment "mine")')
            assert say(imap, 'GETMETADATA', 'INBOX /private/comment')['METADATA'] == [b'INBOX (/private/comment "mine")']
            listed = say(imap, 'LIST', '(SPECIAL-USE) "" "*" RETURN (STATUS (MESSAGES))')
            assert len(listed['LIST']) == 5 and len(listed['STATUS']) == 5, listed
            assert b'BINARY[1] {11}' in ok(imap.fetch('4', '(BINARY.PEEK[1])'))[0][0]
            imap.literal = b'Subject: new\\r\\n\\r\\n'
            say(imap, 'REPLACE', '4 INBOX')
            assert ok(imap.search(None, 'SUBJECT', 'new')) == [b'4']
            imap.logout()
            imap = login()
            assert ok(imap.enable('UTF8=ACCEPT'))
            ok(imap.create('"Entwürfe 2"'))
            assert any('Entwürfe 2'.encode() in line for line in ok(imap.list()))
            imap.logout()
            plain = login()
            assert any(b'Entw&APw-rfe 2' in line for line in ok(plain.list()))
            plain.send(b'c1 COMPRESS DEFLATE\\r\\n')
            assert plain.readline().startswith(b'c1 OK')
            deflate = zlib.compressobj(wbits=-15)
            inflate = zlib.decompressobj(wbits=-15)
            plain.send(deflate.compress(b'c2 SELECT INBOX\\r\\n') + deflate.flush(zlib.Z_SYNC_FLUSH))
            text = b''
            while b'c2 OK' not in text:
                text += inflate.decompress(plain.sock.recv(4096))
            assert b'* 4 EXISTS' in text, text
            """;

    @TempDir
    private Path folder;

    @Test
    void extensionsWork() throws Exception {
        Program python = Program.require("python3", "python3");
        Path script = Files.writeString(folder.resolve("extensions.py"), SCRIPT);
        try (ImapMailbox mailbox = new ImapMailbox(folder.resolve("data"))) {
            mailbox.receive(3);
            Program.Result result = python.run(script.toString(), "" + mailbox.port(), ImapMailbox.USER, mailbox.password());
            assertThat(result.status()).as(result.output() + mailbox.output()).isZero();
        }
    }
}
