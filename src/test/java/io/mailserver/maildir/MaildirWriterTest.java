package io.mailserver.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.PlatformPool;
import io.mailserver.maildir.MaildirWriter.Copy;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaildirWriterTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T04:59:58Z");

    @TempDir
    private Path root;

    private final PlatformPool pool = new PlatformPool("files", 2, 100);
    private final ManualTime time = new ManualTime(SimulatedDisk.START);
    private final MaildirStatistics statistics = new MaildirStatistics();

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void theFileHoldsHeadAndContentWithModeTimeAndExactSizes() throws IOException {
        Path file = write(writer(root), "Received: x\r\n", "Subject: y\r\n\r\nz\n", inbox("a")).getFirst();
        assertThat(Files.readString(file)).isEqualTo("Received: x\r\nSubject: y\r\n\r\nz\n");
        assertThat(file.getParent()).isEqualTo(root.resolve("a/new"));
        assertThat(file.getFileName().toString()).endsWith(",S=29,W=30");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("a")))).isEqualTo("rwx------");
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.from(RECEIVED));
        assertThat(names(root.resolve("a"))).containsExactly("cur", "new", "tmp");
        assertThat(names(root.resolve("a/tmp"))).isEmpty();
    }

    @Test
    void aMailboxSeenBeforeCostsTwoFlushes() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        MaildirWriter writer = writer(disk.root());
        write(writer, "", "first", MaildirFolder.inbox(disk.root().resolve("a")));
        int before = disk.flushes();
        long counted = statistics.flushes();
        write(writer, "", "second", MaildirFolder.inbox(disk.root().resolve("a")));
        assertThat(disk.flushes() - before).isEqualTo(2);
        assertThat(statistics.flushes() - counted).isEqualTo(2);
        assertThat(statistics.flushes()).isEqualTo(disk.flushes());
    }

    @Test
    void aSpooledMessageIsWrittenTheSameWay() throws IOException {
        byte[] octets = "0123456789\r\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        Path spoolFolder = Files.createDirectory(root.resolve("spool"));
        try (Content content = content(new ContentSpool(spoolFolder, pool, 1_000, 1_000), octets)) {
            Path file = writer(root).write(List.of(new Copy(inbox("a"), "H: x\r\n")), content, RECEIVED).getFirst();
            assertThat(Files.readAllBytes(file)).hasSize(octets.length + 6).endsWith(octets);
        }
    }

    @Test
    void mailboxesWithEqualOctetsShareOneFile() throws IOException {
        List<Path> files = write(writer(root), "", "x", inbox("a"), inbox("b"), inbox("c"));
        assertThat(Files.getAttribute(files.getFirst(), "unix:nlink")).isEqualTo(3);
        assertThat(files).extracting(Path::getParent).containsExactly(
                root.resolve("a/new"), root.resolve("b/new"), root.resolve("c/new"));
        assertThat(statistics.links()).isEqualTo(2);
    }

    @Test
    void mailboxesWithDifferentHeadsGetFilesOfTheirOwn() throws IOException {
        try (Content content = memory("x")) {
            List<Path> files = writer(root).write(
                    List.of(new Copy(inbox("a"), "Delivered-To: a\r\n"), new Copy(inbox("b"), "Delivered-To: b\r\n")),
                    content,
                    RECEIVED);
            assertThat(files.get(0)).hasContent("Delivered-To: a\r\nx");
            assertThat(files.get(1)).hasContent("Delivered-To: b\r\nx");
        }
    }

    @Test
    void withoutHardLinksMailboxesGetCopies() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1).withoutLinks();
        List<Path> files = write(
                writer(disk.root()),
                "",
                "x",
                MaildirFolder.inbox(disk.root().resolve("a")),
                MaildirFolder.inbox(disk.root().resolve("b")));
        assertThat(files).allSatisfy(file -> assertThat(Files.readString(file)).isEqualTo("x"));
        assertThat(Files.isSameFile(files.get(0), files.get(1))).isFalse();
    }

    @Test
    void otherFoldersAreMarkedAsMaildirPlusPlusAsks() throws IOException {
        Path file = write(writer(root), "", "x", MaildirFolder.named(root.resolve("a"), "Junk")).getFirst();
        assertThat(file.getParent()).isEqualTo(root.resolve("a/.Junk/new"));
        assertThat(root.resolve("a/.Junk/maildirfolder")).isEmptyFile();
    }

    @Test
    void aFolderNameCannotLeaveTheMaildir() {
        for (String name : List.of("", "..", "../x", "a/b", ".x", "a..b", "a\0b", "x".repeat(255))) {
            assertThatThrownBy(() -> MaildirFolder.named(root, name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aMailboxRemovedUnderUsIsMadeAgain() throws IOException {
        MaildirWriter writer = writer(root);
        write(writer, "", "x", inbox("a"));
        Files.move(root.resolve("a"), root.resolve("moved away"));
        Path file = write(writer, "", "y", inbox("a")).getFirst();
        assertThat(file).hasContent("y");
    }

    @Test
    void aMailboxOutsideTheRootIsRefused() {
        assertThatThrownBy(() -> write(writer(root), "", "x", MaildirFolder.inbox(root.resolveSibling("elsewhere"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not below");
    }

    @Test
    void whatCrashedWritersLeftInTmpGoesAfter36Hours() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        MaildirFolder folder = MaildirFolder.inbox(disk.root().resolve("a"));
        write(writer(disk.root()), "", "x", folder);
        Path stale = Files.writeString(folder.tmp().resolve("1.left"), "half");
        Files.setLastModifiedTime(stale, FileTime.fromMillis(0));

        time.advance(MaildirFolders.STALE);
        write(writer(disk.root()), "", "x", folder);
        assertThat(Files.exists(stale)).isTrue();

        time.advance(Duration.ofMinutes(1));
        write(writer(disk.root()), "", "x", folder);
        assertThat(Files.exists(stale)).isFalse();
    }

    @Test
    void takingBackFindsAMessageThatAReaderHasMovedToCur() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        MaildirFolder a = MaildirFolder.inbox(disk.root().resolve("a"));
        MaildirFolder b = MaildirFolder.inbox(disk.root().resolve("b"));
        MaildirWriter writer = writer(disk.root());
        write(writer, "", "x", a, b);
        int operationsOfOne = disk.operations();
        write(writer, "", "x", a, b);
        operationsOfOne = disk.operations() - operationsOfOne;
        // The last operation, the flush of b's folder, fails; a's message was visible by then, and its reader was quick.
        disk.failAt(disk.operations() + operationsOfOne);
        disk.before(disk.operations() + operationsOfOne, () -> moveAllToCur(a));
        assertThatThrownBy(() -> write(writer, "", "new", a, b)).isInstanceOf(IOException.class);
        for (MaildirFolder folder : List.of(a, b)) {
            for (Path where : List.of(folder.fresh(), folder.cur())) {
                assertThat(contents(where)).doesNotContain("new");
            }
        }
        assertThat(contents(a.cur())).hasSize(2);
    }

    private static void moveAllToCur(MaildirFolder folder) {
        try (Stream<Path> files = Files.list(folder.fresh())) {
            for (Path file : files.toList()) {
                Files.move(
                        file,
                        folder.cur().resolve(file.getFileName() + ":2,S"),
                        StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> contents(Path folder) throws IOException {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                contents.add(Files.readString(file));
            }
        }
        return contents;
    }

    private MaildirFolder inbox(String name) {
        return MaildirFolder.inbox(root.resolve(name));
    }

    private MaildirWriter writer(Path folder) {
        return new MaildirWriter(folder, pool, new UniqueNames(time, "host", 1, 0), time, statistics);
    }

    private List<Path> write(MaildirWriter writer, String head, String content, MaildirFolder... folders) throws IOException {
        try (Content message = memory(content)) {
            return writer.write(Stream.of(folders).map(folder -> new Copy(folder, head)).toList(), message, RECEIVED);
        }
    }

    private Content memory(String text) throws IOException {
        return content(
                new ContentSpool(new SimulatedDisk(0).root(), pool, 100_000, 100_000), text.getBytes(StandardCharsets.UTF_8));
    }

    private static Content content(ContentSpool spool, byte[] octets) throws IOException {
        try (ContentWriter writer = spool.newContent()) {
            writer.write(octets, 0, octets.length);
            return writer.finish();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
