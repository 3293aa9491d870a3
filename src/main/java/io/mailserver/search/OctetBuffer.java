package io.mailserver.search;

import java.util.Arrays;

/** Octets that grow at the end. For one thread. */
final class OctetBuffer {
    private byte[] array;
    private int length;

    OctetBuffer(int capacity) {
        array = new byte[capacity];
    }

    /** What is in it: the first {@link #length} octets; another array after more was added. */
    byte[] array() {
        return array;
    }

    int length() {
        return length;
    }

    void add(int octet) {
        if (length == array.length) {
            array = Arrays.copyOf(array, Math.max(64, 2 * length));
        }
        array[length++] = (byte) octet;
    }

    /** Makes room, so that the next {@code count} octets make no new array. */
    void reserve(int count) {
        if (count > array.length - length) {
            array = Arrays.copyOf(array, Math.max(length + count, 2 * length));
        }
    }

    void addAll(byte[] octets, int from, int to) {
        int added = to - from;
        reserve(added);
        System.arraycopy(octets, from, array, length, added);
        length += added;
    }

    /** Keeps the last octets only. */
    void keepLast(int count) {
        int kept = Math.min(count, length);
        System.arraycopy(array, length - kept, array, 0, kept);
        length = kept;
    }

    void clear() {
        length = 0;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(array, length);
    }
}
