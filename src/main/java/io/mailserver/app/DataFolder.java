package io.mailserver.app;

import io.mailserver.account.AccountSystem;
import io.mailserver.account.LoginLimits;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.store.AccountFolders;
import io.mailserver.store.DataFolderFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * An open data folder and what operators change in it: the same for the running server and for a command without one. Owns the lock
 * and the system database; closed by whoever opened it, the lock last.
 */
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final DataLock lock;
    private final AccountSystem accounts;
    private final AccountFolders folders;

    private DataFolder(Path path, DataLock lock, AccountSystem accounts, AccountFolders folders) {
        this.path = path;
        this.lock = lock;
        this.accounts = accounts;
        this.folders = folders;
    }

    /**
     * Makes the folder if it is missing; only its owner may enter it. A folder that exists stays as it is.
     *
     * @return whether it was made
     * @throws OperatorException if it cannot be made
     */
    static boolean make(Path path) {
        try {
            if (Files.isDirectory(path)) {
                return false;
            }
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return true;
        } catch (IOException e) {
            throw new OperatorException("cannot make the data folder " + path + ": " + e.getMessage(),
                    "use another one with --data, or make it yourself", e);
        }
    }

    /**
     * Opens the folder, makes or migrates what is in it.
     *
     * @param lock taken on it; belongs to the result, and is given back if this throws
     * @throws OperatorException if its contents are of a newer version, damaged, or cannot be read
     */
    static DataFolder open(Path path, DataLock lock, LoginLimits limits, SecureRandom random, Time time, EventLog log) {
        boolean open = false;
        try {
            DataFolderFormat.bringToNewest(path);
            AccountSystem accounts = AccountSystem.open(path, limits, random, time, log);
            DataFolder folder = new DataFolder(path, lock, accounts, new AccountFolders(path, time));
            open = true;
            return folder;
        } catch (IOException e) {
            throw new OperatorException("cannot open the data folder " + path + ": " + e.getMessage(),
                    "look at the disk and at who owns the folder", e);
        } finally {
            if (!open) {
                lock.close();
            }
        }
    }

    Path path() {
        return path;
    }

    /** Domains, accounts, aliases, passwords; closed with this. */
    AccountSystem accounts() {
        return accounts;
    }

    AccountFolders folders() {
        return folders;
    }

    @Override
    public void close() {
        try {
            accounts.close();
        } catch (IOException e) {
            throw new OperatorException("cannot close " + path + ": " + e.getMessage(), "look at the disk", e);
        } finally {
            lock.close();
        }
    }
}
