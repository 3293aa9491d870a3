package io.mailserver.queue;

import io.mailserver.base.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * The facts of a whole segment without details and bodies, in a file beside it, so that a start reads some hundred octets for each
 * message and not the messages. Only a copy: without it, or when it is not whole, the segment itself is read.
 */
final class Hint {
    static final String SUFFIX = ".hint";

    private static final int MAGIC = 0x4d515831;
    private static final int HEADER_OCTETS = 24;
    private static final long MAX_OCTETS = 512L << 20;

    private final RecordWriter entries = new RecordWriter();

    /** Told what a hint holds. */
    interface Visitor {
        void record(RecordType type, Place place, int octets, byte[] fact) throws IOException;
    }

    static Path file(Path folder, int segment) {
        return folder.resolve(String.format("%010d%s", segment, SUFFIX));
    }

    /** Adds a record in the order of the segment. */
    void add(RecordType type, int offset, int octets, byte[] fact) {
        entries.octet(type.code()).number(offset).number(octets).number(fact.length).raw(fact);
    }

    /** Writes the file. Not flushed: one that is not whole is not believed. */
    void write(Path folder, int segment, int seal, long end) throws IOException {
        byte[] body = entries.toOctets();
        ByteBuffer out = ByteBuffer.allocate(HEADER_OCTETS + body.length);
        out.putInt(MAGIC).putInt(seal).putLong(end).putInt(body.length).putInt(LogRecord.crcOf(body, 0, body.length)).put(body).flip();
        try (FileChannel channel = FileChannel.open(
                file(folder, segment),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
                DurableFiles.FILE_MODE)) {
            Segment.writeFully(channel, out);
        }
    }

    /**
     * Visits what the hint of a segment holds.
     *
     * @param end where the segment's records end, as far as is known
     * @return false where there is no hint that is whole and fits; nothing was visited then
     */
    static boolean read(Path folder, int segment, int seal, long end, Visitor visitor) throws IOException {
        Optional<RecordReader> body = whole(file(folder, segment), seal, end);
        if (body.isEmpty()) {
            return false;
        }
        RecordReader in = body.get();
        while (!in.atEnd()) {
            RecordType type = RecordType.of(in.octet());
            int offset = in.count(Integer.MAX_VALUE);
            int octets = in.count(Integer.MAX_VALUE);
            visitor.record(type, new Place(segment, offset), octets, in.raw(in.count(Integer.MAX_VALUE)));
        }
        return true;
    }

    private static Optional<RecordReader> whole(Path file, int seal, long end) throws IOException {
        try {
            long size = Files.size(file);
            if (size < HEADER_OCTETS || size > MAX_OCTETS) {
                return Optional.empty();
            }
            ByteBuffer octets = ByteBuffer.allocate((int) size);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                int read = 0;
                while (read >= 0 && octets.hasRemaining()) {
                    read = channel.read(octets, octets.position());
                }
            }
            boolean fits = !octets.hasRemaining()
                    && octets.getInt(0) == MAGIC
                    && octets.getInt(4) == seal
                    && octets.getLong(8) == end
                    && octets.getInt(16) == size - HEADER_OCTETS
                    && LogRecord.crcOf(octets.array(), HEADER_OCTETS, octets.getInt(16)) == octets.getInt(20);
            return fits ? Optional.of(new RecordReader(octets.array(), HEADER_OCTETS, octets.getInt(16))) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
