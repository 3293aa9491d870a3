package io.mailserver.sharing;

/** The rights of RFC 4314 §2.1. */
public enum Right {
    /** The mailbox is seen at all. */
    LOOKUP('l', 1),
    /** Its messages are read and searched. */
    READ('r', 1 << 1),
    /** \Seen is changed. */
    SEEN('s', 1 << 2),
    /** Flags but \Seen and \Deleted are changed. */
    WRITE('w', 1 << 3),
    /** Messages are put in. */
    INSERT('i', 1 << 4),
    /** Kept and shown; no command asks for it, and mail for an address goes by the rules of its account. */
    POST('p', 1 << 5),
    /** Mailboxes are made below it. */
    CREATE('k', 1 << 6),
    /** It is deleted, or renamed. */
    DELETE_MAILBOX('x', 1 << 7),
    /** \Deleted is changed. */
    DELETE_MESSAGES('t', 1 << 8),
    /** Messages with \Deleted are removed. */
    EXPUNGE('e', 1 << 9),
    /** Its list of rights is read and changed. */
    ADMINISTER('a', 1 << 10);

    private final char letter;
    private final int bit;

    Right(char letter, int bit) {
        this.letter = letter;
        this.bit = bit;
    }

    char letter() {
        return letter;
    }

    int bit() {
        return bit;
    }
}
