package io.mailserver.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.DiskFull;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A simulator that is too kind proves nothing: each sin of the disk is shown to happen for some seed, and to stop when forced. */
class SimulatedDiskTest {
    private static final int SEEDS = 200;

    @Test
    void unforcedOctetsAreLostOrTornOrKept() throws IOException {
        Set<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            Path file = disk.root().resolve("f");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                forceFolder(disk.root());
                channel.write(text("x".repeat(2000)));
            }
            String left = Files.readString(disk.restart().root().resolve("f"), StandardCharsets.ISO_8859_1);
            outcomes.add(left.isEmpty() ? "lost" : left.length() < 2000 ? "cut" : left.indexOf(0) >= 0 ? "torn" : "kept");
        }
        assertThat(outcomes).containsExactly("cut", "kept", "lost", "torn");
    }

    @Test
    void forcedOctetsStay() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            writeForced(disk.root().resolve("f"), "hello");
            forceFolder(disk.root());
            assertThat(disk.restart().root().resolve("f")).as("seed %d", seed).hasContent("hello");
        }
    }

    @Test
    void aJournalLeavesARenameWholeAndChangesInTheirOrder() throws IOException {
        Set<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed).journaled();
            Path a = Files.createDirectory(disk.root().resolve("a"));
            Path b = Files.createDirectory(disk.root().resolve("b"));
            writeForced(a.resolve("f"), "hello");
            forceFolder(a);
            Files.move(a.resolve("f"), b.resolve("g"), StandardCopyOption.ATOMIC_MOVE);
            Files.move(b.resolve("g"), b.resolve("h"), StandardCopyOption.ATOMIC_MOVE);
            writeForced(a.resolve("late"), "x");
            Path left = disk.restart().root();
            boolean inA = Files.exists(left.resolve("a/f"));
            boolean g = Files.exists(left.resolve("b/g"));
            boolean h = Files.exists(left.resolve("b/h"));
            assertThat((inA ? 1 : 0) + (g ? 1 : 0) + (h ? 1 : 0)).as("seed %d", seed).isEqualTo(1);
            outcomes.add((inA ? "f" : g ? "g" : "h") + (Files.exists(left.resolve("a/late")) ? "+" : ""));
        }
        assertThat(outcomes).containsExactly("f", "g", "h", "h+");
    }

    @Test
    void aForcedFolderMakesItsJournalDurable() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed).journaled();
            Path a = Files.createDirectory(disk.root().resolve("a"));
            writeForced(a.resolve("f"), "hello");
            Files.move(a.resolve("f"), disk.root().resolve("g"), StandardCopyOption.ATOMIC_MOVE);
            forceFolder(disk.root());
            assertThat(disk.restart().root().resolve("g")).as("seed %d", seed).hasContent("hello");
        }
    }

    @Test
    void aNameWhoseFolderWasNotForcedMayBeGone() throws IOException {
        Set<Boolean> outcomes = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            writeForced(disk.root().resolve("f"), "hello");
            outcomes.add(Files.exists(disk.restart().root().resolve("f")));
        }
        assertThat(outcomes).containsExactly(false, true);
    }

    @Test
    void anUnforcedRenameMayShowOldNameNewNameBothOrNone() throws IOException {
        Set<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            writeForced(disk.root().resolve("old"), "hello");
            forceFolder(disk.root());
            Files.move(disk.root().resolve("old"), disk.root().resolve("new"), StandardCopyOption.ATOMIC_MOVE);
            Path root = disk.restart().root();
            outcomes.add(Files.exists(root.resolve("old")) + " " + Files.exists(root.resolve("new")));
        }
        assertThat(outcomes).containsExactly("false false", "false true", "true false", "true true");
    }

    @Test
    void aReplacedFileIsTheOldOrTheNewOne() throws IOException {
        Set<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            Path file = disk.root().resolve("f");
            writeForced(file, "old");
            forceFolder(disk.root());
            writeForced(disk.root().resolve("g"), "new");
            Files.move(
                    disk.root().resolve("g"), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            outcomes.add(Files.readString(disk.restart().root().resolve("f")));
        }
        assertThat(outcomes).containsExactly("new", "old");
    }

    @Test
    void aDeletedNameMayComeBack() throws IOException {
        Set<Boolean> outcomes = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            writeForced(disk.root().resolve("f"), "hello");
            forceFolder(disk.root());
            Files.delete(disk.root().resolve("f"));
            outcomes.add(Files.exists(disk.restart().root().resolve("f")));
        }
        assertThat(outcomes).containsExactly(false, true);
    }

    @Test
    void aTimeSetAfterTheLastFullForceMayBeLost() throws IOException {
        Set<Boolean> outcomes = new TreeSet<>();
        FileTime set = FileTime.fromMillis(1_000);
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            Path file = disk.root().resolve("f");
            writeForced(file, "hello");
            forceFolder(disk.root());
            Files.setLastModifiedTime(file, set);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(false);
            }
            outcomes.add(Files.getLastModifiedTime(disk.restart().root().resolve("f")).equals(set));
        }
        assertThat(outcomes).containsExactly(false, true);
    }

    @Test
    void aForceThatFailedIsNotMadeGoodByOneThatSucceeds() throws IOException {
        Set<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            Path file = disk.root().resolve("f");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                forceFolder(disk.root());
                disk.failAt(disk.operations() + 2);
                channel.write(text("hello"));
                assertThatThrownBy(() -> channel.force(true)).isInstanceOf(IOException.class);
                channel.force(true);
            }
            outcomes.add(Files.readString(disk.restart().root().resolve("f"), StandardCharsets.ISO_8859_1));
        }
        assertThat(outcomes).contains("", "hello");
    }

    @Test
    void hardLinksStayOneFile() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        writeForced(disk.root().resolve("a"), "hello");
        Files.createLink(disk.root().resolve("b"), disk.root().resolve("a"));
        forceFolder(disk.root());
        Path root = disk.restart().root();
        assertThat(Files.isSameFile(root.resolve("a"), root.resolve("b"))).isTrue();
    }

    @Test
    void theChosenOperationFailsAndTheNextOnesWork() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1).failAt(2);
        Files.createDirectory(disk.root().resolve("a"));
        assertThatThrownBy(() -> Files.createDirectory(disk.root().resolve("b")))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("Input/output error");
        Files.createDirectory(disk.root().resolve("b"));
        assertThat(disk.operations()).isEqualTo(3);
    }

    @Test
    void afterAPowerCutNothingWorksAndNothingChanges() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1).cutPowerAt(2);
        Path folder = disk.root().resolve("a");
        Files.createDirectory(folder);
        assertThatThrownBy(() -> Files.createDirectory(disk.root().resolve("b"))).isInstanceOf(SimulatedDisk.PowerLost.class);
        assertThatThrownBy(() -> Files.delete(folder)).isInstanceOf(SimulatedDisk.PowerLost.class);
        assertThat(disk.restart().root().resolve("b")).doesNotExist();
    }

    @Test
    void aFullDiskTakesNoMoreButDeletes() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1).capacity(2_000);
        Path file = disk.root().resolve("f");
        assertThatThrownBy(() -> writeForced(file, "x".repeat(3_000)))
                .isInstanceOfSatisfying(IOException.class, e -> assertThat(DiskFull.causes(e)).isTrue());
        Files.delete(file);
        writeForced(file, "x".repeat(1_000));
        assertThat(Files.getFileStore(file).getUsableSpace()).isLessThan(1_000);
    }

    @Test
    void theSameSeedGivesTheSameDisk() throws IOException {
        assertThat(leftWith(7)).isEqualTo(leftWith(7));
    }

    @Test
    void aMissingFileIsMissing() {
        SimulatedDisk disk = new SimulatedDisk(1);
        assertThatThrownBy(() -> Files.readString(disk.root().resolve("x"))).isInstanceOf(NoSuchFileException.class);
    }

    private static String leftWith(long seed) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(seed);
        for (int i = 0; i < 20; i++) {
            Files.writeString(disk.root().resolve("f" + i), "x".repeat(1000));
        }
        StringBuilder left = new StringBuilder();
        try (var files = Files.list(disk.restart().root())) {
            for (Path file : files.toList()) {
                left.append(file).append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return left.toString();
    }

    private static void writeForced(Path file, String content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(text(content));
            channel.force(true);
        }
    }

    private static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
