package io.mailserver.peer;

import static io.mailserver.peer.LocalStore.describe;
import static io.mailserver.peer.LocalStore.mailbox;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailserver.store.AccountMail;
import io.mailserver.store.Change;
import io.mailserver.store.Mailbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** mutt works in the Maildir while somebody looks at the mailbox through us. */
@Tag("peer")
class MuttBesideTest {
    @TempDir
    private Path folder;

    @Test
    void whatMuttDoesIsNoticedAtOnce() throws Exception {
        Program.require("mutt", "mutt");
        Program script = Program.require("script", "bsdutils");
        Queue<Change> changes = new ConcurrentLinkedQueue<>();
        try (LocalStore store = new LocalStore(folder);
                AccountMail mail = store.open();
                AccountMail.Watch watch = mail.watch(changes::add)) {
            assertThat(watch).isNotNull();
            for (int i = 1; i <= 3; i++) {
                store.append(mail, "INBOX", "From: a@b\r\nSubject: " + i + "\r\n\r\nx\r\n");
            }
            Mailbox inbox = mailbox(mail, "INBOX");
            assertThat(describe(inbox.messages())).hasSize(3);
            changes.clear();
            Path settings = folder.resolve("muttrc");
            Files.writeString(settings, """
                    set mbox_type=Maildir wait_key=no quit=yes delete=yes sort=date-received maildir_trash=no mark_old=no
                    set folder="%1$s" record="" tmpdir="%1$s"
                    push "<first-entry><flag-message><next-entry><delete-message><sync-mailbox><quit>"
                    """.formatted(folder));
            String command = "mutt -n -F " + settings + " -f " + store.maildir();
            String said = script.run("", Map.of("TERM", "vt100", "HOME", folder.toString()), "-qec", command, "/dev/null").output();
            await(said).until(() -> inbox.messages().size() == 2 && !inbox.messages().withFlags(2).isEmpty());
            assertThat(describe(inbox.messages())).anyMatch(line -> line.contains("\\Flagged"));
            assertThat(changes).isNotEmpty();
            assertThat(store.check()).isEmpty();
            store.log.assertNoErrors();
        }
    }
}
