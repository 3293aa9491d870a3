package io.mailserver.imap;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every command known here, one line each, with the rules a session enforces before a command's own handler runs. What is not on this
 * table is answered BAD.
 */
public enum ImapVerb {
    CAPABILITY(State.ANY, Rule.BARE),
    NOOP(State.ANY, Rule.BARE),
    LOGOUT(State.ANY, Rule.BARE, Rule.ENDS_GROUP),
    ID(State.ANY),

    STARTTLS(State.NOT_AUTHENTICATED, Rule.BARE, Rule.ENDS_GROUP),
    AUTHENTICATE(State.NOT_AUTHENTICATED, Rule.NEEDS_PRIVACY, Rule.ENDS_GROUP),
    LOGIN(State.NOT_AUTHENTICATED, Rule.NEEDS_PRIVACY),

    ENABLE(State.AUTHENTICATED),
    SELECT(State.AUTHENTICATED),
    EXAMINE(State.AUTHENTICATED),
    CREATE(State.AUTHENTICATED),
    DELETE(State.AUTHENTICATED),
    RENAME(State.AUTHENTICATED),
    SUBSCRIBE(State.AUTHENTICATED),
    UNSUBSCRIBE(State.AUTHENTICATED),
    LIST(State.AUTHENTICATED),
    LSUB(State.AUTHENTICATED),
    NAMESPACE(State.AUTHENTICATED, Rule.BARE),
    STATUS(State.AUTHENTICATED),
    APPEND(State.AUTHENTICATED),
    IDLE(State.AUTHENTICATED, Rule.BARE, Rule.ENDS_GROUP),
    COMPRESS(State.AUTHENTICATED, Rule.ENDS_GROUP),
    UNAUTHENTICATE(State.AUTHENTICATED, Rule.BARE, Rule.ENDS_GROUP),
    GETQUOTA(State.AUTHENTICATED),
    GETQUOTAROOT(State.AUTHENTICATED),
    SETQUOTA(State.AUTHENTICATED),
    GETMETADATA(State.AUTHENTICATED),
    SETMETADATA(State.AUTHENTICATED),
    GETACL(State.AUTHENTICATED),
    SETACL(State.AUTHENTICATED),
    DELETEACL(State.AUTHENTICATED),
    LISTRIGHTS(State.AUTHENTICATED),
    MYRIGHTS(State.AUTHENTICATED),
    NOTIFY(State.AUTHENTICATED),
    ESEARCH(State.AUTHENTICATED),
    LANGUAGE(State.ANY),
    GENURLAUTH(State.AUTHENTICATED),
    RESETKEY(State.AUTHENTICATED),
    URLFETCH(State.AUTHENTICATED),

    CHECK(State.SELECTED, Rule.BARE),
    CLOSE(State.SELECTED, Rule.BARE),
    UNSELECT(State.SELECTED, Rule.BARE),
    EXPUNGE(State.SELECTED, Rule.UID_VARIANT, Rule.CHANGES_MAILBOX),
    SEARCH(State.SELECTED, Rule.UID_VARIANT, Rule.NAMES_MESSAGES, Rule.USES_SEQUENCE_NUMBERS),
    SORT(State.SELECTED, Rule.UID_VARIANT, Rule.NAMES_MESSAGES, Rule.USES_SEQUENCE_NUMBERS),
    THREAD(State.SELECTED, Rule.UID_VARIANT, Rule.NAMES_MESSAGES, Rule.USES_SEQUENCE_NUMBERS),
    FETCH(State.SELECTED, Rule.UID_VARIANT, Rule.NAMES_MESSAGES, Rule.USES_SEQUENCE_NUMBERS),
    STORE(State.SELECTED, Rule.UID_VARIANT, Rule.NAMES_MESSAGES, Rule.USES_SEQUENCE_NUMBERS, Rule.CHANGES_MAILBOX),
    COPY(State.SELECTED, Rule.UID_VARIANT, Rule.NAMES_MESSAGES),
    MOVE(State.SELECTED, Rule.UID_VARIANT, Rule.NAMES_MESSAGES, Rule.CHANGES_MAILBOX),
    REPLACE(State.SELECTED, Rule.UID_VARIANT, Rule.NAMES_MESSAGES, Rule.CHANGES_MAILBOX),
    CANCELUPDATE(State.SELECTED),
    UIDBATCHES(State.SELECTED);

    /** The state in which a command may come (RFC 9051 §3). */
    public enum State {
        /** Always. */
        ANY,
        /** Before login only. */
        NOT_AUTHENTICATED,
        /** After login, with or without a selected mailbox. */
        AUTHENTICATED,
        /** With a selected mailbox only. */
        SELECTED
    }

    /** What a session checks from the table. */
    public enum Rule {
        /** Takes no argument; one gets BAD. */
        BARE,
        /** Carries a secret: refused in plaintext but from networks that may (RFC 9051 §6.2.3), with [PRIVACYREQUIRED] (RFC 5530 §3). */
        NEEDS_PRIVACY,
        /** The client must wait for the answer, or for a continuation request, before it sends more. */
        ENDS_GROUP,
        /** May be prefixed with UID. */
        UID_VARIANT,
        /** Without UID, it takes or returns sequence numbers: not after ENABLE UIDONLY (RFC 9586 §3). */
        NAMES_MESSAGES,
        /** Without UID, no EXPUNGE may be told while it is executed, nor in its answer (RFC 9051 §7.5.1, RFC 5256 §3). */
        USES_SEQUENCE_NUMBERS,
        /** Refused in a mailbox that was opened by EXAMINE. */
        CHANGES_MAILBOX
    }

    private static final int LONGEST = "UNAUTHENTICATE".length();

    @SuppressWarnings("ImmutableEnumChecker") // filled once, below
    private static final Map<String, ImapVerb> BY_NAME = byName();

    private final State state;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable, its type does not say so
    private final Set<Rule> rules;

    ImapVerb(State state, Rule... rules) {
        this.state = state;
        this.rules = Set.of(rules);
    }

    /** The state it belongs to. */
    public State state() {
        return state;
    }

    /** Whether {@code rule} holds for this verb. */
    public boolean is(Rule rule) {
        return rules.contains(rule);
    }

    /** By its name in any case (RFC 9051 §9: strings of the grammar are case-insensitive); empty if not known. */
    public static Optional<ImapVerb> named(String word) {
        return word.length() > LONGEST ? Optional.empty() : Optional.ofNullable(BY_NAME.get(word.toUpperCase(Locale.ROOT)));
    }

    private static Map<String, ImapVerb> byName() {
        Map<String, ImapVerb> verbs = HashMap.newHashMap(64);
        for (ImapVerb verb : values()) {
            verbs.put(verb.name(), verb);
        }
        return Map.copyOf(verbs);
    }
}
