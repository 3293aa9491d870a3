package io.mailserver.store;

import io.mailserver.base.DiskFull;
import io.mailserver.base.PlatformPool;
import java.io.IOException;

/** Says in the store's terms what went wrong with files. */
final class Troubles {
    private Troubles() {}

    static StoreException of(IOException trouble) {
        if (DiskFull.causes(trouble)) {
            return new StoreException(StoreException.Cause.DISK_FULL, "Not enough storage now; delete something or try later", trouble);
        }
        if (trouble instanceof PlatformPool.OverloadedException) {
            return new StoreException(StoreException.Cause.UNAVAILABLE, "Too much waits for the disk; try again later", trouble);
        }
        return new StoreException(StoreException.Cause.UNAVAILABLE, "The storage has trouble now; try again later", trouble);
    }
}
