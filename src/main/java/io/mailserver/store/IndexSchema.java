package io.mailserver.store;

import java.util.List;

/**
 * The tables of {@code index.db}. The account's number leads every key; in a file of one account it is always 1, and where a row's own
 * number does for a key, as with emails, SQLite is told so.
 */
final class IndexSchema {
    private static final List<String> FIRST = List.of(
            "CREATE TABLE boots (account INTEGER PRIMARY KEY, boot TEXT NOT NULL)",
            """
            CREATE TABLE mailboxes (
                account INTEGER NOT NULL,
                mailbox INTEGER NOT NULL,
                uid_validity INTEGER NOT NULL,
                messages INTEGER NOT NULL,
                unseen INTEGER NOT NULL,
                deleted INTEGER NOT NULL,
                octets INTEGER NOT NULL,
                uid_next INTEGER NOT NULL,
                modseq INTEGER NOT NULL,
                recent_from INTEGER NOT NULL,
                dirty INTEGER NOT NULL,
                fresh_nanos INTEGER NOT NULL,
                cur_nanos INTEGER NOT NULL,
                gone_floor INTEGER NOT NULL,
                PRIMARY KEY (account, mailbox)) WITHOUT ROWID""",
            """
            CREATE TABLE chunks (
                account INTEGER NOT NULL,
                mailbox INTEGER NOT NULL,
                first_uid INTEGER NOT NULL,
                data BLOB NOT NULL,
                PRIMARY KEY (account, mailbox, first_uid))""",
            """
            CREATE TABLE messages (
                account INTEGER NOT NULL,
                mailbox INTEGER NOT NULL,
                uid INTEGER NOT NULL,
                email INTEGER NOT NULL,
                file TEXT NOT NULL,
                PRIMARY KEY (account, mailbox, uid)) WITHOUT ROWID""",
            """
            CREATE TABLE emails (
                email INTEGER PRIMARY KEY,
                account INTEGER NOT NULL,
                thread INTEGER NOT NULL,
                parts BLOB NOT NULL)""",
            """
            CREATE TABLE placements (
                account INTEGER NOT NULL,
                email INTEGER NOT NULL,
                messages INTEGER NOT NULL,
                PRIMARY KEY (account, email)) WITHOUT ROWID""",
            """
            CREATE TABLE gone (
                account INTEGER NOT NULL,
                mailbox INTEGER NOT NULL,
                modseq INTEGER NOT NULL,
                uids BLOB NOT NULL,
                PRIMARY KEY (account, mailbox, modseq))""",
            """
            CREATE TABLE message_ids (
                account INTEGER NOT NULL,
                hash INTEGER NOT NULL,
                thread INTEGER NOT NULL,
                PRIMARY KEY (account, hash)) WITHOUT ROWID""");

    /** What JMAP's changes need of the account as a whole. */
    private static final List<String> LOG = List.of(
            """
            CREATE TABLE log (
                account INTEGER NOT NULL,
                modseq INTEGER NOT NULL,
                event INTEGER NOT NULL,
                numbers BLOB NOT NULL)""",
            "CREATE INDEX log_by_modseq ON log (account, modseq, event)",
            "CREATE TABLE log_floors (account INTEGER PRIMARY KEY, modseq INTEGER NOT NULL)");

    /** The statements that lead to format 1, to format 2 … */
    static final List<List<String>> FORMATS = List.of(FIRST, LOG);

    private IndexSchema() {}
}
