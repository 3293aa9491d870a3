package io.mailserver.queue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Octets being put together: numbers of variable length (7 bits an octet, low ones first), texts with their length before them. */
final class RecordWriter {
    private byte[] octets = new byte[128];
    private int size;

    RecordWriter number(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            octet((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        return octet((int) rest);
    }

    RecordWriter octet(int value) {
        if (size == octets.length) {
            octets = Arrays.copyOf(octets, 2 * size);
        }
        octets[size++] = (byte) value;
        return this;
    }

    RecordWriter text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        return raw(utf8);
    }

    RecordWriter raw(byte[] more) {
        if (size + more.length > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(2 * octets.length, size + more.length));
        }
        System.arraycopy(more, 0, octets, size, more.length);
        size += more.length;
        return this;
    }

    int size() {
        return size;
    }

    byte[] toOctets() {
        return Arrays.copyOf(octets, size);
    }
}
