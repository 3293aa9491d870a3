package io.mailserver.sharing;

/** The rights of RFC 4314 §2.1. */
public enum Right {
    /** The mailbox is seen at all. */
    LOOKUP('l'),
    /** Its messages are read and searched. */
    READ('r'),
    /** \Seen is changed. */
    SEEN('s'),
    /** Flags but \Seen and \Deleted are changed. */
    WRITE('w'),
    /** Messages are put in. */
    INSERT('i'),
    /** Kept and shown; no command asks for it, and mail for an address goes by the rules of its account. */
    POST('p'),
    /** Mailboxes are made below it. */
    CREATE('k'),
    /** It is deleted, or renamed. */
    DELETE_MAILBOX('x'),
    /** \Deleted is changed. */
    DELETE_MESSAGES('t'),
    /** Messages with \Deleted are removed. */
    EXPUNGE('e'),
    /** Its list of rights is read and changed. */
    ADMINISTER('a');

    private final char letter;

    Right(char letter) {
        this.letter = letter;
    }

    char letter() {
        return letter;
    }

    int bit() {
        return 1 << ordinal();
    }
}
