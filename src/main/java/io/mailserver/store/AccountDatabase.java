package io.mailserver.store;

import io.mailserver.base.PlatformPool;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code account.db}: what the Maildir cannot hold and what cannot be derived from it (DESIGN §2.6). Every change is on the disk when
 * its call returns.
 *
 * <p>Safe for use by any thread but those of the pool. Closed by the account's owner in memory.
 */
final class AccountDatabase implements AutoCloseable {
    private static final int ACCOUNT = AccountSchema.ACCOUNT;

    private final Database db;

    private AccountDatabase(Database db) {
        this.db = db;
    }

    /**
     * A mailbox.
     *
     * @param uidReserved UIDs up to it may have been given
     * @param renamedTo its name-to-be while a rename is under way
     */
    record Entry(int id, String name, int uidValidity, int uidReserved, Optional<SpecialUse> use, Optional<String> renamedTo) {}

    /** A mailbox whose folder is still to be removed. */
    record Removal(int id, String name) {}

    /** Numbers that must not be given again. */
    record Marks(int lastMailbox, int lastUidValidity, long modSeqReserved) {}

    /** All that is held in memory. */
    record State(
            Marks marks,
            List<Entry> mailboxes,
            List<Removal> removals,
            Map<Integer, List<Flag>> keywords,
            Set<String> subscriptions) {}

    /** {@code messages} messages from {@code uid} on are the emails from {@code email} on. */
    record Origin(int uid, int messages, long email) {}

    static AccountDatabase open(Databases files, AccountKey account, PlatformPool pool) throws StoreException {
        return new AccountDatabase(Database.open(files, account, Databases.Kind.ACCOUNT, AccountSchema.FORMATS, pool));
    }

    /** Empty for an account that has never been opened. */
    Optional<State> load() throws StoreException {
        return db.read(c -> {
            List<Marks> marks = new ArrayList<>(1);
            c.query(
                    "SELECT last_mailbox, last_uid_validity, modseq_reserved FROM accounts WHERE account = ?",
                    row -> marks.add(new Marks(row.getInt(1), (int) row.getLong(2), row.getLong(3))),
                    ACCOUNT);
            if (marks.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new State(marks.getFirst(), entries(c), removals(c), keywords(c), subscriptions(c)));
        });
    }

    private static List<Entry> entries(Database c) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        c.query(
                "SELECT mailbox, name, uid_validity, uid_reserved, special_use, renamed_to FROM mailboxes WHERE account = ?",
                row -> entries.add(new Entry(
                        row.getInt(1),
                        row.getString(2),
                        (int) row.getLong(3),
                        (int) row.getLong(4),
                        Optional.ofNullable(row.getString(5)).flatMap(SpecialUse::of),
                        Optional.ofNullable(row.getString(6)))),
                ACCOUNT);
        return entries;
    }

    private static List<Removal> removals(Database c) throws SQLException {
        List<Removal> removals = new ArrayList<>();
        c.query(
                "SELECT mailbox, name FROM removals WHERE account = ?",
                row -> removals.add(new Removal(row.getInt(1), row.getString(2))),
                ACCOUNT);
        return removals;
    }

    private static Map<Integer, List<Flag>> keywords(Database c) throws SQLException {
        Map<Integer, List<Flag>> keywords = new TreeMap<>();
        c.query(
                "SELECT mailbox, name FROM keywords WHERE account = ? ORDER BY mailbox, number",
                row -> keywords.computeIfAbsent(row.getInt(1), id -> new ArrayList<>()).add(new Flag(row.getString(2))),
                ACCOUNT);
        return keywords;
    }

    private static Set<String> subscriptions(Database c) throws SQLException {
        Set<String> names = new TreeSet<>();
        c.query("SELECT name FROM subscriptions WHERE account = ?", row -> names.add(row.getString(1)), ACCOUNT);
        return names;
    }

    /** The first state of a new account. */
    void create(Marks marks, Collection<Entry> mailboxes, Collection<String> subscriptions) throws StoreException {
        db.write(true, c -> {
            c.update(
                    "INSERT INTO accounts VALUES (?, ?, ?, ?)",
                    ACCOUNT,
                    marks.lastMailbox(),
                    unsigned(marks.lastUidValidity()),
                    marks.modSeqReserved());
            insert(c, mailboxes);
            for (String name : subscriptions) {
                c.update("INSERT INTO subscriptions VALUES (?, ?)", ACCOUNT, name);
            }
            return null;
        });
    }

    /** Adds mailboxes; {@code marks} are those after it. */
    void add(Marks marks, Collection<Entry> mailboxes) throws StoreException {
        db.write(true, c -> {
            mark(c, marks);
            insert(c, mailboxes);
            return null;
        });
    }

    private static void insert(Database c, Collection<Entry> mailboxes) throws SQLException {
        for (Entry entry : mailboxes) {
            c.update(
                    "INSERT INTO mailboxes VALUES (?, ?, ?, ?, ?, ?, NULL)",
                    ACCOUNT,
                    entry.id(),
                    entry.name(),
                    unsigned(entry.uidValidity()),
                    unsigned(entry.uidReserved()),
                    entry.use().map(SpecialUse::attribute).orElse(null));
        }
    }

    private static void mark(Database c, Marks marks) throws SQLException {
        c.update(
                "UPDATE accounts SET last_mailbox = ?, last_uid_validity = ?, modseq_reserved = ? WHERE account = ?",
                marks.lastMailbox(),
                unsigned(marks.lastUidValidity()),
                marks.modSeqReserved(),
                ACCOUNT);
    }

    /** Reserves numbers: MODSEQs up to the mark's, UIDs up to those given by mailbox. */
    void reserve(Marks marks, Map<Integer, Integer> uidReserved) throws StoreException {
        db.write(true, c -> {
            mark(c, marks);
            for (Map.Entry<Integer, Integer> mailbox : uidReserved.entrySet()) {
                c.update(
                        "UPDATE mailboxes SET uid_reserved = ? WHERE account = ? AND mailbox = ?",
                        unsigned(mailbox.getValue()),
                        ACCOUNT,
                        mailbox.getKey());
            }
            return null;
        });
    }

    /** Gives a mailbox another UIDVALIDITY and starts its UIDs anew. */
    void renumber(Marks marks, int mailbox, int uidValidity) throws StoreException {
        db.write(true, c -> {
            mark(c, marks);
            c.update(
                    "UPDATE mailboxes SET uid_validity = ?, uid_reserved = 0 WHERE account = ? AND mailbox = ?",
                    unsigned(uidValidity),
                    ACCOUNT,
                    mailbox);
            c.update("DELETE FROM origins WHERE account = ? AND mailbox = ?", ACCOUNT, mailbox);
            c.update("DELETE FROM high_flags WHERE account = ? AND mailbox = ?", ACCOUNT, mailbox);
            return null;
        });
    }

    /** Gives a mailbox another special use, or none. */
    void setUse(int mailbox, Optional<SpecialUse> use) throws StoreException {
        db.write(true, c -> c.update(
                "UPDATE mailboxes SET special_use = ? WHERE account = ? AND mailbox = ?",
                use.map(SpecialUse::attribute).orElse(null),
                ACCOUNT,
                mailbox));
    }

    /** Notes which mailboxes are being renamed to what, so that the next open finishes it. */
    void beginRename(Map<Integer, String> names) throws StoreException {
        db.write(true, c -> {
            for (Map.Entry<Integer, String> mailbox : names.entrySet()) {
                c.update(
                        "UPDATE mailboxes SET renamed_to = ? WHERE account = ? AND mailbox = ?",
                        mailbox.getValue(),
                        ACCOUNT,
                        mailbox.getKey());
            }
            return null;
        });
    }

    /** The folders are renamed: the names follow. */
    void finishRename() throws StoreException {
        db.write(true, c -> {
            c.update(
                    "UPDATE mailboxes SET name = renamed_to, renamed_to = NULL WHERE account = ? AND renamed_to IS NOT NULL",
                    ACCOUNT);
            return null;
        });
    }

    /** Nothing was renamed after all. */
    void cancelRename() throws StoreException {
        db.write(true, c -> {
            c.update("UPDATE mailboxes SET renamed_to = NULL WHERE account = ?", ACCOUNT);
            return null;
        });
    }

    /** Forgets a mailbox, and notes that its folder is to be removed. */
    void beginRemoval(Removal removal) throws StoreException {
        db.write(true, c -> {
            c.update("INSERT INTO removals VALUES (?, ?, ?)", ACCOUNT, removal.id(), removal.name());
            c.update("DELETE FROM mailboxes WHERE account = ? AND mailbox = ?", ACCOUNT, removal.id());
            c.update("DELETE FROM keywords WHERE account = ? AND mailbox = ?", ACCOUNT, removal.id());
            c.update("DELETE FROM metadata WHERE account = ? AND mailbox = ?", ACCOUNT, removal.id());
            c.update("DELETE FROM acl WHERE account = ? AND mailbox = ?", ACCOUNT, removal.id());
            c.update("DELETE FROM origins WHERE account = ? AND mailbox = ?", ACCOUNT, removal.id());
            c.update("DELETE FROM high_flags WHERE account = ? AND mailbox = ?", ACCOUNT, removal.id());
            return null;
        });
    }

    /** The folder is gone. */
    void finishRemoval(int mailbox) throws StoreException {
        db.write(true, c -> c.update("DELETE FROM removals WHERE account = ? AND mailbox = ?", ACCOUNT, mailbox));
    }

    /** Adds keywords behind the {@code known} ones. */
    void addKeywords(int mailbox, int known, List<Flag> keywords) throws StoreException {
        db.write(true, c -> {
            for (int i = 0; i < keywords.size(); i++) {
                c.update("INSERT INTO keywords VALUES (?, ?, ?, ?)", ACCOUNT, mailbox, known + i, keywords.get(i).name());
            }
            return null;
        });
    }

    void subscribe(String name, boolean subscribed) throws StoreException {
        db.write(true, c -> subscribed
                ? c.update("INSERT INTO subscriptions VALUES (?, ?) ON CONFLICT DO NOTHING", ACCOUNT, name)
                : c.update("DELETE FROM subscriptions WHERE account = ? AND name = ?", ACCOUNT, name));
    }

    /** @param mailbox 0 for the account as a whole */
    Map<String, byte[]> metadata(int mailbox) throws StoreException {
        return db.read(c -> {
            Map<String, byte[]> values = new TreeMap<>();
            c.query(
                    "SELECT entry, value FROM metadata WHERE account = ? AND mailbox = ?",
                    row -> values.put(row.getString(1), row.getBytes(2)),
                    ACCOUNT,
                    mailbox);
            return values;
        });
    }

    void setMetadata(int mailbox, Map<String, Optional<byte[]>> entries) throws StoreException {
        db.write(true, c -> {
            for (Map.Entry<String, Optional<byte[]>> entry : entries.entrySet()) {
                byte @Nullable [] value = entry.getValue().orElse(null);
                if (value == null) {
                    c.update("DELETE FROM metadata WHERE account = ? AND mailbox = ? AND entry = ?", ACCOUNT, mailbox, entry.getKey());
                } else {
                    c.update(
                            "INSERT INTO metadata VALUES (?, ?, ?, ?)"
                                    + " ON CONFLICT (account, mailbox, entry) DO UPDATE SET value = excluded.value",
                            ACCOUNT,
                            mailbox,
                            entry.getKey(),
                            value);
                }
            }
            return null;
        });
    }

    Map<String, String> acl(int mailbox) throws StoreException {
        return db.read(c -> {
            Map<String, String> rights = new TreeMap<>();
            c.query(
                    "SELECT identifier, rights FROM acl WHERE account = ? AND mailbox = ?",
                    row -> rights.put(row.getString(1), row.getString(2)),
                    ACCOUNT,
                    mailbox);
            return rights;
        });
    }

    void setAcl(int mailbox, String identifier, String rights) throws StoreException {
        db.write(true, c -> rights.isEmpty()
                ? c.update("DELETE FROM acl WHERE account = ? AND mailbox = ? AND identifier = ?", ACCOUNT, mailbox, identifier)
                : c.update(
                        "INSERT INTO acl VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT (account, mailbox, identifier) DO UPDATE SET rights = excluded.rights",
                        ACCOUNT,
                        mailbox,
                        identifier,
                        rights));
    }

    /** Which emails copies are. */
    void addOrigins(int mailbox, List<Origin> origins) throws StoreException {
        db.write(true, c -> {
            for (Origin origin : origins) {
                c.update(
                        "INSERT INTO origins VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        ACCOUNT,
                        mailbox,
                        unsigned(origin.uid()),
                        origin.messages(),
                        origin.email());
            }
            return null;
        });
    }

    /** In ascending order of UIDs. */
    List<Origin> origins(int mailbox) throws StoreException {
        return db.read(c -> {
            List<Origin> origins = new ArrayList<>();
            c.query(
                    "SELECT uid, messages, email FROM origins WHERE account = ? AND mailbox = ? ORDER BY uid",
                    row -> origins.add(new Origin((int) row.getLong(1), row.getInt(2), row.getLong(3))),
                    ACCOUNT,
                    mailbox);
            return origins;
        });
    }

    /** Threads that cannot be derived from the email. */
    void addThreads(Map<Long, Long> threads) throws StoreException {
        db.write(true, c -> {
            for (Map.Entry<Long, Long> email : threads.entrySet()) {
                c.update("INSERT INTO threads VALUES (?, ?, ?) ON CONFLICT DO NOTHING", ACCOUNT, email.getKey(), email.getValue());
            }
            return null;
        });
    }

    /** The thread of an email, if it cannot be derived. */
    Optional<Long> thread(long email) throws StoreException {
        return db.read(c -> {
            List<Long> thread = new ArrayList<>(1);
            c.query("SELECT thread FROM threads WHERE account = ? AND email = ?", row -> thread.add(row.getLong(1)), ACCOUNT, email);
            return thread.stream().findFirst();
        });
    }

    /** Sets the keywords beyond the letters of file names, by UID; 0 removes. */
    void setHighFlags(int mailbox, Map<Integer, Long> flags) throws StoreException {
        db.write(true, c -> {
            for (Map.Entry<Integer, Long> message : flags.entrySet()) {
                if (message.getValue() == 0) {
                    c.update(
                            "DELETE FROM high_flags WHERE account = ? AND mailbox = ? AND uid = ?",
                            ACCOUNT,
                            mailbox,
                            unsigned(message.getKey()));
                } else {
                    c.update(
                            "INSERT INTO high_flags VALUES (?, ?, ?, ?)"
                                    + " ON CONFLICT (account, mailbox, uid) DO UPDATE SET flags = excluded.flags",
                            ACCOUNT,
                            mailbox,
                            unsigned(message.getKey()),
                            message.getValue());
                }
            }
            return null;
        });
    }

    /** The keywords beyond the letters of file names, by UID. */
    Map<Integer, Long> highFlags(int mailbox) throws StoreException {
        return db.read(c -> {
            Map<Integer, Long> flags = new TreeMap<>();
            c.query(
                    "SELECT uid, flags FROM high_flags WHERE account = ? AND mailbox = ?",
                    row -> flags.put((int) row.getLong(1), row.getLong(2)),
                    ACCOUNT,
                    mailbox);
            return flags;
        });
    }

    @Override
    public void close() throws StoreException {
        db.close();
    }

    private static long unsigned(int number) {
        return Integer.toUnsignedLong(number);
    }
}
