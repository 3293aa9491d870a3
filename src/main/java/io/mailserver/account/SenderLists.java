package io.mailserver.account;

import io.mailserver.base.OperatorException;
import io.mailserver.config.NamePattern;
import io.mailserver.config.NamePatterns;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Wanted and unwanted senders, and limits of the spam filter, in {@code system.db}: the server's, those of its domains, and those of its
 * accounts. Owners are named by a word: empty for the server, a domain, an address.
 *
 * <p>All of it is kept in memory too, as it is asked for each message: some hundred octets an entry. Safe for use by any thread; changes
 * block for the database.
 */
public final class SenderLists {
    /** Entries of one owner. */
    public static final int MAX_ENTRIES = 10_000;

    private final SystemDatabase database;
    private volatile Map<String, Owned> owners = Map.of();
    private volatile boolean stale;

    private record Owned(List<Entry> entries, Map<Setting, Integer> settings, NamePatterns wanted, NamePatterns unwanted) {
        static final Owned NOTHING = of(List.of(), Map.of());

        static Owned of(List<Entry> entries, Map<Setting, Integer> settings) {
            return new Owned(entries, settings, patterns(entries, true), patterns(entries, false));
        }

        private static NamePatterns patterns(List<Entry> entries, boolean wanted) {
            return new NamePatterns(entries.stream().filter(entry -> entry.wanted() == wanted).map(Entry::pattern).toList());
        }
    }

    /**
     * One sender or many.
     *
     * @param pattern a domain, an address, or either with asterisks
     * @param wanted whether its mail is let through; otherwise it is junk
     */
    public record Entry(String owner, NamePattern pattern, boolean wanted, Instant created) {}

    /** What an owner may decide otherwise than the configuration. */
    public enum Setting {
        /** From so many points on, mail goes to Junk. */
        JUNK,
        /** From so many points on, mail is refused. */
        REJECT,
        /** Days that Junk keeps mail; 0 for ever. */
        KEEP_JUNK_DAYS;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    SenderLists(SystemDatabase database) throws IOException {
        this.database = database;
        read();
        // Of an account that goes, what it had goes too.
        database.whenChanged(() -> stale = true);
    }

    /** The entries of an owner, ordered by pattern. */
    public List<Entry> of(String owner) throws IOException {
        return owners().getOrDefault(owner, Owned.NOTHING).entries();
    }

    /** All entries of all owners. */
    public List<Entry> all() throws IOException {
        return owners().entrySet().stream().sorted(Map.Entry.comparingByKey()).flatMap(each -> each.getValue().entries().stream()).toList();
    }

    /**
     * Whether an owner wants mail of a sender, or does not: what means the sender most closely decides, an address before its domain.
     * Empty if nothing does.
     *
     * @param proven addresses of the sender that are no forgery: only they are wanted
     * @param claimed addresses that the mail shows, proven or not
     */
    public Optional<Boolean> wants(String owner, Collection<String> proven, Collection<String> claimed) throws IOException {
        Owned owned = owners().getOrDefault(owner, Owned.NOTHING);
        Optional<NamePattern> wanted = closest(owned.wanted(), proven);
        Optional<NamePattern> unwanted = closest(owned.unwanted(), claimed);
        if (wanted.isEmpty() || unwanted.isEmpty()) {
            return wanted.or(() -> unwanted).map(found -> wanted.isPresent());
        }
        return Optional.of(NamePatterns.CLOSENESS.compare(wanted.get(), unwanted.get()) >= 0);
    }

    private static Optional<NamePattern> closest(NamePatterns patterns, Collection<String> addresses) {
        return addresses.stream().filter(address -> !address.isEmpty()).map(patterns::matchAddress).flatMap(Optional::stream)
                .max(NamePatterns.CLOSENESS);
    }

    /** What an owner has decided. */
    public OptionalInt setting(String owner, Setting setting) throws IOException {
        Integer value = owners().getOrDefault(owner, Owned.NOTHING).settings().get(setting);
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /**
     * Adds an entry, or turns one round.
     *
     * @throws io.mailserver.base.OperatorException the owner has too many
     */
    public void put(Entry entry) throws IOException {
        if (of(entry.owner()).size() >= MAX_ENTRIES) {
            throw new OperatorException("there are " + MAX_ENTRIES + " entries already", "remove some, or use spam.blocklist");
        }
        database.note(c -> {
            Sql.update(c, "DELETE FROM sender_lists WHERE owner = ? AND pattern = ?", entry.owner(), entry.pattern().text());
            Sql.update(c, "INSERT INTO sender_lists (owner, pattern, wanted, created_ms) VALUES (?, ?, ?, ?)", entry.owner(),
                    entry.pattern().text(), entry.wanted(), entry.created().toEpochMilli());
            return null;
        });
        read();
    }

    /** Whether there was such an entry. */
    public boolean remove(String owner, String pattern) throws IOException {
        boolean there = of(owner).stream().anyMatch(entry -> entry.pattern().text().equals(pattern));
        database.note(c -> {
            Sql.update(c, "DELETE FROM sender_lists WHERE owner = ? AND pattern = ?", owner, pattern);
            return null;
        });
        read();
        return there;
    }

    /** @param value empty for what the configuration says */
    public void set(String owner, Setting setting, OptionalInt value) throws IOException {
        database.note(c -> {
            Sql.update(c, "DELETE FROM spam_settings WHERE owner = ? AND name = ?", owner, setting.word());
            if (value.isPresent()) {
                Sql.update(c, "INSERT INTO spam_settings (owner, name, setting) VALUES (?, ?, ?)", owner, setting.word(),
                        value.getAsInt());
            }
            return null;
        });
        read();
    }

    /** All of an account that goes, as part of the transaction in which it does. */
    static void deleteAll(Connection c, String owner) throws SQLException {
        Sql.update(c, "DELETE FROM sender_lists WHERE owner = ?", owner);
        Sql.update(c, "DELETE FROM spam_settings WHERE owner = ?", owner);
    }

    private Map<String, Owned> owners() throws IOException {
        if (stale) {
            read();
        }
        return owners;
    }

    /** On the database's own thread: no change comes between reading and showing; what fails is tried again at the next question. */
    private void read() throws IOException {
        database.read(c -> {
            Map<String, List<Entry>> entries = new HashMap<>();
            for (Entry entry : Sql.list(c, SenderLists::entry,
                    "SELECT owner, pattern, wanted, created_ms FROM sender_lists ORDER BY owner, pattern")) {
                entries.computeIfAbsent(entry.owner(), owner -> new ArrayList<>()).add(entry);
            }
            Map<String, Map<Setting, Integer>> settings = new HashMap<>();
            for (Named each : Sql.list(c, row -> new Named(row.getString(1), row.getString(2), row.getInt(3)),
                    "SELECT owner, name, setting FROM spam_settings")) {
                setting(each.name()).ifPresent(setting -> settings.computeIfAbsent(each.owner(), owner -> new HashMap<>())
                        .put(setting, each.value()));
            }
            Map<String, Owned> found = new HashMap<>();
            Stream.concat(entries.keySet().stream(), settings.keySet().stream()).distinct().forEach(owner -> found.put(owner,
                    Owned.of(entries.getOrDefault(owner, List.of()), settings.getOrDefault(owner, Map.of()))));
            owners = found;
            stale = false;
            return null;
        });
    }

    private static Entry entry(ResultSet row) throws SQLException {
        NamePattern pattern = NamePattern.parse(row.getString(2)).orElseThrow(() -> new SQLException("a pattern that is none"));
        return new Entry(row.getString(1), pattern, row.getBoolean(3), Instant.ofEpochMilli(row.getLong(4)));
    }

    private record Named(String owner, String name, int value) {}

    /** Empty for one that a newer program knows. */
    private static Optional<Setting> setting(String word) {
        for (Setting setting : Setting.values()) {
            if (setting.word().equals(word)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }
}
