package io.mailserver.maildir;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A message file, read as it is served: every line ends with CRLF, whatever the file has (RFC 9051 §2.3.4 counts octets so). Mail that
 * we received has CRLF and is read as it lies; LF files of other programs are converted on the way, with random access by a table of
 * where each block of the file begins in the converted text. A CR without LF stays as it is.
 *
 * <p>Not safe for two threads at once. To be called on a thread of a pool.
 */
public final class MessageFile implements AutoCloseable {
    /** A lone LF needs one octet more; so much of the file is converted at once. */
    private static final int BLOCK_OCTETS = 64 << 10;

    private final FileChannel file;
    private final long storedSize;
    /** Exact; counted when it was not given. */
    private final long size;

    /** Where each block begins in the converted text, as far as it was looked at; unused where nothing is converted. */
    private long[] starts = {0};

    private int knownBlocks = 1;
    /** The block that was converted last, and which it is. */
    private byte[] converted = new byte[0];

    private int convertedBlock = -1;
    private int convertedLength;

    private MessageFile(FileChannel file, long storedSize, OptionalLong size) throws IOException {
        this.file = file;
        this.storedSize = storedSize;
        this.size = size.isPresent() ? size.getAsLong() : count();
    }

    /**
     * Opens a file.
     *
     * @param size what {@link #size()} is, where the index knows; a file is never changed once it is a message
     * @throws java.nio.file.NoSuchFileException it is not there any more under this name
     */
    public static MessageFile open(Path path, OptionalLong size) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new MessageFile(file, file.size(), size);
        } catch (IOException | RuntimeException e) {
            try {
                file.close();
            } catch (IOException notClosed) {
                e.addSuppressed(notClosed);
            }
            throw e;
        }
    }

    /** The size in octets as served. */
    public long size() {
        return size;
    }

    /** The size of the file. */
    public long storedSize() {
        return storedSize;
    }

    /** Whether the file is served as it lies. */
    public boolean isPlain() {
        return size == storedSize;
    }

    /**
     * Reads octets as served, beginning at {@code position}, until {@code target} is full or the message ends.
     *
     * @return how many; 0 at the end
     * @throws EOFException the file is shorter than it was when it was opened
     */
    public int read(long position, byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        int wanted = (int) Math.min(length, Math.max(0, size - position));
        if (isPlain()) {
            readFully(position, ByteBuffer.wrap(target, offset, wanted));
            return wanted;
        }
        int done = 0;
        while (done < wanted) {
            int block = blockAt(position + done);
            convert(block);
            int from = (int) (position + done - starts[block]);
            int part = Math.min(wanted - done, convertedLength - from);
            if (part <= 0) {
                throw new EOFException("a message file is shorter than it was");
            }
            System.arraycopy(converted, from, target, offset + done, part);
            done += part;
        }
        return done;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private long count() throws IOException {
        long lone = 0;
        byte[] block = new byte[(int) Math.min(BLOCK_OCTETS, storedSize)];
        byte last = 0;
        int number = 0;
        for (long at = 0; at < storedSize; at += block.length) {
            int length = (int) Math.min(block.length, storedSize - at);
            readFully(at, ByteBuffer.wrap(block, 0, length));
            lone += loneLineFeeds(block, length, last);
            last = block[length - 1];
            number++;
            know(number, at + length + lone);
        }
        return storedSize + lone;
    }

    private static int loneLineFeeds(byte[] octets, int length, byte before) {
        int lone = 0;
        byte last = before;
        for (int i = 0; i < length; i++) {
            byte octet = octets[i];
            if (octet == '\n' && last != '\r') {
                lone++;
            }
            last = octet;
        }
        return lone;
    }

    /** The block of the file that holds this octet of the converted text. */
    private int blockAt(long position) throws IOException {
        while (starts[knownBlocks - 1] <= position && (long) knownBlocks * BLOCK_OCTETS < storedSize) {
            convert(knownBlocks - 1);
            know(knownBlocks, starts[knownBlocks - 1] + convertedLength);
        }
        int found = Arrays.binarySearch(starts, 0, knownBlocks, position);
        int block = found >= 0 ? found : -found - 2;
        return Math.min(block, (int) ((storedSize - 1) / BLOCK_OCTETS));
    }

    private void know(int block, long start) {
        if (block == starts.length) {
            starts = Arrays.copyOf(starts, starts.length * 2);
        }
        starts[block] = start;
        knownBlocks = Math.max(knownBlocks, block + 1);
    }

    private void convert(int block) throws IOException {
        if (block == convertedBlock) {
            return;
        }
        convertedBlock = -1;
        long at = (long) block * BLOCK_OCTETS;
        // One octet before the block tells whether a line feed in front has its CR.
        int before = at > 0 ? 1 : 0;
        int length = (int) Math.min(BLOCK_OCTETS, storedSize - at);
        byte[] octets = new byte[before + length];
        readFully(at - before, ByteBuffer.wrap(octets));
        if (converted.length < 2 * length) {
            converted = new byte[2 * length];
        }
        byte last = before == 1 ? octets[0] : 0;
        int to = 0;
        for (int i = before; i < octets.length; i++) {
            byte octet = octets[i];
            if (octet == '\n' && last != '\r') {
                converted[to++] = '\r';
            }
            converted[to++] = octet;
            last = octet;
        }
        convertedLength = to;
        convertedBlock = block;
    }

    private void readFully(long position, ByteBuffer target) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read = file.read(target, at);
            if (read < 0) {
                throw new EOFException("a message file is shorter than it was");
            }
            at += read;
        }
    }
}
