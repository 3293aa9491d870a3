package io.mailserver.peer;

import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.SystemTime;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.store.AccountFolders;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.AccountStore;
import io.mailserver.store.DatabaseFiles;
import io.mailserver.store.Flag;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageList;
import io.mailserver.store.NewMessage;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The store alone, on the machine's disk and clock, with one account for a program of others to share the Maildir with. */
final class LocalStore implements AutoCloseable {
    private static final AccountKey ALICE = new AccountKey(new Domain("example.com"), "alice");

    final RecordingLog log = new RecordingLog();
    private final SystemTime time = new SystemTime();
    private final PlatformPool files = new PlatformPool("files", 4, 1_000);
    private final PlatformPool queries = new PlatformPool("queries", 2, 1_000);
    private final AccountStore store;
    private final AccountFolders folders;
    private final Path data;

    LocalStore(Path data) {
        this.data = data;
        folders = new AccountFolders(data, time);
        store = new AccountStore(new AccountStore.Parts(
                folders, data, new UniqueNames(time, "mx", 1, 0), new MaildirStatistics(),
                new DatabaseFiles(account -> folders.folder(account.domain(), account.localPart())), files, queries, time, log, "boot"));
    }

    AccountMail open() throws StoreException {
        return store.open(ALICE);
    }

    List<String> check() throws StoreException {
        return store.check(ALICE);
    }

    Path maildir() {
        return folders.maildir(ALICE.domain(), ALICE.localPart());
    }

    /** Writes what is late, as a stop does. */
    void stop() {
        store.close();
    }

    void append(AccountMail mail, String name, String message, Flag... flags) throws Exception {
        ContentSpool spool = new ContentSpool(data, files, 1 << 16, 1 << 16);
        try (ContentWriter writer = spool.newContent()) {
            byte[] octets = message.getBytes(StandardCharsets.UTF_8);
            writer.write(octets, 0, octets.length);
            try (Content content = writer.finish()) {
                mailbox(mail, name).append(List.of(new NewMessage(content, Set.of(flags), Instant.ofEpochSecond(1_700_000_000))));
            }
        }
    }

    static Mailbox mailbox(AccountMail mail, String name) throws StoreException {
        return mail.mailbox(mail.mailboxes().find(MailboxName.of(name)).orElseThrow().id());
    }

    static String text(Mailbox mailbox, int uid) throws IOException, StoreException {
        try (MessageContent content = mailbox.content(uid)) {
            return new String(content.open(0, content.size()).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** UIDs and flags. */
    static List<String> describe(MessageList list) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Set<String> flags = new TreeSet<>();
            list.flagsOf(list.flags(i)).forEach(flag -> flags.add(flag.name()));
            lines.add(Integer.toUnsignedString(list.uid(i)) + " " + String.join(" ", flags));
        }
        return lines;
    }

    @Override
    public void close() {
        store.close();
        files.close();
        queries.close();
        time.close();
    }
}
