package io.mailserver.account;

import io.mailserver.base.DurableFiles;
import io.mailserver.base.FormatVersion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The format of {@code system.db}, a number in its table {@code format}. Used by the database's thread while the file is opened; each
 * step is one transaction, the number in it.
 */
final class SystemFormat implements FormatVersion.Versioned<IOException> {
    private final Connection connection;
    private final Path file;
    private final List<Migration> migrations;

    /** @param migrations to format 1, 2, 3 … without a gap */
    SystemFormat(Connection connection, Path file, List<Migration> migrations) {
        this.connection = connection;
        this.file = file;
        this.migrations = migrations;
    }

    /**
     * One step from the format before to {@code toVersion}.
     *
     * @param statements run in order
     */
    record Migration(int toVersion, List<String> statements) {
        private void apply(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
            Sql.update(connection, "UPDATE format SET version = ?", toVersion);
        }
    }

    void bringToNewest() throws IOException {
        FormatVersion.bringTo(migrations.getLast().toVersion(), this);
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public int version() throws IOException {
        try {
            return SystemSchema.version(connection);
        } catch (SQLException e) {
            throw SystemDatabase.openingFailure(file, e);
        }
    }

    @Override
    public void create() throws IOException {
        apply(migrations);
    }

    /** A copy made by SQLite itself holds what is still in the write-ahead log; never open the file in any other way. */
    @Override
    public void copyAside(int version) throws IOException {
        Path copy = file.resolveSibling(file.getFileName() + ".format-" + version);
        Files.deleteIfExists(copy);
        createFile(copy);
        try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
            vacuum.setString(1, copy.toString());
            vacuum.execute();
        } catch (SQLException e) {
            throw SystemDatabase.openingFailure(file, e);
        }
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        flushFolderOf(copy);
    }

    @Override
    public void migrate(int from) throws IOException {
        apply(List.of(migrations.get(from)));
    }

    /** Makes a file that only its owner reads: it holds password hashes. SQLite gives its other files the same permissions. */
    static boolean createFile(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    static void flushFolderOf(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            DurableFiles.flushFolder(folder);
        }
    }

    private void apply(List<Migration> steps) throws IOException {
        try {
            Sql.transaction(connection, c -> {
                for (Migration step : steps) {
                    step.apply(c);
                }
                return null;
            });
        } catch (SQLException e) {
            throw SystemDatabase.openingFailure(file, e);
        }
    }
}
