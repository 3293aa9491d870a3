package io.mailserver.search;

import io.mailserver.store.Flag;
import io.mailserver.store.UidSet;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition on messages of a mailbox, in terms of no protocol. What is relative to a session or to now (sequence numbers, recent
 * messages, ages) its maker has resolved. Texts are found as parts of decoded text under i;unicode-casemap (RFC 5051).
 */
public sealed interface Query {
    /** Every message. */
    record All() implements Query {}

    /** All of them hold; every message if there is none. */
    record And(List<Query> parts) implements Query {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** One of them holds; no message if there is none. */
    record Or(List<Query> parts) implements Query {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Not(Query part) implements Query {}

    record Uids(UidSet uids) implements Query {}

    /** Has a system flag or keyword. */
    record HasFlag(Flag flag) implements Query {}

    /** Has that field with the text in it; the field at all if the text is empty. */
    record Header(String name, String text) implements Query {}

    /** In the bodies: text parts, names of attachments, messages inside. */
    record Body(String text) implements Query {}

    /** In the header or the bodies. */
    record Text(String text) implements Query {}

    /**
     * As its part, but not to the letter: accents do not count, words are found in any order and as parts of words, small mistakes in
     * them are allowed.
     *
     * @param part a {@link Header} with a text, a {@link Body} or a {@link Text}
     */
    record Fuzzy(Query part) implements Query {}

    /** More than that many octets. */
    record Larger(long octets) implements Query {}

    /** Fewer than that many octets. */
    record Smaller(long octets) implements Query {}

    /** Received at {@code from} or later, and earlier than {@code before}; null is no bound. */
    record Internal(@Nullable Instant from, @Nullable Instant before) implements Query {}

    /** Put into the mailbox in that time, bounds as of {@link Internal}. */
    record Saved(@Nullable Instant from, @Nullable Instant before) implements Query {}

    /** The day of the Date field as its author's clock had it, bounds as of {@link Internal}; that of receipt where there is none. */
    record Sent(@Nullable LocalDate from, @Nullable LocalDate before) implements Query {}

    /** Changed at or after that MODSEQ. */
    record ModSeq(long atLeast) implements Query {}

    /** The email of that id, as shown to clients. */
    record Email(String id) implements Query {}

    /** Emails of the thread of that id, as shown to clients. */
    record InThread(String id) implements Query {}
}
