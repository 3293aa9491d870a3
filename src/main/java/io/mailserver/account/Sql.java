package io.mailserver.account;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JDBC in one line: values are always parameters, never part of the statement's text. */
final class Sql {
    private Sql() {}

    /** Makes a value of the present row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** The first row, if any. */
    static <T> Optional<T> first(Connection c, RowReader<T> reader, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(c, sql, values);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
        }
    }

    /** All rows in the statement's order. */
    static <T> List<T> list(Connection c, RowReader<T> reader, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(c, sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<T> result = new ArrayList<>();
            while (rows.next()) {
                result.add(reader.read(rows));
            }
            return result;
        }
    }

    /** How many rows were changed. */
    static int update(Connection c, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(c, sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** Makes a change: all of it is committed when this returns, nothing of it when it throws. */
    static <T extends @Nullable Object> T transaction(Connection c, SystemDatabase.Work<T> change) throws SQLException {
        c.setAutoCommit(false);
        boolean committed = false;
        try {
            T result = change.run(c);
            c.commit();
            committed = true;
            return result;
        } finally {
            if (!committed) {
                c.rollback();
            }
            c.setAutoCommit(true);
        }
    }

    private static PreparedStatement prepare(Connection c, String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = c.prepareStatement(sql);
        boolean prepared = false;
        try {
            for (int i = 0; i < values.length; i++) {
                set(statement, i + 1, values[i]);
            }
            prepared = true;
            return statement;
        } finally {
            if (!prepared) {
                statement.close();
            }
        }
    }

    private static void set(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> statement.setNull(index, Types.VARCHAR);
            case String text -> statement.setString(index, text);
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case Boolean truth -> statement.setBoolean(index, truth);
            default -> throw new IllegalArgumentException("no column type for " + value.getClass());
        }
    }
}
