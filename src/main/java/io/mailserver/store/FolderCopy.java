package io.mailserver.store;

import io.mailserver.base.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A durable copy of a folder before a migration. Message files never change after they were written, so those are hard links and cost
 * no space; databases and other files that change are copied.
 */
final class FolderCopy {
    private static final int BUFFER_OCTETS = 1 << 20;

    private FolderCopy() {}

    /**
     * Copies {@code from} with all below it. Files of an earlier try that a crash cut short are replaced.
     *
     * @param to is made; its parent exists
     */
    static void copy(Path from, Path to) throws IOException {
        DurableFiles.createFolders(to);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            for (Path entry : entries) {
                Path target = to.resolve(entry.getFileName().toString());
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    copy(entry, target);
                } else if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    copyFile(entry, target);
                }
            }
        }
        DurableFiles.flushFolder(to);
    }

    private static void copyFile(Path file, Path target) throws IOException {
        Files.deleteIfExists(target);
        if (isMessage(file)) {
            Files.createLink(target, file);
            return;
        }
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(
                        target,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        DurableFiles.FILE_MODE)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_OCTETS);
            while (in.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                buffer.clear();
            }
            out.force(true);
        }
    }

    /** Whether the file is in {@code new} or {@code cur} of a Maildir. */
    private static boolean isMessage(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        String name = folder == null ? "" : folder.getFileName().toString();
        return name.equals("new") || name.equals("cur");
    }
}
