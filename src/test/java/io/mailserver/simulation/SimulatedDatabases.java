package io.mailserver.simulation;

import io.mailserver.store.AccountKey;
import io.mailserver.store.Databases;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * SQLite files in memory that lose after a power cut what was committed and not synced: {@code index.db} comes back as it was after any
 * commit since the last synced one, or not at all; {@code account.db} as it was last. Belongs to a {@link SimulatedDisk}, which cannot
 * hold them itself.
 */
public final class SimulatedDatabases implements Databases {
    private record Name(AccountKey account, Kind kind) {}

    /** Of more unsynced commits than this, some are no choice after a power cut. */
    private static final int MAX_STATES = 64;

    /** The states after the last synced commit and all since. */
    private final Map<Name, List<byte[]>> files = new HashMap<>();

    private final Map<Kind, byte[]> templates;
    private final List<Connection> open = new ArrayList<>();
    private boolean powerLost;

    public SimulatedDatabases() {
        this(new HashMap<>());
    }

    private SimulatedDatabases(Map<Kind, byte[]> templates) {
        this.templates = templates;
    }

    @Override
    public synchronized Opened open(AccountKey account, Kind kind) throws SQLException {
        if (powerLost) {
            throw new SQLException("the simulated power is gone");
        }
        Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Name name = new Name(account, kind);
        List<byte[]> states = files.get(name);
        byte[] state = states == null ? templates.get(kind) : states.getLast();
        if (state != null) {
            connection.unwrap(SQLiteConnection.class).deserialize("main", state);
        } else {
            // Small pages, as each commit copies all of them.
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA page_size = 1024");
            }
        }
        open.add(connection);
        return new Opened() {
            @Override
            public Connection connection() {
                return connection;
            }

            @Override
            public void committed(boolean synced) {
                keep(name, connection, synced);
            }

            @Override
            public void close() throws SQLException {
                connection.close();
            }
        };
    }

    private synchronized void keep(Name name, Connection connection, boolean synced) {
        checkPower();
        byte @Nullable [] state;
        try {
            state = connection.unwrap(SQLiteConnection.class).serialize("main");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        // The first commit makes the tables; others need not make them again.
        templates.putIfAbsent(name.kind(), state);
        List<byte[]> states = files.computeIfAbsent(name, _ -> new ArrayList<>());
        if (synced) {
            states.clear();
        }
        if (states.size() > MAX_STATES) {
            states.remove(states.size() / 2);
        }
        states.add(state);
    }

    @Override
    public synchronized void setAside(AccountKey account, Kind kind) {
        files.remove(new Name(account, kind));
    }

    /** Deletes a file; it is not open. */
    public synchronized void delete(AccountKey account, Kind kind) {
        files.remove(new Name(account, kind));
    }

    /** The files as another process on the same boot finds them: everything committed is there. */
    public synchronized SimulatedDatabases afterKill() {
        loseFiles();
        SimulatedDatabases next = new SimulatedDatabases(templates);
        files.forEach((name, states) -> next.files.put(name, new ArrayList<>(states)));
        return next;
    }

    /** The files as they may be after a power cut. */
    public synchronized SimulatedDatabases afterPowerCut(Random random) {
        loseFiles();
        SimulatedDatabases next = new SimulatedDatabases(templates);
        files.forEach((name, states) -> {
            int choice = name.kind() == Kind.ACCOUNT ? states.size() - 1 : random.nextInt(-1, states.size());
            if (choice >= 0) {
                next.files.put(name, new ArrayList<>(List.of(states.get(choice))));
            }
        });
        return next;
    }

    /** Who has files open gets errors from now on. */
    private void loseFiles() {
        powerLost = true;
        for (Connection connection : open) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        open.clear();
    }

    private void checkPower() {
        if (powerLost) {
            throw new SimulatedDisk.PowerLost();
        }
    }
}
