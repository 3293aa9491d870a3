package io.mailserver.search;

import io.mailserver.store.MessageList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;

/** Which messages of a list are which email: several may be the same one. Immutable. */
final class EmailPlaces {
    private final long[] emails;
    private final int[] indexes;
    private final long[] distinct;

    EmailPlaces(MessageList list, BitSet among) {
        int count = among.cardinality();
        Integer[] order = among.stream().boxed().toArray(Integer[]::new);
        boolean sorted = true;
        emails = new long[count];
        for (int i = 0; i < count; i++) {
            emails[i] = list.emailId(order[i]).number();
            sorted &= i == 0 || emails[i - 1] <= emails[i];
        }
        if (!sorted) { // Nearly always they are: emails are numbered as they arrive.
            Arrays.sort(order, (a, b) -> Long.compare(list.emailId(a).number(), list.emailId(b).number()));
            Arrays.setAll(emails, i -> list.emailId(order[i]).number());
        }
        indexes = Arrays.stream(order).mapToInt(Integer::intValue).toArray();
        distinct = Arrays.stream(emails).distinct().toArray();
    }

    /** Each once, ascending. */
    long[] emails() {
        return distinct;
    }

    /** Hands over the indexes of an email's messages. */
    void forEach(long email, IntConsumer consumer) {
        for (int i = lowest(email); i >= 0 && i < emails.length && emails[i] == email; i++) {
            consumer.accept(indexes[i]);
        }
    }

    private int lowest(long email) {
        int found = Arrays.binarySearch(emails, email);
        while (found > 0 && emails[found - 1] == email) {
            found--;
        }
        return found;
    }
}
