package io.mailserver.store;

import io.mailserver.base.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Function;
import org.sqlite.SQLiteConfig;

/**
 * The SQLite files in the folders of accounts. Opened by this process alone (exclusive locking, which spares each transaction its locks
 * and the memory shared between processes); write-ahead log; no memory mapping. Safe for use by any thread.
 */
public final class DatabaseFiles implements Databases {
    /** Negative is KiB. Small, as hundreds of accounts are open at once; the system's page cache is behind it. */
    private static final int CACHE_KIBIBYTES = -256;

    private static final int BUSY_TIMEOUT_MILLIS = 5_000;

    /** Keeps a log that grew once from taking room for ever. */
    private static final int JOURNAL_LIMIT_OCTETS = 4 << 20;

    private final Function<AccountKey, Path> folders;

    /** @param folders an account's folder; made with its parents if missing */
    public DatabaseFiles(Function<AccountKey, Path> folders) {
        this.folders = folders;
    }

    @Override
    public Opened open(AccountKey account, Kind kind) throws SQLException, IOException {
        Path folder = folders.apply(account);
        Path file = folder.resolve(kind.fileName());
        if (!Files.exists(file)) {
            create(folder, file, kind);
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(kind == Kind.ACCOUNT ? SQLiteConfig.SynchronousMode.FULL : SQLiteConfig.SynchronousMode.NORMAL);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setCacheSize(CACHE_KIBIBYTES);
        config.setJournalSizeLimit(JOURNAL_LIMIT_OCTETS);
        // Nobody asks for them, and the driver would run a query after each INSERT.
        config.setGetGeneratedKeys(false);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        return new Opened() {
            @Override
            public Connection connection() {
                return connection;
            }

            @Override
            public void close() throws SQLException {
                connection.close();
            }
        };
    }

    @Override
    public void setAside(AccountKey account, Kind kind) throws IOException {
        Path folder = folders.apply(account);
        for (String suffix : Set.of("", "-wal", "-shm")) {
            Path file = folder.resolve(kind.fileName() + suffix);
            if (Files.exists(file)) {
                Files.move(file, folder.resolve(kind.fileName() + ".damaged" + suffix), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        DurableFiles.flushFolder(folder);
    }

    /** Only its owner reads it; SQLite gives its other files the same permissions. */
    private static void create(Path folder, Path file, Kind kind) throws IOException {
        DurableFiles.createFolders(folder);
        try {
            FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), DurableFiles.FILE_MODE).close();
        } catch (FileAlreadyExistsException e) {
            return;
        }
        if (kind == Kind.ACCOUNT) {
            DurableFiles.flushFolder(folder);
        }
    }
}
