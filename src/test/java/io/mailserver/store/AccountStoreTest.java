package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.MaildirWriter;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccountStoreTest {
    private static final AccountKey ALICE = new AccountKey(new Domain("example.com"), "alice");

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final ManualTime time = new ManualTime(SimulatedDisk.START);
    private final PlatformPool pool = new PlatformPool("files", 2, 100);
    private final AccountFolders folders = new AccountFolders(disk.root(), time);
    private final AccountStore store = new AccountStore(
            folders,
            new MaildirWriter(disk.root(), pool, new UniqueNames(time, "mx", 1, 0), time, new MaildirStatistics()),
            pool,
            time);

    @AfterEach
    void closePool() {
        pool.close();
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
    void freeSpaceIsThatOfTheFoldersDisk() throws IOException {
        disk.capacity(100_000);
        assertThat(new DiskSpace(disk.root()).usableOctets()).isBetween(90_000L, 100_000L);
    }

    private void deliver(String message) throws IOException {
        byte[] octets = message.getBytes(StandardCharsets.US_ASCII);
        try (ContentWriter writer =
                new ContentSpool(new SimulatedDisk(0).root(), pool, 1_000, 1_000).newContent()) {
            writer.write(octets, 0, octets.length);
            try (Content content = writer.finish()) {
                store.deliver(List.of(new AccountStore.Target(ALICE, "")), content, time.now());
            }
        }
    }
}
