package io.mailserver.queue;

import io.mailserver.base.DurableFiles;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * A file of the log: a header, then records. Written by one thread at a time, read by any.
 *
 * @param file such as {@code 0000000001.log}
 * @param number 1 for the first ever
 * @param nextId no message had this number or a greater one when the segment began
 * @param nextSequence the same of records
 * @param previous the number of the segment written before; 0 for none
 * @param previousEnd where the flushed records of that one end; what stands behind was never acknowledged
 */
record Segment(Path file, int number, long nextId, long nextSequence, int previous, long previousEnd) {
    static final int HEADER_OCTETS = 48;
    static final String SUFFIX = ".log";

    private static final int MAGIC = 0x4d515331;
    private static final int FORMAT = 1;
    private static final Set<OpenOption> CREATE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    static Path file(Path folder, int number) {
        return folder.resolve(String.format("%010d%s", number, SUFFIX));
    }

    /** Makes the file, durable with its header, and returns the channel to append to. */
    FileChannel create() throws IOException {
        FileChannel channel = FileChannel.open(file, CREATE, DurableFiles.FILE_MODE);
        boolean done = false;
        try {
            ByteBuffer header = ByteBuffer.allocate(HEADER_OCTETS);
            header.putInt(MAGIC).putInt(FORMAT).putInt(number).putInt(previous);
            header.putLong(nextId).putLong(nextSequence).putLong(previousEnd).putInt(0);
            header.putInt(LogRecord.crcOf(header.array(), 0, HEADER_OCTETS - Integer.BYTES)).flip();
            writeFully(channel, header);
            channel.force(true);
            Path folder = file.getParent();
            if (folder != null) {
                DurableFiles.flushFolder(folder);
            }
            done = true;
            return channel;
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    /** Reads the header of an existing file; empty where it is not whole. */
    static Optional<Segment> read(Path file, int number) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_OCTETS);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int read = 0;
            while (read >= 0 && header.hasRemaining()) {
                read = channel.read(header, header.position());
            }
        }
        boolean whole = !header.hasRemaining()
                && header.getInt(0) == MAGIC
                && header.getInt(8) == number
                && LogRecord.crcOf(header.array(), 0, HEADER_OCTETS - Integer.BYTES) == header.getInt(HEADER_OCTETS - Integer.BYTES);
        if (!whole) {
            return Optional.empty();
        }
        if (header.getInt(4) != FORMAT) {
            throw new IOException(file + " has format " + header.getInt(4) + ", but this program knows format " + FORMAT);
        }
        return Optional.of(new Segment(file, number, header.getLong(16), header.getLong(24), header.getInt(12), header.getLong(32)));
    }

    /** A segment whose header is lost: its records may be whole. */
    static Segment withoutHeader(Path file, int number) {
        return new Segment(file, number, 1, 1, 0, 0);
    }

    long size() throws IOException {
        return Files.size(file);
    }

    /** Reads exactly {@code length} octets. */
    byte[] read(long offset, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel, offset, length);
        }
    }

    static byte[] read(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(length);
        while (octets.hasRemaining()) {
            if (channel.read(octets, offset + octets.position()) < 0) {
                throw new EOFException("a segment ends at " + channel.size());
            }
        }
        return octets.array();
    }

    static void writeFully(FileChannel channel, ByteBuffer octets) throws IOException {
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
    }
}
