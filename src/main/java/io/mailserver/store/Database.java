package io.mailserver.store;

import io.mailserver.base.FormatVersion;
import io.mailserver.base.OperatorException;
import io.mailserver.base.PlatformPool;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/**
 * One open SQLite file: one piece of work at a time, on a thread of the pool; statements are prepared once.
 *
 * <p>Safe for use by any thread. Whoever calls must not be on a thread of the pool already, for the lock is taken before.
 */
final class Database implements AutoCloseable {
    private static final int PRIMARY_CODE = 0xff;

    private final String name;
    private final Databases.Kind kind;
    private final Databases.Opened opened;
    private final PlatformPool pool;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}; used on the pool's thread that works for its holder. */
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private Database(String name, Databases.Kind kind, Databases.Opened opened, PlatformPool pool) {
        this.name = name;
        this.kind = kind;
        this.opened = opened;
        this.pool = pool;
    }

    /** What to do with the file; runs on the pool and waits for nothing else. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T run(Database db) throws SQLException;
    }

    /**
     * Opens a file and brings it to the newest format.
     *
     * @param formats the statements that lead to format 1, to format 2 …
     * @throws StoreException CORRUPT for what is no database, UNAVAILABLE for a newer format and for trouble of the disk
     */
    static Database open(Databases files, AccountKey account, Databases.Kind kind, List<List<String>> formats, PlatformPool pool)
            throws StoreException {
        String name = kind.fileName() + " of " + account;
        try {
            return pool.call(() -> openHere(name, files, account, kind, formats, pool));
        } catch (PlatformPool.OverloadedException e) {
            throw overloaded(e);
        }
    }

    private static Database openHere(
            String name, Databases files, AccountKey account, Databases.Kind kind, List<List<String>> formats, PlatformPool pool)
            throws StoreException {
        try {
            Databases.Opened opened = files.open(account, kind);
            boolean usable = false;
            try {
                Database database = new Database(name, kind, opened, pool);
                FormatVersion.bringTo(formats.size(), new Format(database, formats));
                usable = true;
                return database;
            } finally {
                if (!usable) {
                    opened.close();
                }
            }
        } catch (SQLException e) {
            throw failure(name, e);
        } catch (IOException | OperatorException e) {
            throw new StoreException(StoreException.Cause.UNAVAILABLE, name + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Runs queries. */
    <T extends @Nullable Object> T read(Work<T> work) throws StoreException {
        return locked(() -> work.run(this));
    }

    /**
     * Makes a change: all of it is committed when this returns, nothing of it when it throws.
     *
     * @param synced whether it, and all that was committed before it, must survive a power cut; always so in {@code account.db}
     */
    <T extends @Nullable Object> T write(boolean synced, Work<T> work) throws StoreException {
        return locked(() -> transaction(synced, work));
    }

    /** A prepared statement, kept for the next time; not to be closed. */
    PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement known = statements.get(sql);
        if (known == null) {
            known = opened.connection().prepareStatement(sql);
            statements.put(sql, known);
        }
        return known;
    }

    /** Runs one statement; values are numbers, texts, octets or null. */
    int update(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = statement(sql);
        bind(statement, values);
        return statement.executeUpdate();
    }

    /** Takes each row. */
    @FunctionalInterface
    interface Rows {
        void accept(ResultSet row) throws SQLException;
    }

    /** Runs a query. */
    void query(String sql, Rows rows, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = statement(sql);
        bind(statement, values);
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.accept(result);
            }
        }
    }

    @Override
    public void close() throws StoreException {
        locked(() -> {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
            statements.clear();
            opened.close();
            return null;
        });
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            switch (values[i]) {
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                case String text -> statement.setString(i + 1, text);
                case byte[] octets -> statement.setBytes(i + 1, octets);
                case null -> statement.setObject(i + 1, null);
                default -> throw new IllegalArgumentException("no column type for a value");
            }
        }
    }

    private <T extends @Nullable Object> T transaction(boolean synced, Work<T> work) throws SQLException {
        Connection connection = opened.connection();
        boolean switchSync = synced && kind == Databases.Kind.INDEX;
        if (switchSync) {
            execute("PRAGMA synchronous = FULL");
        }
        boolean committed = false;
        try {
            connection.setAutoCommit(false);
            T result = work.run(this);
            connection.commit();
            committed = true;
            opened.committed(synced || kind == Databases.Kind.ACCOUNT);
            return result;
        } finally {
            if (!committed) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
            if (switchSync) {
                execute("PRAGMA synchronous = NORMAL");
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = opened.connection().createStatement()) {
            statement.execute(sql);
        }
    }

    private <T extends @Nullable Object> T locked(PlatformPool.Work<T, SQLException> work) throws StoreException {
        lock.lock();
        try {
            return pool.call(work);
        } catch (SQLException e) {
            throw failure(name, e);
        } catch (PlatformPool.OverloadedException e) {
            throw overloaded(e);
        } finally {
            lock.unlock();
        }
    }

    private static StoreException overloaded(PlatformPool.OverloadedException e) {
        return new StoreException(StoreException.Cause.UNAVAILABLE, "Too much waits for the disk; try again later", e);
    }

    private static StoreException failure(String name, SQLException e) {
        int code = e.getErrorCode() & PRIMARY_CODE;
        StoreException.Cause reason;
        if (code == SQLiteErrorCode.SQLITE_FULL.code) {
            reason = StoreException.Cause.DISK_FULL;
        } else if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            reason = StoreException.Cause.CORRUPT;
        } else {
            reason = StoreException.Cause.UNAVAILABLE;
        }
        return new StoreException(reason, name + ": " + e.getMessage(), e);
    }

    /** The number of the format, in a table; each step is one transaction, the number in it. */
    private record Format(Database database, List<List<String>> formats) implements FormatVersion.Versioned<SQLException> {
        @Override
        public String name() {
            return database.name;
        }

        @Override
        public int version() throws SQLException {
            int[] version = {0};
            boolean[] exists = {false};
            database.query("SELECT 1 FROM sqlite_master WHERE name = 'format'", row -> exists[0] = true);
            if (exists[0]) {
                database.query("SELECT version FROM format", row -> version[0] = row.getInt(1));
            }
            return version[0];
        }

        @Override
        public void create() throws SQLException {
            database.transaction(true, db -> {
                db.execute("CREATE TABLE format (version INTEGER NOT NULL)");
                db.execute("INSERT INTO format VALUES (" + formats.size() + ")");
                for (List<String> step : formats) {
                    apply(step);
                }
                return null;
            });
        }

        @Override
        public void copyAside(int version) throws SQLException {
            throw new SQLException("no older format was ever written");
        }

        @Override
        public void migrate(int from) throws SQLException {
            database.transaction(true, db -> {
                apply(formats.get(from));
                db.update("UPDATE format SET version = ?", from + 1);
                return null;
            });
        }

        private void apply(List<String> step) throws SQLException {
            for (String sql : step) {
                database.execute(sql);
            }
        }
    }
}
