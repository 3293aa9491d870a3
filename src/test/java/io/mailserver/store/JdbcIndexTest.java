package io.mailserver.store;

import io.mailserver.base.PlatformPool;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The index in a SQLite file. */
class JdbcIndexTest extends IndexContract {
    private final PlatformPool pool = new PlatformPool("queries", 1, 100);

    @TempDir
    private Path folder;

    @Override
    Index open() throws StoreException {
        return JdbcIndex.open(new DatabaseFiles(account -> folder), StoreWorld.ALICE, pool);
    }

    @Override
    void closeParts() {
        pool.close();
    }
}
