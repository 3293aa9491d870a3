package io.mailserver.base;

/**
 * The one rule for every store on disk, from the first release on: each carries the number of its format; a newer format than this
 * program knows is refused, an older one is copied aside and then brought up step by step. The data folder keeps the number of its
 * format in a file, {@code system.db} in a table.
 */
public final class FormatVersion {
    private FormatVersion() {}

    /**
     * A store that knows its format.
     *
     * @param <X> what its input and output throws
     */
    public interface Versioned<X extends Exception> {
        /** What people call it, such as {@code system.db}. */
        String name();

        /** The number of the format found, 1 or more; 0 for a store that does not exist yet or is empty. */
        int version() throws X;

        /** Makes an empty store of the newest format. A crash leaves it finished or with version 0. */
        void create() throws X;

        /** Makes a durable copy of the store as it is, named after {@code version}; called before the first step of a migration. */
        void copyAside(int version) throws X;

        /**
         * One step, from format {@code from} to the next. A crash leaves it undone, done, or so that doing it again completes it; the
         * number changes last (in SQLite: in the same transaction).
         */
        void migrate(int from) throws X;
    }

    /**
     * Brings {@code store} to format {@code newest}. To be called before anything else touches it, with no other process able to.
     *
     * @throws OperatorException the store is newer than this program
     * @throws X the store cannot be read or written
     */
    public static <X extends Exception> void bringTo(int newest, Versioned<X> store) throws X {
        int found = store.version();
        if (found > newest) {
            throw new OperatorException(
                    store.name() + " has format " + found + ", but this program knows formats up to " + newest,
                    "start the newer version that wrote it, or restore the copy made before the upgrade");
        }
        if (found == 0) {
            store.create();
            return;
        }
        if (found < newest) {
            store.copyAside(found);
        }
        for (int from = found; from < newest; from++) {
            store.migrate(from);
        }
    }
}
