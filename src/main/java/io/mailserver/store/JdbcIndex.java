package io.mailserver.store;

import io.mailserver.base.PlatformPool;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The index in SQL. Safe for use by any thread but those of the pool. Closed by the account's owner in memory. */
final class JdbcIndex implements Index {
    /** A range of emails is read in one go when no more than this many others lie between those wanted, for each of them. */
    private static final int WASTE = 4;

    private final Database db;
    private final int account;
    private volatile @Nullable Write awaiting;
    private volatile boolean committed;
    private final IndexLog log;

    private JdbcIndex(Database db, int account) {
        this.db = db;
        this.account = account;
        this.log = new IndexLog(account);
    }

    static Index open(Databases files, AccountKey account, PlatformPool pool) throws StoreException {
        Database database = Database.open(files, account, Databases.Kind.INDEX, IndexSchema.FORMATS, pool);
        return new JdbcIndex(database, AccountSchema.ACCOUNT);
    }

    /** Opens the index of an account; a damaged one is put aside, and an empty one is made in its place. */
    static Index openOrReplace(StoreParts parts, AccountKey account) throws StoreException {
        try {
            return open(parts.databases(), account, parts.queries());
        } catch (StoreException e) {
            if (e.reason() != StoreException.Cause.CORRUPT) {
                throw e;
            }
            parts.log().error("store.index-damaged", e, "account", account);
            try {
                parts.databases().setAside(account, Databases.Kind.INDEX);
            } catch (IOException notMoved) {
                e.addSuppressed(notMoved);
                throw e;
            }
            return open(parts.databases(), account, parts.queries());
        }
    }

    @Override
    public Optional<String> boot() throws StoreException {
        return db.read(c -> {
            List<String> boot = new ArrayList<>(1);
            c.query("SELECT boot FROM boots WHERE account = ?", row -> boot.add(row.getString(1)), account);
            return boot.stream().findFirst();
        });
    }

    @Override
    public List<Figures> mailboxes() throws StoreException {
        return db.read(c -> {
            List<Figures> figures = new ArrayList<>();
            c.query(
                    "SELECT mailbox, uid_validity, messages, unseen, deleted, octets, uid_next, modseq, recent_from, dirty, fresh_nanos,"
                            + " cur_nanos, gone_floor FROM mailboxes WHERE account = ?",
                    row -> figures.add(figures(row)),
                    account);
            return figures;
        });
    }

    private static Figures figures(ResultSet row) throws SQLException {
        return new Figures(
                row.getInt(1),
                (int) row.getLong(2),
                row.getInt(3),
                row.getInt(4),
                row.getInt(5),
                row.getLong(6),
                (int) row.getLong(7),
                row.getLong(8),
                (int) row.getLong(9),
                row.getInt(10) != 0,
                new FolderMark(row.getLong(11), row.getLong(12)),
                row.getLong(13));
    }

    @Override
    public List<MessageChunk> chunks(int mailbox, int uidValidity) throws StoreException {
        return db.read(c -> {
            List<MessageChunk> chunks = new ArrayList<>();
            c.query(
                    "SELECT data FROM chunks WHERE account = ? AND mailbox = ? ORDER BY first_uid",
                    row -> chunks.add(ChunkCodec.decode(row.getBytes(1), uidValidity)),
                    account,
                    mailbox);
            return chunks;
        });
    }

    @Override
    public Optional<MessageChunk> lastChunk(int mailbox, int uidValidity) throws StoreException {
        return db.read(c -> {
            List<MessageChunk> chunks = new ArrayList<>(1);
            c.query(
                    "SELECT data FROM chunks WHERE account = ? AND mailbox = ? ORDER BY first_uid DESC LIMIT 1",
                    row -> chunks.add(ChunkCodec.decode(row.getBytes(1), uidValidity)),
                    account,
                    mailbox);
            return chunks.stream().findFirst();
        });
    }

    @Override
    public void emails(long[] emails, boolean withParts, EmailSink sink) throws StoreException {
        db.read(c -> {
            int from = 0;
            while (from < emails.length) {
                int to = from + 1;
                while (to < emails.length
                        && emails[to] > emails[to - 1]
                        && emails[to] - emails[from] <= (long) WASTE * (to - from)) {
                    to++;
                }
                range(c, emails, from, to, withParts, sink);
                from = to;
            }
            return null;
        });
    }

    /** Reads the ascending emails from place {@code from} to before {@code to}. */
    private void range(Database c, long[] emails, int from, int to, boolean withParts, EmailSink sink) throws SQLException {
        PreparedStatement statement = c.statement(withParts
                ? "SELECT email, thread, parts FROM emails WHERE account = ? AND email BETWEEN ? AND ? ORDER BY email"
                : "SELECT email, thread FROM emails WHERE account = ? AND email BETWEEN ? AND ? ORDER BY email");
        statement.setInt(1, account);
        statement.setLong(2, emails[from]);
        statement.setLong(3, emails[to - 1]);
        int place = from;
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                long email = row.getLong(1);
                while (place < to && emails[place] < email) {
                    place++;
                }
                if (place < to && emails[place] == email) {
                    sink.accept(place, new EmailRow(email, row.getLong(2), withParts ? row.getBytes(3) : NO_PARTS));
                }
            }
        }
    }

    private static final byte[] NO_PARTS = {};

    @Override
    public Optional<FileRow> file(int mailbox, int uid) throws StoreException {
        return files(mailbox, UidSet.of(uid)).stream().findFirst();
    }

    @Override
    public List<FileRow> files(int mailbox, UidSet uids) throws StoreException {
        return db.read(c -> {
            List<FileRow> files = new ArrayList<>();
            for (int range = 0; range < uids.ranges(); range++) {
                c.query(
                        "SELECT uid, email, file FROM messages WHERE account = ? AND mailbox = ? AND uid BETWEEN ? AND ? ORDER BY uid",
                        row -> files.add(new FileRow((int) row.getLong(1), row.getLong(2), row.getString(3))),
                        account,
                        mailbox,
                        unsigned(uids.first(range)),
                        unsigned(uids.last(range)));
            }
            return files;
        });
    }

    @Override
    public List<GoneRow> gone(int mailbox, long modSeq) throws StoreException {
        return db.read(c -> {
            List<GoneRow> gone = new ArrayList<>();
            c.query(
                    "SELECT modseq, uids FROM gone WHERE account = ? AND mailbox = ? AND modseq > ? ORDER BY modseq",
                    row -> gone.add(new GoneRow(row.getLong(1), decode(row.getBytes(2)))),
                    account,
                    mailbox,
                    modSeq);
            return gone;
        });
    }

    @Override
    public Map<Integer, Long> surplusGone(int most, int kept) throws StoreException {
        return db.read(c -> {
            List<Integer> mailboxes = new ArrayList<>();
            c.query(
                    "SELECT mailbox FROM gone WHERE account = ? GROUP BY mailbox HAVING count(*) > ?",
                    row -> mailboxes.add(row.getInt(1)),
                    account,
                    most);
            Map<Integer, Long> surplus = new HashMap<>();
            for (Integer mailbox : mailboxes) {
                c.query(
                        "SELECT modseq FROM gone WHERE account = ? AND mailbox = ? ORDER BY modseq DESC LIMIT 1 OFFSET ?",
                        row -> surplus.put(mailbox, row.getLong(1)),
                        account,
                        mailbox,
                        kept);
            }
            return surplus;
        });
    }

    @Override
    public List<LogRow> log(long modSeq) throws StoreException {
        return db.read(c -> log.after(c, modSeq));
    }

    @Override
    public OptionalLong logFloor() throws StoreException {
        return db.read(log::floor);
    }

    @Override
    public long lastLogged(Event first) throws StoreException {
        return db.read(c -> log.last(c, first));
    }

    @Override
    public Map<Long, Long> threads(Set<Long> hashes) throws StoreException {
        if (hashes.isEmpty()) {
            return Map.of();
        }
        return db.read(c -> {
            Map<Long, Long> threads = new HashMap<>();
            for (Long hash : hashes) {
                c.query(
                        "SELECT thread FROM message_ids WHERE account = ? AND hash = ?",
                        row -> threads.put(hash, row.getLong(1)),
                        account,
                        hash);
            }
            return threads;
        });
    }

    @Override
    public int trimMessageIds(long worth, int most) throws StoreException {
        long[] count = {0};
        db.read(c -> {
            c.query("SELECT count(*) FROM message_ids WHERE account = ?", row -> count[0] = row.getLong(1), account);
            return count;
        });
        if (count[0] <= worth) {
            return 0;
        }
        return db.write(false, c -> c.update(
                "DELETE FROM message_ids WHERE account = ? AND hash IN (SELECT hash FROM message_ids WHERE account = ?"
                        + " AND thread NOT IN (SELECT thread FROM emails WHERE account = ?) LIMIT ?)",
                account,
                account,
                account,
                most));
    }

    @Override
    public void commit(List<Write> writes, boolean synced) throws StoreException {
        db.write(synced, c -> {
            IndexLog.Entry logged = log.entry(c);
            // Under the database's lock: who comes second waits until it is decided.
            Write first = awaiting;
            if (first != null) {
                apply(c, first, logged);
            }
            for (Write write : writes) {
                apply(c, write, logged);
            }
            logged.write();
            return null;
        });
        awaiting = null;
        committed = true;
    }

    @Override
    public void withNextCommit(Write write) {
        awaiting = write;
    }

    @Override
    public boolean committed() {
        return committed;
    }

    @Override
    public void close() throws StoreException {
        db.close();
    }

    private void apply(Database c, Write write, IndexLog.Entry logged) throws SQLException {
        switch (write) {
            case Write.PutFigures put -> {
                putFigures(c, put.figures());
                logged.at(put.figures().highestModSeq());
            }
            case Write.Log put -> logged.add(put);
            case Write.PutLogFloor put -> log.putFloor(c, put.modSeq());
            case Write.PutChunk put -> c.update(
                    "INSERT INTO chunks VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (account, mailbox, first_uid) DO UPDATE SET data = excluded.data",
                    account,
                    put.mailbox(),
                    unsigned(put.chunk().firstUid()),
                    ChunkCodec.encode(put.chunk(), put.uidValidity()));
            case Write.RemoveChunk remove -> c.update(
                    "DELETE FROM chunks WHERE account = ? AND mailbox = ? AND first_uid = ?",
                    account,
                    remove.mailbox(),
                    unsigned(remove.firstUid()));
            case Write.ShowEmail show -> {
                if (showEmail(c, show.email())) {
                    logged.shown(show.email().email());
                }
            }
            case Write.ShowAgain show -> showAgain(c, show.emails(), logged);
            case Write.PutEmail put -> c.update(
                    "UPDATE emails SET thread = ?, parts = ? WHERE account = ? AND email = ?",
                    put.email().thread(),
                    put.email().parts(),
                    account,
                    put.email().email());
            case Write.PutFile put -> c.update(
                    "INSERT INTO messages VALUES (?, ?, ?, ?, ?)"
                            + " ON CONFLICT (account, mailbox, uid) DO UPDATE SET file = excluded.file",
                    account,
                    put.mailbox(),
                    unsigned(put.file().uid()),
                    put.file().email(),
                    put.file().file());
            case Write.RemoveFiles remove -> removeFiles(c, remove);
            case Write.HideEmails hide -> {
                logged.hidden(hide.emails());
                hideEmails(c, hide.emails());
            }
            case Write.Gone gone -> c.update(
                    "INSERT INTO gone VALUES (?, ?, ?, ?)", account, gone.mailbox(), gone.modSeq(), encode(gone.uids()));
            case Write.ForgetGone forget -> c.update(
                    "DELETE FROM gone WHERE account = ? AND mailbox = ? AND modseq <= ?", account, forget.mailbox(), forget.modSeq());
            case Write.DropMailbox drop -> drop(c, drop.mailbox());
            case Write.PutMessageIds put -> {
                for (Map.Entry<Long, Long> id : put.threads().entrySet()) {
                    c.update("INSERT INTO message_ids VALUES (?, ?, ?) ON CONFLICT DO NOTHING", account, id.getKey(), id.getValue());
                }
            }
            case Write.PutBoot put -> c.update(
                    "INSERT INTO boots VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET boot = excluded.boot", account, put.boot());
        }
    }

    private void putFigures(Database c, Figures figures) throws SQLException {
        c.update(
                "INSERT INTO mailboxes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, mailbox) DO UPDATE SET"
                        + " uid_validity = excluded.uid_validity, messages = excluded.messages, unseen = excluded.unseen,"
                        + " deleted = excluded.deleted, octets = excluded.octets, uid_next = excluded.uid_next,"
                        + " modseq = excluded.modseq, recent_from = excluded.recent_from, dirty = excluded.dirty,"
                        + " fresh_nanos = excluded.fresh_nanos, cur_nanos = excluded.cur_nanos, gone_floor = excluded.gone_floor",
                account,
                figures.mailbox(),
                unsigned(figures.uidValidity()),
                figures.messages(),
                figures.unseen(),
                figures.deleted(),
                figures.octets(),
                unsigned(figures.uidNext()),
                figures.highestModSeq(),
                unsigned(figures.recentFrom()),
                figures.dirty() ? 1 : 0,
                figures.stamp().freshNanos(),
                figures.stamp().curNanos(),
                figures.goneFloor());
    }

    private void removeFiles(Database c, Write.RemoveFiles remove) throws SQLException {
        for (int range = 0; range < remove.uids().ranges(); range++) {
            c.update(
                    "DELETE FROM messages WHERE account = ? AND mailbox = ? AND uid BETWEEN ? AND ?",
                    account,
                    remove.mailbox(),
                    unsigned(remove.uids().first(range)),
                    unsigned(remove.uids().last(range)));
        }
    }

    /** An email without a row in placements is shown by one message. Returns whether no message showed it before. */
    private boolean showEmail(Database c, EmailRow email) throws SQLException {
        int added = c.update(
                "INSERT INTO emails (account, email, thread, parts) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                account,
                email.email(),
                email.thread(),
                email.parts());
        if (added == 0) {
            c.update(
                    "INSERT INTO placements VALUES (?, ?, 2) ON CONFLICT (account, email) DO UPDATE SET messages = messages + 1",
                    account,
                    email.email());
        }
        return added > 0;
    }

    /** Copies: by ranges, which is a third of what one by one costs. */
    private void showAgain(Database c, List<EmailRange> emails, IndexLog.Entry logged) throws SQLException {
        for (EmailRange range : emails) {
            long[] known = {0};
            c.query(
                    "SELECT count(*) FROM emails WHERE account = ? AND email BETWEEN ? AND ?",
                    row -> known[0] = row.getLong(1),
                    account,
                    range.first(),
                    range.last());
            if (known[0] == range.last() - range.first() + 1) {
                c.update(
                        "INSERT INTO placements SELECT account, email, 2 FROM emails WHERE account = ? AND email BETWEEN ? AND ?"
                                + " ON CONFLICT (account, email) DO UPDATE SET messages = placements.messages + 1",
                        account,
                        range.first(),
                        range.last());
                continue;
            }
            for (long email = range.first(); email <= range.last(); email++) {
                // What it is will be read when it is first asked for.
                if (showEmail(c, new EmailRow(email, email, NO_PARTS))) {
                    logged.shown(email);
                }
            }
        }
    }

    private void hideEmails(Database c, List<EmailRange> emails) throws SQLException {
        for (EmailRange range : emails) {
            c.update(
                    "DELETE FROM emails WHERE account = ? AND email BETWEEN ? AND ? AND email NOT IN"
                            + " (SELECT email FROM placements WHERE account = ? AND email BETWEEN ? AND ?)",
                    account,
                    range.first(),
                    range.last(),
                    account,
                    range.first(),
                    range.last());
            c.update(
                    "UPDATE placements SET messages = messages - 1 WHERE account = ? AND email BETWEEN ? AND ?",
                    account,
                    range.first(),
                    range.last());
            c.update(
                    "DELETE FROM placements WHERE account = ? AND email BETWEEN ? AND ? AND messages < 2",
                    account,
                    range.first(),
                    range.last());
        }
    }

    private void drop(Database c, int mailbox) throws SQLException {
        for (String table : List.of("mailboxes", "chunks", "messages", "gone")) {
            c.update("DELETE FROM " + table + " WHERE account = ? AND mailbox = ?", account, mailbox);
        }
    }

    private static byte[] encode(UidSet uids) {
        ChunkCodec.Packer out = new ChunkCodec.Packer(4 + 4 * uids.ranges());
        out.number(uids.ranges());
        int last = 0;
        for (int range = 0; range < uids.ranges(); range++) {
            out.number(Integer.toUnsignedLong(uids.first(range) - last));
            out.number(Integer.toUnsignedLong(uids.last(range) - uids.first(range)));
            last = uids.last(range);
        }
        return out.octets();
    }

    private static UidSet decode(byte[] octets) throws SQLException {
        try {
            ChunkCodec.Unpacker in = new ChunkCodec.Unpacker(octets);
            UidSet.Builder uids = new UidSet.Builder();
            int last = 0;
            for (long ranges = in.number(); ranges > 0; ranges--) {
                int first = last + (int) in.number();
                last = first + (int) in.number();
                uids.addRange(first, last);
            }
            return uids.build();
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new SQLException("a set of UIDs that ends early", e);
        }
    }

    private static long unsigned(int number) {
        return Integer.toUnsignedLong(number);
    }
}
