package io.mailserver.store;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Things by their 64-bit numbers, in a table without nodes or boxes: an account has as many of them as emails. By linear probing; what
 * follows a removed entry moves up. Guarded by whoever has it.
 */
final class NumberTable<T extends Numbered> {
    private @Nullable Object[] table = new Object[64];
    private int size;

    int size() {
        return size;
    }

    // Only what put takes is in the table.
    @SuppressWarnings("unchecked")
    @Nullable T get(long number) {
        return (T) table[place(number)];
    }

    /** Adds something whose number is not there. */
    void put(T added) {
        if (size * 2 >= table.length) {
            grow();
        }
        table[place(added.number())] = added;
        size++;
    }

    void remove(long number) {
        int hole = place(number);
        if (table[hole] == null) {
            return;
        }
        size--;
        table[hole] = null;
        int at = next(hole);
        while (table[at] instanceof Numbered moved) {
            table[at] = null;
            table[place(moved.number())] = moved;
            at = next(at);
        }
    }

    // Only what put takes is in the table.
    @SuppressWarnings("unchecked")
    void forEach(Consumer<T> consumer) {
        for (Object each : table) {
            if (each != null) {
                consumer.accept((T) each);
            }
        }
    }

    /** Where the number is, or would be. */
    private int place(long number) {
        int at = (int) ((number * 0x9e3779b97f4a7c15L) >>> 32) & (table.length - 1);
        while (table[at] instanceof Numbered other && other.number() != number) {
            at = next(at);
        }
        return at;
    }

    private int next(int at) {
        return (at + 1) & (table.length - 1);
    }

    private void grow() {
        @Nullable Object[] old = table;
        table = Arrays.copyOf(new Object[0], old.length * 2);
        for (Object each : old) {
            if (each instanceof Numbered moved) {
                table[place(moved.number())] = moved;
            }
        }
    }
}
