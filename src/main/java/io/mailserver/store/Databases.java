package io.mailserver.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Where the SQLite files of accounts are. Two implementations: {@link DatabaseFiles}, and the tests' disk that loses what was not
 * synced. Called on threads of a pool.
 */
public interface Databases {
    /** The two files of an account. */
    enum Kind {
        /** What cannot be derived; every commit is synced. */
        ACCOUNT("account.db"),
        /** What can be rebuilt; commits are synced when they ask for it, and now and then. */
        INDEX("index.db");

        private final String fileName;

        Kind(String fileName) {
            this.fileName = fileName;
        }

        public String fileName() {
            return fileName;
        }
    }

    /** An open file. */
    interface Opened {
        /** One connection for everything; in auto-commit mode. */
        Connection connection();

        /** Told after each commit. */
        default void committed(boolean synced) {}

        /** Closes the connection. */
        void close() throws SQLException;
    }

    /** Opens a file of an account, makes it if missing; nobody else has it open. */
    Opened open(AccountKey account, Kind kind) throws SQLException, IOException;

    /** Puts a damaged file aside, so that the next {@link #open} makes a new one. The file is not open. */
    void setAside(AccountKey account, Kind kind) throws IOException;
}
