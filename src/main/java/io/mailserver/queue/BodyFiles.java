package io.mailserver.queue;

import io.mailserver.base.Content;
import io.mailserver.base.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.zip.CRC32C;

/** The octets of large messages, each in a file {@code bodies/Q7B.eml}: durable before the message's record is written. */
final class BodyFiles {
    private static final String SUFFIX = ".eml";
    private static final int BUFFER_OCTETS = 64 << 10;
    private static final Set<OpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

    private final Path folder;
    private final Path aside;

    /**
     * @param folder exists
     * @param aside where files of messages go whose record is damaged; made when needed
     */
    BodyFiles(Path folder, Path aside) {
        this.folder = folder;
        this.aside = aside;
    }

    Path file(long id) {
        return folder.resolve(new QueueId(id) + SUFFIX);
    }

    /**
     * Writes a message, durable when this returns.
     *
     * @return the CRC32C of its octets
     */
    int write(long id, byte[] head, Content content) throws IOException {
        CRC32C crc = new CRC32C();
        try (FileChannel channel = FileChannel.open(file(id), CREATE, DurableFiles.FILE_MODE)) {
            crc.update(head);
            Segment.writeFully(channel, ByteBuffer.wrap(head));
            byte[] buffer = new byte[BUFFER_OCTETS];
            try (InputStream in = content.open()) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    crc.update(buffer, 0, read);
                    Segment.writeFully(channel, ByteBuffer.wrap(buffer, 0, read));
                }
            }
            channel.force(false);
        }
        DurableFiles.flushFolder(folder);
        return (int) crc.getValue();
    }

    /** The octets of a message, checked. */
    Content open(long id, long octets, int expectedCrc) throws IOException {
        CRC32C crc = new CRC32C();
        long size = 0;
        byte[] buffer = new byte[BUFFER_OCTETS];
        try (InputStream in = Files.newInputStream(file(id))) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                crc.update(buffer, 0, read);
                size += read;
            }
        }
        if (size != octets || (int) crc.getValue() != expectedCrc) {
            throw new DamagedRecordException(file(id) + ", " + size + " octets of " + octets);
        }
        return new StoredContent(file(id), octets);
    }

    void delete(long id) throws IOException {
        Files.deleteIfExists(file(id));
    }

    /** Removes what belongs to no message, or puts it aside where the log is damaged: its record may have been what was lost. */
    void removeOrphans(LongPredicate isQueued, boolean keepAside) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                Optional<QueueId> id = name.endsWith(SUFFIX)
                        ? QueueId.parse(name.substring(0, name.length() - SUFFIX.length()))
                        : Optional.empty();
                if (id.isEmpty() || isQueued.test(id.get().number())) {
                    continue;
                }
                if (keepAside) {
                    DurableFiles.createFolders(aside);
                    Files.move(file, aside.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                } else {
                    Files.delete(file);
                }
            }
        }
    }
}
