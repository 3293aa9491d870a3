package io.mailserver.queue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link RecordWriter} wrote; believes no number before it is checked. */
final class RecordReader {
    private final byte[] octets;
    private final int end;
    private int position;

    RecordReader(byte[] octets, int offset, int length) {
        this.octets = octets;
        this.position = offset;
        this.end = offset + length;
    }

    RecordReader(byte[] octets) {
        this(octets, 0, octets.length);
    }

    long number() throws DamagedRecordException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7f) << shift;
            if ((octet & 0x80) == 0) {
                return value;
            }
        }
        throw new DamagedRecordException("a number has no end");
    }

    /** A number from 0 to {@code max}. */
    int count(int max) throws DamagedRecordException {
        long value = number();
        if (value < 0 || value > max) {
            throw new DamagedRecordException(value + " is more than " + max);
        }
        return (int) value;
    }

    int octet() throws DamagedRecordException {
        if (position >= end) {
            throw new DamagedRecordException("a record ends early");
        }
        return octets[position++] & 0xff;
    }

    String text() throws DamagedRecordException {
        return new String(raw(count(Integer.MAX_VALUE)), StandardCharsets.UTF_8);
    }

    byte[] raw(int length) throws DamagedRecordException {
        if (length < 0 || length > end - position) {
            throw new DamagedRecordException("a record ends early");
        }
        byte[] copy = Arrays.copyOfRange(octets, position, position + length);
        position += length;
        return copy;
    }

    void skip(int octets) throws DamagedRecordException {
        if (octets < 0 || octets > end - position) {
            throw new DamagedRecordException("a record ends early");
        }
        position += octets;
    }

    boolean atEnd() {
        return position == end;
    }
}
