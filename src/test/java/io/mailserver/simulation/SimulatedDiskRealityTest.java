package io.mailserver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same calls give the same results, exceptions included, on the simulated and on the real file system. */
class SimulatedDiskRealityTest {
    @TempDir
    private Path real;

    @Test
    void theSimulatedDiskBehavesLikeTheRealOne() throws IOException {
        List<String> onReal = story(real);
        List<String> onSimulated = story(new SimulatedDisk(1).root());
        assertThat(onSimulated).isEqualTo(onReal).hasSizeGreaterThan(25);
    }

    private static List<String> story(Path root) throws IOException {
        Story story = new Story(root);
        Path a = root.resolve("a");
        Path file = a.resolve("file");
        story.tell("mkdir", () -> Files.createDirectory(a, DurableFiles.FOLDER_MODE));
        story.tell("mkdir again", () -> Files.createDirectory(a));
        story.tell("mkdir without parent", () -> Files.createDirectory(root.resolve("x/y")));
        story.tell("open missing", () -> FileChannel.open(file, StandardOpenOption.READ));
        story.tell("write", () -> write(file, "hello world"));
        story.tell("write again", () -> write(file, "x"));
        story.tell("append", () -> Files.writeString(file, "!", StandardOpenOption.APPEND));
        story.tell("truncate", () -> Files.writeString(root.resolve("t"), "abc"));
        story.tell("truncate again", () -> Files.writeString(root.resolve("t"), "z"));
        story.tell("time", () -> Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-02-03T04:05:06Z"))));
        story.tell("time read", () -> Files.getLastModifiedTime(file).toString());
        story.tell("mode", () -> PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        story.tell("mode of folder", () -> PosixFilePermissions.toString(Files.getPosixFilePermissions(a)));
        story.tell("link", () -> Files.createLink(a.resolve("link"), file));
        story.tell("link again", () -> Files.createLink(a.resolve("link"), file));
        story.tell("link to nothing", () -> Files.createLink(a.resolve("l2"), a.resolve("missing")));
        story.tell("same", () -> Files.isSameFile(a.resolve("link"), file));
        story.tell("inode", () -> Files.getAttribute(file, "unix:ino").equals(Files.getAttribute(a.resolve("link"), "unix:ino")));
        story.tell("move", () -> Files.move(file, root.resolve("moved"), StandardCopyOption.ATOMIC_MOVE));
        story.tell("move missing", () -> Files.move(file, root.resolve("moved2"), StandardCopyOption.ATOMIC_MOVE));
        story.tell("move over", () -> Files.move(root.resolve("t"), root.resolve("moved"), StandardCopyOption.ATOMIC_MOVE));
        story.tell("delete full folder", () -> delete(a));
        story.tell("delete", () -> delete(a.resolve("link")));
        story.tell("delete missing", () -> delete(a.resolve("link")));
        story.tell("delete if there", () -> Files.deleteIfExists(a.resolve("link")));
        story.tell("list file", () -> list(root.resolve("moved"), "*"));
        story.tell("glob", () -> list(root, "*ed"));
        story.tell("force folder", () -> forced(root));
        story.tell("delete on close", () -> unnamed(root));
        story.tell("copy by transfer", () -> transfer(root.resolve("moved"), root.resolve("copy")));
        story.tell("content", () -> Files.readString(root.resolve("copy")));
        story.tell("durable folders", () -> foldersMade(root.resolve("d/e/f")));
        story.tell("durable replace", () -> replaced(root.resolve("d/e/f/g")));
        story.tell("all", () -> list(root, "*"));
        return story.lines;
    }

    private static Object write(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), DurableFiles.FILE_MODE)) {
            ByteBuffer[] pieces = {bytes(text.substring(0, 1)), bytes(text.substring(1))};
            long written = channel.write(pieces);
            channel.force(false);
            return written + " " + channel.position() + " " + channel.size();
        }
    }

    private static Object unnamed(Path root) throws IOException {
        try (FileChannel channel = FileChannel.open(
                root.resolve("gone"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            channel.write(bytes("spooled"));
            ByteBuffer read = ByteBuffer.allocate(100);
            int count = channel.read(read, 2);
            return count + " " + Files.exists(root.resolve("gone")) + " " + channel.read(read, 7);
        }
    }

    private static Object transfer(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            out.write(bytes("head "));
            return in.transferTo(0, in.size(), out) + " " + out.size();
        }
    }

    private static Object foldersMade(Path folder) throws IOException {
        DurableFiles.createFolders(folder);
        DurableFiles.createFolders(folder);
        return Files.isDirectory(folder);
    }

    private static Object replaced(Path file) throws IOException {
        DurableFiles.replace(file, new byte[] {'1'});
        DurableFiles.replace(file, new byte[] {'2'});
        return Files.readString(file) + Files.exists(file.resolveSibling(file.getFileName() + ".new"));
    }

    private static Object delete(Path path) throws IOException {
        Files.delete(path);
        return "deleted";
    }

    private static Object forced(Path folder) throws IOException {
        DurableFiles.flushFolder(folder);
        return "forced";
    }

    private static Object list(Path folder, String glob) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
        }
        names.sort(null);
        return names;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private interface Act {
        Object run() throws IOException;
    }

    private static final class Story {
        private final Path root;
        private final List<String> lines = new ArrayList<>();

        Story(Path root) {
            this.root = root;
        }

        void tell(String what, Act act) {
            String outcome;
            try {
                Object result = act.run();
                outcome = result instanceof Path path ? root.relativize(path).toString() : result.toString();
            } catch (IOException e) {
                outcome = e.getClass().getSimpleName();
            }
            lines.add(what + ": " + outcome);
        }
    }
}
