package io.mailserver.imap;

import java.time.LocalDate;
import java.util.List;

/** A condition of SEARCH (RFC 9051 §6.4.4). Strings are Unicode, decoded from the command's charset. */
public sealed interface SearchKey {
    /** Conditions that are one word. */
    enum Plain implements SearchKey {
        /** Every message. */
        ALL,
        /** \Recent and not \Seen (RFC 3501 §6.4.4). */
        NEW,
        /** Not \Recent. */
        OLD,
        /** \Recent. */
        RECENT,
        /** Every message, where the mailbox keeps save dates (RFC 8514 §4.3). */
        SAVEDATESUPPORTED
    }

    /** Header fields that have a key of their own. The text is looked for in the decoded field. */
    enum Field {
        BCC,
        CC,
        FROM,
        SUBJECT,
        TO
    }

    /** Which date of a message. */
    enum DateKind {
        /** INTERNALDATE, in the server's zone. */
        INTERNAL,
        /** The Date header field, without time and zone. */
        SENT,
        /** When it came into this mailbox (RFC 8514 §4.3). */
        SAVED
    }

    /** How a date is compared. */
    enum DateRelation {
        BEFORE,
        ON,
        /** On that day or later. */
        SINCE
    }

    /** All of them; {@code keys} is not empty. */
    record And(List<SearchKey> keys) implements SearchKey {
        public And {
            keys = List.copyOf(keys);
        }
    }

    record Or(SearchKey left, SearchKey right) implements SearchKey {}

    record Not(SearchKey key) implements SearchKey {}

    /**
     * ANSWERED, UNDELETED, KEYWORD x, …
     *
     * @param flag as {@code \Seen} or {@code $Junk}; system flags in their usual case
     * @param set whether it must be set, or must not
     */
    record Flag(String flag, boolean set) implements SearchKey {}

    /** FROM, TO, CC, BCC, SUBJECT. */
    record InField(Field field, String text) implements SearchKey {}

    /**
     * HEADER.
     *
     * @param name of the field, in any case
     * @param text empty: the field is there at all
     */
    record Header(String name, String text) implements SearchKey {}

    /** In the bodies. */
    record Body(String text) implements SearchKey {}

    /** In headers or bodies. */
    record Text(String text) implements SearchKey {}

    /** More than that many octets. */
    record Larger(long octets) implements SearchKey {}

    /** Fewer than that many octets. */
    record Smaller(long octets) implements SearchKey {}

    record Date(DateKind kind, DateRelation relation, LocalDate day) implements SearchKey {}

    /** INTERNALDATE at most that many seconds ago (RFC 5032 §3). */
    record Younger(long seconds) implements SearchKey {}

    /** INTERNALDATE more than that many seconds ago, or just as many (RFC 5032 §3). */
    record Older(long seconds) implements SearchKey {}

    /** By message sequence numbers. */
    record Sequence(SequenceSet numbers) implements SearchKey {}

    record Uid(SequenceSet uids) implements SearchKey {}

    /**
     * Changed at or after that MODSEQ (RFC 7162 §3.1.5). That of a single flag, which the client may name, is the message's here.
     */
    record ModSeq(long modSeq) implements SearchKey {}

    /** RFC 8474 §6. */
    record EmailId(String id) implements SearchKey {}

    /** RFC 8474 §6. */
    record ThreadId(String id) implements SearchKey {}

    /** A search kept under a name (RFC 5466 §3.1). */
    record Filter(String name) implements SearchKey {}

    /** Not to be taken to the letter (RFC 6203 §3). */
    record Fuzzy(SearchKey key) implements SearchKey {}

    /** Whether it has {@link Fuzzy} in it, or a {@link Filter}, which may have. */
    default boolean mayBeFuzzy() {
        return switch (this) {
            case And and -> and.keys().stream().anyMatch(SearchKey::mayBeFuzzy);
            case Or or -> or.left().mayBeFuzzy() || or.right().mayBeFuzzy();
            case Not not -> not.key().mayBeFuzzy();
            case Fuzzy _, Filter _ -> true;
            default -> false;
        };
    }
}
