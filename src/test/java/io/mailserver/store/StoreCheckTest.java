package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.maildir.FolderName;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirListing;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.SimulatedDatabases;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.store.Index.Figures;
import io.mailserver.store.Index.FileRow;
import io.mailserver.store.Index.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each kind of damage is stated, and mended by a rebuild. */
class StoreCheckTest {
    private static final String HELLO = "Subject: hello\r\n\r\nhello\r\n";

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final SimulatedDatabases databases = new SimulatedDatabases();
    private List<String> uids = List.of();
    private int process;

    @BeforeEach
    void fill() throws Exception {
        try (StoreWorld world = world(); AccountMail mail = world.open()) {
            for (int i = 0; i < 4; i++) {
                world.deliver(HELLO);
            }
            world.deliver(HELLO, Optional.of(SpecialUse.JUNK));
            assertThat(world.store.check(StoreWorld.ALICE)).isEmpty();
            uids = uids(mail);
        }
    }

    @AfterEach
    void rebuildMendsEverything() throws Exception {
        try (StoreWorld world = world(); AccountMail mail = world.open()) {
            assertThat(world.store.rebuild(StoreWorld.ALICE)).isEmpty();
            assertThat(mail).isNotNull();
        }
        try (StoreWorld world = world(); AccountMail mail = world.open()) {
            assertThat(uids(mail)).containsAll(uids);
        }
    }

    private StoreWorld world() throws IOException {
        return new StoreWorld(disk.root(), databases, new ManualTime(SimulatedDisk.START.plusSeconds(99)), process++, "boot 1");
    }

    @Test
    void filesThatTheIndexDoesNotKnow() throws Exception {
        Files.writeString(inbox().cur().resolve("1.x:2,S"), HELLO);
        assertThat(check()).containsExactly("INBOX: 1 message is not in the index (cur/1.x:2,S)");
    }

    @Test
    void messagesWithoutFiles() throws Exception {
        Path file = files().getFirst();
        Files.delete(file);
        uids = uids.stream().filter(uid -> !uid.equals("INBOX 1")).toList();
        assertThat(check()).containsExactly("INBOX: 1 message is without a file (UID 1)");
    }

    @Test
    void filesUnderOtherNames() throws Exception {
        Path file = files().getFirst();
        Files.move(file, inbox().cur().resolve(file.getFileName() + ":2,S"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(check()).singleElement().asString().contains("1 message is under another name than the index says");
    }

    @Test
    void filesOfAnotherSize() throws Exception {
        Files.writeString(files().getFirst(), "cut");
        assertThat(check()).hasSize(2).allMatch(line -> line.contains("of another size than"));
        // What a crash or a hand has cut cannot be mended; the file says what it is.
        Path file = files().getFirst();
        Files.move(file, file.resolveSibling("1.cut"), StandardCopyOption.ATOMIC_MOVE);
        uids = uids.stream().filter(uid -> !uid.equals("INBOX 1")).toList();
    }

    @Test
    void foldersThatAreNoMailboxes() throws Exception {
        Path odd = inbox().path().resolve(".Entwürfe");
        Files.createDirectories(odd.resolve("cur"));
        assertThat(check()).singleElement().asString().contains("has a name that no mailbox can have");
        Files.delete(odd.resolve("cur"));
        Files.delete(odd);
    }

    @Test
    void figuresThatAreNotThoseOfTheMessages() throws Exception {
        damage((account, writes) -> {
            Figures f = account.find(MailboxName.INBOX).orElseThrow().figures();
            writes.add(new Write.PutFigures(new Figures(
                    f.mailbox(), f.uidValidity(), 9, 8, 7, 6, 2, 1, f.recentFrom(), f.dirty(), f.stamp(), f.goneFloor())));
        });
        assertThat(check()).containsExactly(
                "INBOX: the index says 9 messages, and has 4",
                "INBOX: the index says 8 unseen messages, and has 4",
                "INBOX: the index says 7 messages marked \\Deleted, and has 0",
                "INBOX: the index says 6 octets, and has 100",
                "INBOX: a message has a higher MODSEQ than the mailbox",
                "INBOX: a message has a UID that is still to be given");
    }

    @Test
    void rowsOfTheIndexThatContradictEachOther() throws Exception {
        damage((account, writes) -> {
            int inbox = account.find(MailboxName.INBOX).orElseThrow().id().number();
            FileRow row = account.index().file(inbox, 2).orElseThrow();
            writes.add(new Write.RemoveFiles(inbox, UidSet.of(1)));
            writes.add(new Write.PutFile(inbox, new FileRow(9, row.email(), row.file())));
            writes.add(new Write.DropMailbox(account.find(SpecialUse.JUNK).orElseThrow().id().number()));
        });
        assertThat(check()).anyMatch(line -> line.startsWith("INBOX: 1 message is without a file name in the index (UID 1)"))
                .anyMatch(line -> line.startsWith("INBOX: 1 message is in one table of the index and not in the other (UID 9)"))
                .anyMatch(line -> line.startsWith("INBOX: 1 message is named by two messages of the index"))
                .anyMatch(line -> line.startsWith("Junk: 1 message is not in the index"));
    }

    @Test
    void emailsThatTheIndexLost() throws Exception {
        damage((account, writes) -> {
            OpenMailbox inbox = account.find(MailboxName.INBOX).orElseThrow();
            MessageList list = inbox.load(account.index());
            writes.add(new Write.HideEmails(OpenMailbox.emails(list, UidSet.of(2))));
        });
        assertThat(check()).singleElement().asString().contains("shown by messages but not in the index of emails");
    }

    /** Something that goes wrong. */
    @FunctionalInterface
    private interface Damage {
        void add(OpenAccount account, List<Write> writes) throws StoreException;
    }

    private void damage(Damage damage) throws Exception {
        try (StoreWorld world = world(); OpenAccounts.Lease lease = world.store.lease(StoreWorld.ALICE)) {
            OpenAccount account = lease.account();
            account.exclusively(() -> {
                account.index();
                List<Write> writes = new ArrayList<>();
                damage.add(account, writes);
                account.index().commit(writes, true);
                return null;
            });
        }
    }

    private List<String> check() throws Exception {
        try (StoreWorld world = world()) {
            return world.store.check(StoreWorld.ALICE);
        }
    }

    private static List<String> uids(AccountMail mail) throws StoreException {
        List<String> uids = new ArrayList<>();
        for (MailboxInfo mailbox : mail.mailboxes().all()) {
            mail.mailbox(mailbox.id()).messages().uids().forEach(uid -> uids.add(mailbox.name() + " " + uid));
        }
        return uids;
    }

    private MaildirFolder inbox() {
        return MaildirFolder.of(disk.root().resolve("accounts/example.com/alice/Maildir"), FolderName.INBOX);
    }

    private List<Path> files() throws IOException {
        return MaildirListing.of(inbox(), SimulatedDisk.START).files().stream().map(file -> file.path(inbox())).sorted().toList();
    }
}
