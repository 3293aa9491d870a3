package io.mailserver.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.DurableFiles;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MaildirTreeTest {
    private static final FolderName A = new FolderName(List.of("a"));
    private static final FolderName B = new FolderName(List.of("b"));

    private final ManualTime time = new ManualTime(SimulatedDisk.START);
    private SimulatedDisk disk = new SimulatedDisk(1);

    @Test
    void foldersAreThoseWithMessages() throws IOException {
        MaildirTree tree = tree();
        tree.create(maildir(), FolderName.INBOX);
        tree.create(maildir(), A);
        tree.create(maildir(), new FolderName(List.of("a", "x.y")));
        Files.createDirectory(maildir().resolve(".git"));
        Files.createDirectories(maildir().resolve(".Entwürfe/cur"));
        Files.createDirectories(maildir().resolve("..DOVECOT-TRASHED/cur"));
        MaildirTree.Folders folders = MaildirTree.list(maildir());
        assertThat(folders.names()).extracting(FolderName::toString).containsExactlyInAnyOrder("INBOX", "a", "a/x.y");
        assertThat(folders.unreadable()).containsExactly(".Entwürfe");
        assertThat(MaildirTree.list(maildir().resolve("missing"))).isEqualTo(MaildirTree.Folders.NONE);
    }

    @Test
    void whatWasMadeRenamedOrRemovedSurvivesAPowerCut() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            disk = new SimulatedDisk(seed);
            MaildirTree tree = tree();
            tree.create(maildir(), FolderName.INBOX);
            tree.create(maildir(), A);
            disk = disk.restart();
            assertThat(maildir().resolve(".a/maildirfolder")).exists();
            tree = tree();
            tree.rename(maildir(), A, B);
            disk = disk.restart();
            assertThat(MaildirTree.list(maildir()).names()).containsOnly(FolderName.INBOX, B);
            tree = tree();
            tree.remove(maildir(), B);
            disk = disk.restart();
            assertThat(MaildirTree.list(maildir()).names()).containsOnly(FolderName.INBOX);
        }
    }

    @Test
    void aRemovalCutAnywhereLeavesAllOrNothingAndIsFinishedLater() throws IOException {
        boolean wentThrough = false;
        for (int cut = 1; !wentThrough; cut++) {
            disk = new SimulatedDisk(cut);
            MaildirTree tree = tree();
            tree.create(maildir(), FolderName.INBOX);
            tree.create(maildir(), A);
            durable(MaildirFolder.of(maildir(), A).cur().resolve("1.x:2,S"));
            durable(MaildirFolder.of(maildir(), A).fresh().resolve("2.x"));
            disk.cutPowerAt(disk.operations() + cut);
            try {
                tree.remove(maildir(), A);
                wentThrough = true;
            } catch (SimulatedDisk.PowerLost e) {
                assertThat(wentThrough).isFalse();
            }
            disk = disk.restart();
            MaildirFolder folder = MaildirFolder.of(maildir(), A);
            if (Files.exists(folder.path())) {
                assertThat(MaildirListing.of(folder, time.now()).files()).hasSize(2);
            }
            tree().purge(maildir());
            assertThat(names(maildir())).allMatch(name -> !name.startsWith(".."));
        }
    }

    @Test
    void aRenameDoneBeforeIsDone() throws IOException {
        MaildirTree tree = tree();
        tree.create(maildir(), FolderName.INBOX);
        tree.create(maildir(), A);
        tree.rename(maildir(), A, B);
        tree.rename(maildir(), A, B);
        tree.create(maildir(), A);
        assertThatThrownBy(() -> tree.rename(maildir(), A, B)).isInstanceOf(FileAlreadyExistsException.class);
        FolderName c = new FolderName(List.of("c"));
        assertThatThrownBy(() -> tree.rename(maildir(), c, new FolderName(List.of("d")))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void filesAreListedUnderTheirNamesWithAStampOnceItIsSure() throws IOException {
        MaildirFolder folder = MaildirFolder.inbox(maildir());
        tree().create(maildir(), FolderName.INBOX);
        Files.writeString(folder.fresh().resolve("1.a"), "x");
        Files.writeString(folder.cur().resolve("2.a:2,S"), "x");
        Files.writeString(folder.cur().resolve(".hidden"), "x");
        MaildirListing young = MaildirListing.of(folder, time.now().plusMillis(20));
        assertThat(young.files()).extracting(entry -> entry.path(folder)).containsExactlyInAnyOrder(
                folder.fresh().resolve("1.a"), folder.cur().resolve("2.a:2,S"));
        assertThat(young.stamp()).isEqualTo(FolderStamp.UNKNOWN);
        MaildirListing later = MaildirListing.of(folder, time.now().plus(Duration.ofSeconds(1)));
        assertThat(later.stamp()).isEqualTo(FolderStamp.of(folder));
        Files.delete(folder.fresh().resolve("1.a"));
        assertThat(FolderStamp.of(folder)).isNotEqualTo(later.stamp());
    }

    @Test
    void messagesAreRenamedFoundAndDeletedBesideOtherPrograms() throws IOException {
        MaildirFolder folder = MaildirFolder.inbox(maildir());
        tree().create(maildir(), FolderName.INBOX);
        Files.writeString(folder.fresh().resolve("1.a,S=1"), "x");
        MaildirListing.Entry fresh = new MaildirListing.Entry(MaildirName.parse("1.a,S=1").orElseThrow(), true);
        MaildirListing.Entry seen = new MaildirListing.Entry(fresh.name().withFlags(MaildirFlags.of("S")), false);
        MaildirListing.Entry moved = MessageFiles.rename(folder, fresh, seen).orElseThrow();
        assertThat(moved.path(folder)).isEqualTo(folder.cur().resolve("1.a,S=1:2,S")).exists();
        assertThat(MessageFiles.rename(folder, fresh, new MaildirListing.Entry(fresh.name(), false))).isEmpty();
        assertThat(MessageFiles.find(folder, fresh)).isEqualTo(Optional.of(moved));
        Files.writeString(folder.cur().resolve("2.a:2,"), "y");
        MaildirListing.Entry other = new MaildirListing.Entry(MaildirName.parse("2.a:2,").orElseThrow(), false);
        assertThatThrownBy(() -> MessageFiles.rename(folder, other, seen)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(MessageFiles.delete(folder, fresh)).isTrue();
        assertThat(MessageFiles.delete(folder, fresh)).isFalse();
        assertThat(names(folder.cur())).containsExactly("2.a:2,");
    }

    private Path maildir() {
        return disk.root().resolve("Maildir");
    }

    private MaildirTree tree() {
        return new MaildirTree(disk.root(), time, new MaildirStatistics());
    }

    private static void durable(Path file) throws IOException {
        DurableFiles.replace(file, new byte[] {1});
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
