package io.mailserver.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room a folder's file system has. Asking costs a microsecond (statvfs). Safe for use by any thread. */
public final class DiskSpace {
    private final FileStore store;

    /** @param folder exists, and stays on the file system it is on */
    public DiskSpace(Path folder) throws IOException {
        // Finding the file system reads the table of mounts, so it is done once.
        store = Files.getFileStore(folder);
    }

    /** Octets that this process may still write. */
    public long usableOctets() throws IOException {
        return store.getUsableSpace();
    }
}
