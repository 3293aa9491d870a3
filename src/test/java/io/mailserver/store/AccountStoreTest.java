package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccountStoreTest {
    private static final AccountKey ALICE = new AccountKey(new Domain("example.com"), "alice");

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final ManualTime time = new ManualTime(SimulatedDisk.START);
    private final PlatformPool pool = new PlatformPool("files", 2, 100);
    private final PlatformPool queries = new PlatformPool("queries", 2, 100);
    private final AccountFolders folders = new AccountFolders(disk.root(), time);
    private final AccountStore store = new AccountStore(new AccountStore.Parts(
            folders,
            disk.root(),
            new UniqueNames(time, "mx", 1, 0),
            new MaildirStatistics(),
            new SimulatedDatabases(),
            pool,
            queries,
            time,
            new RecordingLog(),
            "boot"));

    @AfterEach
    void closePool() {
        store.close();
        pool.close();
        queries.close();
    }

    @Test
    void anAccountWithoutFolderHoldsNothing() throws IOException {
        assertThat(store.usage(ALICE)).isEqualTo(Usage.NONE);
    }

    @Test
    void usageCountsAllFoldersAndReadMailWithOrWithoutSizesInNames() throws IOException {
        deliver("12345");
        Path maildir = folders.maildir(ALICE.domain(), ALICE.localPart());
        Files.writeString(maildir.resolve("cur/1.other.host:2,S"), "123");
        Files.createDirectories(maildir.resolve(".Junk/cur"));
        Files.writeString(maildir.resolve(".Junk/cur/2.host,S=7:2,"), "1234567");
        Files.writeString(maildir.resolve("tmp/3.half"), "not yet a message");
        assertThat(store.usage(ALICE)).isEqualTo(new Usage(3, 15));
    }

    @Test
    void deliveriesAreCountedAlong() throws IOException {
        assertThat(store.hasRoom(ALICE, usage -> usage.bytes() + 5 <= 10)).isTrue();
        deliver("12345");
        deliver("12345");
        int operations = disk.operations();
        assertThat(store.hasRoom(ALICE, usage -> usage.equals(new Usage(2, 10)))).isTrue();
        assertThat(disk.operations()).as("answered from memory").isEqualTo(operations);
    }

    @Test
    void aRefusalRestsOnAFreshCount() throws IOException {
        deliver("12345");
        assertThat(store.usage(ALICE)).isEqualTo(new Usage(1, 5));
        // Another program deletes the message.
        try (var files = Files.list(folders.maildir(ALICE.domain(), ALICE.localPart()).resolve("new"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertThat(store.hasRoom(ALICE, usage -> usage.messages() == 0)).as("the count is fresh").isFalse();
        time.advance(AccountStore.FRESH);
        assertThat(store.hasRoom(ALICE, usage -> usage.messages() == 0)).as("counted again").isTrue();
    }

    @Test
    void anAccountThatIsGoneUnderTheLockGetsNoFolder() throws IOException {
        try (Content content = content("12345")) {
            List<AccountStore.Target> targets = List.of(new AccountStore.Target(ALICE, ""));
            assertThatThrownBy(() -> store.deliver(targets, content, time.now(), () -> false))
                    .isInstanceOf(AccountStore.AccountGoneException.class);
        }
        assertThat(Files.exists(folders.folder(ALICE.domain(), ALICE.localPart()))).isFalse();
    }

    @Test
    void aRemovalWaitsForDeliveriesUnderWay() throws Exception {
        FutureTask<Optional<Path>> removal =
                new FutureTask<>(() -> folders.retire(ALICE.domain(), ALICE.localPart(), pool));
        Thread remover = Thread.ofVirtual().unstarted(removal);
        try (Content content = content("12345")) {
            store.deliver(List.of(new AccountStore.Target(ALICE, "")), content, time.now(), () -> {
                remover.start();
                await().until(() -> remover.getState() == Thread.State.WAITING);
                return true;
            });
        }
        assertThat(removal.get()).isPresent().get().satisfies(aside -> assertThat(Files.exists(aside.resolve("Maildir/new"))).isTrue());
        assertThat(store.usage(ALICE)).isEqualTo(Usage.NONE);
    }

    @Test
    void freeSpaceIsThatOfTheFoldersDisk() throws IOException {
        disk.capacity(100_000);
        assertThat(new DiskSpace(disk.root()).usableOctets()).isBetween(90_000L, 100_000L);
    }

    private void deliver(String message) throws IOException {
        try (Content content = content(message)) {
            store.deliver(List.of(new AccountStore.Target(ALICE, "")), content, time.now(), () -> true);
        }
    }

    private Content content(String message) throws IOException {
        byte[] octets = message.getBytes(StandardCharsets.US_ASCII);
        try (ContentWriter writer =
                new ContentSpool(new SimulatedDisk(0).root(), pool, 1_000, 1_000).newContent()) {
            writer.write(octets, 0, octets.length);
            return writer.finish();
        }
    }
}
