package io.mailserver.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.store.AccountFolders;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.AccountStore;
import io.mailserver.store.DatabaseFiles;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes over a real store. */
class SearchIndexesTest {
    private static final AccountKey ALICE = new AccountKey(new Domain("example.com"), "alice");

    @TempDir
    Path data;

    private final ManualTime time = new ManualTime(SimulatedDisk.START);
    private final RecordingLog log = new RecordingLog();
    private final PlatformPool files = new PlatformPool("files", 2, 1_000);
    private final PlatformPool queries = new PlatformPool("queries", 2, 1_000);
    private final PlatformPool searching = new PlatformPool("search", 2, 1_000);
    private AccountFolders folders;
    private AccountStore store;
    private SearchIndexes indexes;
    private int read;

    @BeforeEach
    void open() {
        folders = new AccountFolders(data, time);
        store = new AccountStore(new AccountStore.Parts(folders, data, new UniqueNames(time, "mx", 1, 0), new MaildirStatistics(),
                new DatabaseFiles(this::folder), files, queries, time, log, "boot"));
        indexes = new SearchIndexes(new SearchIndexes.Parts(this::folder, store::open, searching, time, log));
        store.watchAll((account, change) -> indexes.changed(account));
    }

    @AfterEach
    void close() {
        indexes.close();
        store.close();
        searching.close();
        files.close();
        queries.close();
    }

    private Path folder(AccountKey account) {
        return folders.folder(account.domain(), account.localPart());
    }

    private void deliver(String message) throws IOException {
        byte[] octets = message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        ContentSpool spool = new ContentSpool(new SimulatedDisk(0).root(), files, 1 << 20, 1 << 24);
        try (ContentWriter writer = spool.newContent()) {
            writer.write(octets, 0, octets.length);
            try (Content content = writer.finish()) {
                store.deliver(List.of(new AccountStore.Target(ALICE, "")), content, time.now(), () -> true);
            }
        }
    }

    private void deliverMany(int count) throws IOException {
        for (int i = 1; i <= count; i++) {
            deliver("Subject: s" + i + "\nX-Number: n" + i + "\n\nbody number" + i + "x\n");
        }
    }

    /** Looks for a text in the INBOX; counts the messages that were read for it. */
    private List<Integer> find(String text) throws StoreException, IOException {
        return find(new Query.Text(text));
    }

    private List<Integer> find(Query query) throws StoreException, IOException {
        try (AccountMail mail = store.open(ALICE)) {
            Mailbox inbox = inbox(mail);
            MessageList list = inbox.messages();
            read = 0;
            UidSet found = new MailboxSearch(inbox, list, indexes.of(ALICE), (done, total) -> {
                read = done;
                return true;
            }).find(query);
            List<Integer> uids = new ArrayList<>();
            found.forEach(uids::add);
            return uids;
        }
    }

    private static Mailbox inbox(AccountMail mail) throws StoreException {
        return mail.mailbox(mail.mailboxes().find(MailboxName.of("INBOX")).orElseThrow().id());
    }

    @Test
    void newMailIsFoundBeforeAndAfterItIsIndexed() throws Exception {
        deliverMany(40);
        assertThat(find("number7x")).containsExactly(7);
        assertThat(read).isEqualTo(40);
        time.advance(Duration.ofSeconds(5));
        assertThat(find("number7x")).containsExactly(7);
        assertThat(find(new Query.Header("x-number", "n33"))).containsExactly(33);
        assertThat(find("NUMBER")).hasSize(40);
        assertThat(find(new Query.Header("subject", "s4"))).containsExactly(4, 40);
        assertThat(find(new Query.And(List.of(new Query.Header("subject", "s1"), new Query.Not(new Query.Header("from", "x")),
                new Query.Uids(UidSet.range(1, 10)))))).containsExactly(1, 10);
        assertThat(read).isZero();
        deliver("Subject: late\n\nnumber7x again\n");
        assertThat(find("number7x")).containsExactly(7, 41);
        assertThat(read).isEqualTo(1);
        time.advance(Duration.ofSeconds(5));
        assertThat(find("number7x")).containsExactly(7, 41);
        assertThat(read).isZero();
    }

    @Test
    void aDeletedIndexIsMadeAgain() throws Exception {
        deliverMany(30);
        time.advance(Duration.ofSeconds(5));
        indexes.forget(ALICE);
        Files.delete(folder(ALICE).resolve("search.directory"));
        assertThat(find("number9x")).containsExactly(9);
        assertThat(read).isEqualTo(30);
        time.advance(Duration.ofSeconds(5));
        assertThat(find("number9x")).containsExactly(9);
        assertThat(read).isZero();
    }

    @Test
    void idleIndexesAreClosedAndOpenedAgain() throws Exception {
        deliverMany(20);
        time.advance(Duration.ofMinutes(5));
        assertThat(find("number9x")).containsExactly(9);
        assertThat(read).isZero();
    }

    @Test
    void damageIsMended() throws Exception {
        deliverMany(30);
        time.advance(Duration.ofSeconds(5));
        indexes.forget(ALICE);
        Path texts = folder(ALICE).resolve("search-1.text");
        byte[] octets = Files.readAllBytes(texts);
        octets[octets.length / 2] ^= 1;
        Files.write(texts, octets);
        assertThat(find("number")).hasSize(30);
        assertThat(read).isEqualTo(1);
        time.advance(Duration.ofSeconds(5));
        assertThat(find("number")).hasSize(30);
        assertThat(read).isZero();
    }

    @Test
    void textsOfManyExpungedMessagesAreTakenOut() throws Exception {
        deliverMany(520);
        time.advance(Duration.ofSeconds(5));
        Path texts = folder(ALICE).resolve("search-1.text");
        long before = Files.size(texts);
        try (AccountMail mail = store.open(ALICE)) {
            Mailbox inbox = inbox(mail);
            inbox.store(UidSet.range(11, 520), new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.DELETED)), OptionalLong.empty());
            inbox.expunge(Optional.empty());
        }
        time.advance(Duration.ofSeconds(5));
        assertThat(Files.size(folder(ALICE).resolve("search-2.text"))).isLessThan(before / 10);
        assertThat(find("number")).hasSize(10);
    }
}
