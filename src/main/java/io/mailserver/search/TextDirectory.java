package io.mailserver.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * Which texts lie where in a text file. In the file {@code search.directory} it is a header of 24 octets and for each email an entry of 40,
 * both with checksums; the first entry that is wrong, as a crash leaves it, is the end. Guarded by its {@link TextFile}.
 */
final class TextDirectory {
    static final int HEADER_OCTETS = 24;
    static final int ENTRY_OCTETS = 40;

    private static final long MAGIC = 0x6d61696c74657874L; // "mailtext"
    private static final int VERSION = 2;
    private static final int CHECKED_HEADER_OCTETS = 16;
    private static final int CHECKED_ENTRY_OCTETS = 36;

    private long[] emails = new long[64];
    private long[] offsets = new long[64];
    private int[] heads = new int[64];
    private int[] bodies = new int[64];
    private int[] checksums = new int[64];
    private long[] fieldsOffsets = new long[64];
    private int[] fields = new int[64];
    private int[] fieldsChecksums = new int[64];
    private int count;
    private long textEnd;
    private long fieldsEnd;
    private final LongSet known = new LongSet();

    /** An email whose text is too large to be kept has this for the length of its body. */
    static final int TOO_LARGE = -1;

    /** The header of a directory that belongs to a text file of that generation. */
    static ByteBuffer header(int generation) {
        byte[] octets = new byte[HEADER_OCTETS];
        ByteBuffer header = ByteBuffer.wrap(octets);
        header.putLong(MAGIC).putInt(VERSION).putInt(generation);
        header.putInt(checksum(octets, 0, CHECKED_HEADER_OCTETS));
        return header.clear();
    }

    /** The generation that a header names; empty for a file that is none of ours, or of another version. */
    static OptionalInt generation(FileChannel file) throws IOException {
        byte[] octets = new byte[HEADER_OCTETS];
        boolean whole = TextFile.readFully(file, ByteBuffer.wrap(octets), 0) == HEADER_OCTETS;
        ByteBuffer header = ByteBuffer.wrap(octets);
        boolean good = whole && header.getLong() == MAGIC && header.getInt() == VERSION;
        if (!good) {
            return OptionalInt.empty();
        }
        int generation = header.getInt();
        return header.getInt() == checksum(octets, 0, CHECKED_HEADER_OCTETS) ? OptionalInt.of(generation) : OptionalInt.empty();
    }

    /** Reads the entries. */
    void load(FileChannel file, long textSize, long fieldsSize) throws IOException {
        long size = file.size();
        byte[] block = new byte[ENTRY_OCTETS * 1_024];
        for (long at = HEADER_OCTETS; at < size; at += block.length) {
            int filled = TextFile.readFully(file, ByteBuffer.wrap(block), at);
            ByteBuffer entries = ByteBuffer.wrap(block, 0, filled);
            while (entries.remaining() >= ENTRY_OCTETS) {
                int start = entries.position();
                long email = entries.getLong();
                long offset = entries.getLong();
                int head = entries.getInt();
                int body = entries.getInt();
                int text = entries.getInt();
                int fieldsLength = entries.getInt();
                int fieldsText = entries.getInt();
                boolean good = entries.getInt() == checksum(block, start, CHECKED_ENTRY_OCTETS)
                        && offset + head + Math.max(0, body) <= textSize && fieldsEnd + fieldsLength <= fieldsSize;
                if (!good) {
                    return;
                }
                add(email, offset, head, body, text, fieldsLength, fieldsText);
            }
        }
    }

    /** Adds an entry; returns it as it is written. */
    byte[] add(TextFile.Text text, long offset) {
        byte[] entry = new byte[ENTRY_OCTETS];
        ByteBuffer out = ByteBuffer.wrap(entry);
        int length = text.octets().length;
        int body = text.tooLarge() ? TOO_LARGE : length - text.head();
        int whole = checksum(text.octets(), 0, length);
        int fieldsText = checksum(text.fields(), 0, text.fields().length);
        out.putLong(text.email()).putLong(offset).putInt(text.head()).putInt(body).putInt(whole);
        out.putInt(text.fields().length).putInt(fieldsText);
        out.putInt(checksum(entry, 0, CHECKED_ENTRY_OCTETS));
        add(text.email(), offset, text.head(), body, whole, text.fields().length, fieldsText);
        return entry;
    }

    private void add(long email, long offset, int head, int body, int text, int fieldsLength, int fieldsText) {
        if (count == emails.length) {
            emails = Arrays.copyOf(emails, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
            heads = Arrays.copyOf(heads, 2 * count);
            bodies = Arrays.copyOf(bodies, 2 * count);
            checksums = Arrays.copyOf(checksums, 2 * count);
            fieldsOffsets = Arrays.copyOf(fieldsOffsets, 2 * count);
            fields = Arrays.copyOf(fields, 2 * count);
            fieldsChecksums = Arrays.copyOf(fieldsChecksums, 2 * count);
        }
        emails[count] = email;
        offsets[count] = offset;
        heads[count] = head;
        bodies[count] = body;
        checksums[count] = text;
        fieldsOffsets[count] = fieldsEnd; // One after the other, as the entries.
        fields[count] = fieldsLength;
        fieldsChecksums[count] = fieldsText;
        count++;
        textEnd = offset + head + Math.max(0, body);
        fieldsEnd += fieldsLength;
        known.add(email);
    }

    int count() {
        return count;
    }

    /** Where the next text goes. */
    long textEnd() {
        return textEnd;
    }

    /** Where the next email's usual fields go. */
    long fieldsEnd() {
        return fieldsEnd;
    }

    /** Where the next entry goes. */
    long entriesEnd() {
        return HEADER_OCTETS + (long) ENTRY_OCTETS * count;
    }

    boolean contains(long email) {
        return known.contains(email);
    }

    long email(int i) {
        return emails[i];
    }

    long offset(int i) {
        return offsets[i];
    }

    int head(int i) {
        return heads[i];
    }

    int body(int i) {
        return bodies[i];
    }

    /** The octets of head and body together. */
    int length(int i) {
        return heads[i] + Math.max(0, bodies[i]);
    }

    int checksum(int i) {
        return checksums[i];
    }

    long fieldsOffset(int i) {
        return fieldsOffsets[i];
    }

    int fieldsLength(int i) {
        return fields[i];
    }

    int fieldsChecksum(int i) {
        return fieldsChecksums[i];
    }

    static int checksum(byte[] octets, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(octets, from, length);
        return (int) checksum.getValue();
    }
}
