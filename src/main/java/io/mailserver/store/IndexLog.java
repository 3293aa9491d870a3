package io.mailserver.store;

import io.mailserver.store.Index.EmailRange;
import io.mailserver.store.Index.Event;
import io.mailserver.store.Index.LogRow;
import io.mailserver.store.Index.Write;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The account's log in {@code index.db}: rows by MODSEQ, the oldest dropped when there are many. Used under the database's lock. */
final class IndexLog {
    /** How many rows beyond {@link Index#MIN_LOG_ROWS} may come before the oldest go. */
    private static final int SURPLUS = 5_000;

    private final int account;
    /** Rows since the surplus was last looked at; the first look comes at once. */
    private int rows = SURPLUS;

    IndexLog(int account) {
        this.account = account;
    }

    List<LogRow> after(Database c, long modSeq) throws SQLException {
        List<LogRow> found = new ArrayList<>();
        c.query(
                "SELECT modseq, event, numbers FROM log WHERE account = ? AND modseq > ? ORDER BY modseq",
                row -> found.add(new LogRow(row.getLong(1), Event.of(row.getInt(2)), decode(row.getBytes(3)))),
                account,
                modSeq);
        return found;
    }

    long last(Database c, Event first) throws SQLException {
        long[] last = {0};
        c.query(
                "SELECT modseq FROM log WHERE account = ? AND event >= ? ORDER BY modseq DESC LIMIT 1",
                row -> last[0] = row.getLong(1),
                account,
                first.code());
        return last[0];
    }

    OptionalLong floor(Database c) throws SQLException {
        List<Long> floor = new ArrayList<>(1);
        c.query("SELECT modseq FROM log_floors WHERE account = ?", row -> floor.add(row.getLong(1)), account);
        return floor.isEmpty() ? OptionalLong.empty() : OptionalLong.of(floor.getFirst());
    }

    void putFloor(Database c, long modSeq) throws SQLException {
        c.update(
                "INSERT INTO log_floors VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET modseq = excluded.modseq", account, modSeq);
    }

    /** What one commit is going to log. */
    Entry entry(Database c) {
        return new Entry(c);
    }

    /** Gathers, and writes at the end of the commit, when it knows the MODSEQ. */
    final class Entry {
        private final Database c;
        private final List<Long> shown = new ArrayList<>();
        private final List<Long> hidden = new ArrayList<>();
        private final List<Write.Log> others = new ArrayList<>();
        private long modSeq;

        private Entry(Database c) {
            this.c = c;
        }

        void at(long number) {
            modSeq = Math.max(modSeq, number);
        }

        void add(Write.Log row) {
            at(row.modSeq());
            others.add(row);
        }

        void shown(long email) {
            shown.add(email);
        }

        /** Before they are removed: afterwards nobody knows their threads. */
        void hidden(List<EmailRange> emails) throws SQLException {
            for (EmailRange range : emails) {
                c.query(
                        "SELECT email, thread FROM emails WHERE account = ? AND email BETWEEN ? AND ?",
                        row -> {
                            hidden.add(row.getLong(1));
                            hidden.add(row.getLong(2));
                        },
                        account,
                        range.first(),
                        range.last());
            }
        }

        void write() throws SQLException {
            if (modSeq == 0) {
                return;
            }
            if (!shown.isEmpty()) {
                insert(modSeq, Event.SHOWN, array(shown));
            }
            if (!hidden.isEmpty()) {
                insert(modSeq, Event.HIDDEN, array(hidden));
            }
            for (Write.Log row : others) {
                insert(row.modSeq(), row.event(), row.numbers());
            }
            if (rows >= SURPLUS) {
                rows = 0;
                dropSurplus();
            }
        }

        private void insert(long at, Event event, long[] numbers) throws SQLException {
            c.update("INSERT INTO log VALUES (?, ?, ?, ?)", account, at, event.code(), encode(numbers));
            rows++;
        }

        private void dropSurplus() throws SQLException {
            List<Long> last = new ArrayList<>(1);
            c.query(
                    "SELECT modseq FROM log WHERE account = ? ORDER BY modseq DESC LIMIT 1 OFFSET ?",
                    row -> last.add(row.getLong(1)),
                    account,
                    Index.MIN_LOG_ROWS);
            if (!last.isEmpty()) {
                c.update("DELETE FROM log WHERE account = ? AND modseq <= ?", account, last.getFirst());
                putFloor(c, last.getFirst());
            }
        }
    }

    private static long[] array(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    /** Differences: emails that arrive together have neighbouring numbers. */
    private static byte[] encode(long[] numbers) {
        ChunkCodec.Packer out = new ChunkCodec.Packer(8 + 2 * numbers.length);
        out.number(numbers.length);
        long last = 0;
        for (long number : numbers) {
            out.signed(number - last);
            last = number;
        }
        return out.octets();
    }

    private static long[] decode(byte[] octets) throws SQLException {
        try {
            ChunkCodec.Unpacker in = new ChunkCodec.Unpacker(octets);
            long count = in.number();
            if (count < 0 || count > octets.length) {
                throw new SQLException("an entry of the log with " + count + " numbers");
            }
            long[] numbers = new long[(int) count];
            long last = 0;
            for (int i = 0; i < numbers.length; i++) {
                last += in.signed();
                numbers[i] = last;
            }
            return numbers;
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new SQLException("an entry of the log that ends early", e);
        }
    }
}
