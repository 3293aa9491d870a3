package io.mailserver.store;

import io.mailserver.account.Quota;
import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.SimulatedDatabases;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One process's store on some disk; a next one may follow it. */
final class StoreWorld implements AutoCloseable {
    static final AccountKey ALICE = new AccountKey(new Domain("example.com"), "alice");

    final ManualTime time;
    final RecordingLog log = new RecordingLog();
    final SimulatedDatabases databases;
    final AccountFolders folders;
    volatile Quota quota = Quota.NONE;
    final AccountStore store;
    private final PlatformPool files = new PlatformPool("files", 2, 1_000);
    private final PlatformPool queries = new PlatformPool("queries", 2, 1_000);
    private final ContentSpool spool;

    StoreWorld(Path data) throws IOException {
        this(data, new SimulatedDatabases(), new ManualTime(SimulatedDisk.START), 1, "boot 1");
    }

    StoreWorld(Path data, SimulatedDatabases databases, ManualTime time, int process, String boot) throws IOException {
        this.databases = databases;
        this.time = time;
        folders = new AccountFolders(data, time);
        spool = new ContentSpool(new SimulatedDisk(0).root(), files, 1 << 20, 1 << 24);
        store = new AccountStore(new AccountStore.Parts(
                folders, data, new UniqueNames(time, "mx", process, 0), new MaildirStatistics(), databases, files, queries, time, log,
                account -> quota, boot));
    }

    Content content(String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        try (ContentWriter writer = spool.newContent()) {
            writer.write(octets, 0, octets.length);
            return writer.finish();
        }
    }

    void deliver(String message) throws IOException {
        deliver(message, Optional.empty());
    }

    void deliver(String message, Optional<SpecialUse> folder) throws IOException {
        try (Content content = content(message)) {
            store.deliver(List.of(new AccountStore.Target(ALICE, folder, "")), content, time.now(), () -> true);
        }
    }

    AppendOutcome append(Mailbox mailbox, String message, Flag... flags) throws IOException, StoreException {
        try (Content content = content(message)) {
            return mailbox.append(List.of(new NewMessage(content, Set.of(flags), Instant.ofEpochSecond(1_000_000))));
        }
    }

    AccountMail open() throws StoreException {
        return store.open(ALICE);
    }

    static Mailbox mailbox(AccountMail mail, String name) throws StoreException {
        return mail.mailbox(mail.mailboxes().find(MailboxName.of(name)).orElseThrow().id());
    }

    static String text(Mailbox mailbox, int uid) throws IOException, StoreException {
        try (MessageContent content = mailbox.content(uid)) {
            return new String(content.open(0, content.size()).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Of a process that is dead. */
    void stopThreads() {
        files.close();
        queries.close();
    }

    @Override
    public void close() {
        store.close();
        closeThreads();
    }

    /** For a process that is dead already. */
    void closeThreads() {
        files.close();
        queries.close();
    }
}
