package io.mailserver.store;

import java.util.List;

/**
 * The tables of {@code account.db} (DESIGN §2.6). The account's number leads every key; in a file of one account it is always
 * {@link #ACCOUNT}.
 */
final class AccountSchema {
    /** The number of the only account in a file. */
    static final int ACCOUNT = 1;

    private static final List<String> FIRST = List.of(
            """
            CREATE TABLE accounts (
                account INTEGER PRIMARY KEY,
                last_mailbox INTEGER NOT NULL,
                last_uid_validity INTEGER NOT NULL,
                modseq_reserved INTEGER NOT NULL)""",
            """
            CREATE TABLE mailboxes (
                account INTEGER NOT NULL,
                mailbox INTEGER NOT NULL,
                name TEXT NOT NULL,
                uid_validity INTEGER NOT NULL,
                uid_reserved INTEGER NOT NULL,
                special_use TEXT,
                renamed_to TEXT,
                PRIMARY KEY (account, mailbox)) WITHOUT ROWID""",
            """
            CREATE TABLE removals (
                account INTEGER NOT NULL,
                mailbox INTEGER NOT NULL,
                name TEXT NOT NULL,
                PRIMARY KEY (account, mailbox)) WITHOUT ROWID""",
            """
            CREATE TABLE keywords (
                account INTEGER NOT NULL,
                mailbox INTEGER NOT NULL,
                number INTEGER NOT NULL,
                name TEXT NOT NULL,
                PRIMARY KEY (account, mailbox, number)) WITHOUT ROWID""",
            """
            CREATE TABLE subscriptions (
                account INTEGER NOT NULL,
                name TEXT NOT NULL,
                PRIMARY KEY (account, name)) WITHOUT ROWID""",
            """
            CREATE TABLE metadata (
                account INTEGER NOT NULL,
                mailbox INTEGER NOT NULL,
                entry TEXT NOT NULL,
                value BLOB NOT NULL,
                PRIMARY KEY (account, mailbox, entry))""",
            """
            CREATE TABLE acl (
                account INTEGER NOT NULL,
                mailbox INTEGER NOT NULL,
                identifier TEXT NOT NULL,
                rights TEXT NOT NULL,
                PRIMARY KEY (account, mailbox, identifier)) WITHOUT ROWID""",
            """
            CREATE TABLE origins (
                account INTEGER NOT NULL,
                mailbox INTEGER NOT NULL,
                uid INTEGER NOT NULL,
                messages INTEGER NOT NULL,
                email INTEGER NOT NULL,
                PRIMARY KEY (account, mailbox, uid)) WITHOUT ROWID""",
            """
            CREATE TABLE threads (
                account INTEGER NOT NULL,
                email INTEGER NOT NULL,
                thread INTEGER NOT NULL,
                PRIMARY KEY (account, email)) WITHOUT ROWID""",
            """
            CREATE TABLE high_flags (
                account INTEGER NOT NULL,
                mailbox INTEGER NOT NULL,
                uid INTEGER NOT NULL,
                flags INTEGER NOT NULL,
                PRIMARY KEY (account, mailbox, uid)) WITHOUT ROWID""");

    /** The statements that lead to format 1, to format 2 … */
    static final List<List<String>> FORMATS = List.of(FIRST);

    private AccountSchema() {}
}
