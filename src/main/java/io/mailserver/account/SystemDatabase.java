package io.mailserver.account;

import io.mailserver.base.OperatorException;
import io.mailserver.base.PlatformPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * {@code system.db}: domains, accounts, credentials, aliases. One connection, used by one platform thread of its own, so that there
 * is one writer, reads see whole transactions, and no caller holds a lock. A committed change is on the disk (WAL with
 * synchronous=FULL) before {@link #write} returns.
 *
 * <p>The file carries a format version; a newer one is refused, an older one is migrated after a copy of it was laid beside it as
 * {@code system.db.format-<n>}. Network file systems are refused: SQLite's write-ahead log needs memory shared by all who open the
 * file, and their locks lie.
 *
 * <p>Safe for use by any thread. Closed by whoever opened it.
 */
public final class SystemDatabase implements AutoCloseable {
    /** Its name in the data folder. */
    public static final String FILE_NAME = "system.db";

    /** What may wait for the database; one piece of work takes 20 us to 2 ms. */
    private static final int MAX_WAITING = 2_000;

    /** How long to wait for another program that has the file open, in milliseconds. */
    private static final int BUSY_TIMEOUT_MILLIS = 5_000;

    /** SQLite's extended result codes hold the primary one in the lowest octet. */
    private static final int PRIMARY_CODE = 0xff;

    /** As the JDK reports them for Linux mounts. */
    private static final Set<String> NETWORK_FILE_SYSTEMS =
            Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs", "fuse.glusterfs", "fuse.sshfs");

    private final Path file;
    private final PlatformPool thread;
    private final Connection connection;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile long generation;

    private SystemDatabase(Path file, PlatformPool thread, Connection connection) {
        this.file = file;
        this.thread = thread;
        this.connection = connection;
    }

    /** Work on the database; runs on the database's thread and must not wait for anything else. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T run(Connection connection) throws SQLException;
    }

    /**
     * Opens the database of a data folder, makes it if missing, migrates it if it is of an older format. The caller holds the data
     * lock.
     *
     * @throws OperatorException the file is of a newer format, no database, or on a network file system
     * @throws IOException the disk failed
     */
    public static SystemDatabase open(Path dataFolder) throws IOException {
        return open(dataFolder, SystemSchema.MIGRATIONS);
    }

    static SystemDatabase open(Path dataFolder, List<SystemFormat.Migration> migrations) throws IOException {
        Path file = dataFolder.resolve(FILE_NAME);
        refuseNetwork(Files.getFileStore(dataFolder).type(), file);
        PlatformPool thread = new PlatformPool("system-db", 1, MAX_WAITING);
        try {
            Connection connection = thread.call(() -> connect(file, migrations));
            return new SystemDatabase(file, thread, connection);
        } catch (RuntimeException | IOException e) {
            thread.close();
            throw e;
        }
    }

    /** Runs a query; it sees every change written before the call. */
    <T extends @Nullable Object> T read(Work<T> query) throws IOException {
        try {
            return thread.call(() -> query.run(connection));
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Makes a change: all of it is on the disk when this returns, or nothing was changed when it throws. */
    <T extends @Nullable Object> T write(Work<T> change) throws IOException {
        return write(change, true);
    }

    /** As {@link #write} for notes that change no answer of the directory, so that caches of such answers stay valid. */
    void note(Work<@Nullable Void> change) throws IOException {
        write(change, false);
    }

    /**
     * A number that grows with every change of domains, accounts, credentials and aliases. What was read on the database's thread
     * while it had the same value is still true.
     */
    long generation() {
        return generation;
    }

    /** Has {@code listener} told of each change that {@link #generation} counts, on the database's thread: it must not block. */
    void whenChanged(Runnable listener) {
        listeners.add(listener);
    }

    /** Whether the database answers. */
    public boolean answers() {
        try {
            return read(c -> {
                try (PreparedStatement query = c.prepareStatement("SELECT version FROM format")) {
                    return query.executeQuery().next();
                }
            });
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits for accepted work, then closes the file. Idempotent. */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            thread.call(() -> {
                connection.close();
                return null;
            });
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            thread.close();
        }
    }

    private <T extends @Nullable Object> T write(Work<T> change, boolean changesAnswers) throws IOException {
        try {
            return thread.call(() -> {
                T result = Sql.transaction(connection, change);
                if (changesAnswers) {
                    grow();
                }
                return result;
            });
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    // Only the database's thread writes the field.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void grow() {
        generation++;
        listeners.forEach(Runnable::run);
    }

    private IOException failure(SQLException e) {
        return new IOException(file.getFileName() + ": " + e.getMessage(), e);
    }

    /**
     * Why the file cannot be opened.
     *
     * @throws OperatorException it is damaged
     */
    static IOException openingFailure(Path file, SQLException e) {
        int code = e.getErrorCode() & PRIMARY_CODE;
        if (code == SQLiteErrorCode.SQLITE_NOTADB.code || code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            throw new OperatorException(
                    file + " is damaged or no database", "restore it from a backup; the mail itself is not touched by this", e);
        }
        return new IOException("cannot open " + file + ": " + e.getMessage(), e);
    }

    private static Connection connect(Path file, List<SystemFormat.Migration> migrations) throws IOException {
        boolean fresh = SystemFormat.createFile(file);
        try {
            Connection connection = connectAndMigrate(file, migrations);
            if (fresh) {
                SystemFormat.flushFolderOf(file);
            }
            return connection;
        } catch (SQLException e) {
            throw openingFailure(file, e);
        }
    }

    private static Connection connectAndMigrate(Path file, List<SystemFormat.Migration> migrations)
            throws SQLException, IOException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.enforceForeignKeys(true);
        // Nobody asks for them, and the driver would run a query after each INSERT.
        config.setGetGeneratedKeys(false);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        boolean usable = false;
        try {
            new SystemFormat(connection, file, migrations).bringToNewest();
            usable = true;
            return connection;
        } finally {
            if (!usable) {
                connection.close();
            }
        }
    }

    static void refuseNetwork(String fileSystemType, Path file) {
        if (NETWORK_FILE_SYSTEMS.contains(fileSystemType.toLowerCase(Locale.ROOT))) {
            throw new OperatorException(
                    file + " would lie on a network file system (" + fileSystemType + "), where SQLite files get damaged",
                    "choose a data folder on a local disk with --data");
        }
    }
}
