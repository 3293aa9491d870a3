package io.mailserver.config;

import java.util.Set;

/**
 * What can be withheld from IMAP clients that say they can do something and cannot: each names capabilities that are then neither
 * announced nor enabled. Shown by the dialogue {@code imap/quirks.txt}; none applies unless the configuration says to whom.
 */
public enum Quirk {
    /** Compressed connections. */
    NO_COMPRESS("COMPRESS=DEFLATE"),
    /** MODSEQ and quick resynchronization (RFC 7162): clients that lose changes by it then fetch all flags. */
    NO_CONDSTORE("CONDSTORE", "QRESYNC"),
    /** VANISHED in place of EXPUNGE, MODSEQ stays. */
    NO_QRESYNC("QRESYNC"),
    /** IMAP4rev2 (RFC 9051). */
    NO_REV2("IMAP4rev2"),
    /** Names and headers in UTF-8 (RFC 6855). */
    NO_UTF8("UTF8=ACCEPT"),
    /** Literals that the server has not asked for (RFC 7888). */
    NO_LITERAL_PLUS("LITERAL+", "LITERAL-"),
    /** The first response of a login in its command (RFC 4959). */
    NO_SASL_IR("SASL-IR"),
    /** News without a command (RFC 5465). */
    NO_NOTIFY("NOTIFY"),
    /** The same while the client waits (RFC 2177): it then asks from time to time. */
    NO_IDLE("IDLE"),
    /** MOVE (RFC 6851): it then copies and deletes. */
    NO_MOVE("MOVE"),
    /** Extended answers to SEARCH (RFC 4731, 5182, 9394). */
    NO_ESEARCH("ESEARCH", "SEARCHRES", "PARTIAL", "ESORT", "MULTISEARCH", "CONTEXT=SEARCH", "CONTEXT=SORT"),
    /** Results of searches that are kept up to date (RFC 5267). */
    NO_CONTEXT("CONTEXT=SEARCH", "CONTEXT=SORT"),
    /** Messages by UID alone (RFC 9586). */
    NO_UIDONLY("UIDONLY"),
    /** Sorting and threads by the server (RFC 5256). */
    NO_SORT("SORT", "SORT=DISPLAY", "ESORT", "CONTEXT=SORT", "THREAD=ORDEREDSUBJECT", "THREAD=REFERENCES"),
    /** LIST with options (RFC 5258, 5819). */
    NO_LIST_EXTENDED("LIST-EXTENDED", "LIST-STATUS", "LIST-MYRIGHTS", "LIST-METADATA"),
    /** What mailboxes are for (RFC 6154): the client then asks or guesses. */
    NO_SPECIAL_USE("SPECIAL-USE", "CREATE-SPECIAL-USE"),
    /** Several messages in one APPEND, and messages put together by the server (RFC 3502, 4469, 8508). */
    NO_MULTIAPPEND("MULTIAPPEND", "CATENATE", "REPLACE"),
    /** Decoded parts (RFC 3516). */
    NO_BINARY("BINARY"),
    /** Previews (RFC 8970). */
    NO_PREVIEW("PREVIEW"),
    /** Rights and others' mailboxes (RFC 4314). */
    NO_ACL("ACL", "RIGHTS=kxte", "LIST-MYRIGHTS"),
    /** Quotas (RFC 9208). */
    NO_QUOTA("QUOTA", "QUOTA=RES-STORAGE", "QUOTA=RES-MESSAGE");

    @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable, its type does not say so
    private final Set<String> withheld;

    Quirk(String... capabilities) {
        this.withheld = Set.of(capabilities);
    }

    /** The capabilities that are not there for who has this. */
    public Set<String> withheld() {
        return withheld;
    }
}
