package io.mailserver.store;

import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.maildir.FolderStamp;
import io.mailserver.maildir.MaildirFolder;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices within a second that names change in the mailboxes that somebody looks at: by the kernel's notifications (inotify), and where
 * there are none left, or none at all, by looking at the folders' times. Notifications come for our own changes too; they carry names, so
 * that the listener can tell.
 *
 * <p>Threads: one of its own for notifications, and timer tasks that hand their file work to the pool. Listeners are called by these, one
 * call at a time for each folder, under no lock; they must be quick.
 *
 * <p>Closed by whoever made it.
 */
final class MaildirWatch implements AutoCloseable {
    /** How long a burst of notifications is gathered. */
    private static final Duration GATHER = Duration.ofMillis(40);

    private static final int MAX_GATHERED_BURSTS = 5;

    /** How often folders without notifications are looked at. */
    static final Duration POLL = Duration.ofMillis(500);

    /** Looks in one round: two calls of the system each, some 5 us. What is beyond waits for the next round. */
    private static final int MAX_POLLED = 2_000;

    private final Time time;
    private final PlatformPool files;
    private final EventLog log;
    private final int maxNotified;
    private final ReentrantLock lock = new ReentrantLock();
    /** All of these guarded by {@link #lock}. Polled folders: the one looked at longest ago first. */
    private final Map<MaildirFolder, Watched> watched = new LinkedHashMap<>();
    private final Map<MaildirFolder, Watched> polled = new LinkedHashMap<>();
    private final Map<WatchKey, Watched> keys = new HashMap<>();
    private @Nullable WatchService service;
    private boolean exhausted;
    private boolean closed;
    private Time.@Nullable Scheduled nextPoll;

    /**
     * @param files where folders' times are read
     * @param maxNotified mailboxes with notifications; each takes two of the kernel's watches and about 1 KiB of its memory
     */
    MaildirWatch(Time time, PlatformPool files, EventLog log, int maxNotified) {
        this.time = time;
        this.files = files;
        this.log = log;
        this.maxNotified = maxNotified;
    }

    /**
     * Which names may have changed.
     *
     * @param names of files that came or went in {@code new} or {@code cur}
     * @param unsure whether there may be more than these: the whole mailbox must be looked at
     */
    record Touch(Set<String> names, boolean unsure) {
        static final Touch UNSURE = new Touch(Set.of(), true);
    }

    /** Ends a watch when it is closed; a call of its listener under way may still come. Idempotent. */
    interface Watching extends AutoCloseable {
        @Override
        void close();
    }

    private static final class Watched {
        private final MaildirFolder folder;
        private final Consumer<Touch> listener;
        private final List<WatchKey> keys = new ArrayList<>(2);
        private FolderStamp stamp;

        Watched(MaildirFolder folder, FolderStamp stamp, Consumer<Touch> listener) {
            this.folder = folder;
            this.stamp = stamp;
            this.listener = listener;
        }
    }

    /**
     * Has {@code listener} told of changes of names in {@code folder} from now on. On a thread of the pool.
     *
     * @throws IllegalStateException it is watched already, or everything is closed
     */
    Watching watch(MaildirFolder folder, Consumer<Touch> listener) throws IOException {
        Watched fresh = new Watched(folder, FolderStamp.of(folder), listener);
        lock.lock();
        try {
            if (closed || watched.putIfAbsent(folder, fresh) != null) {
                throw new IllegalStateException("watched already, or closed");
            }
            if (!notify(fresh)) {
                poll(fresh);
            }
        } finally {
            lock.unlock();
        }
        return () -> end(fresh);
    }

    /** How many folders are looked at in turns for lack of notifications. */
    int polledFolders() {
        lock.lock();
        try {
            return polled.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        WatchService closing;
        lock.lock();
        try {
            closed = true;
            closing = service;
            service = null;
            if (nextPoll != null) {
                nextPoll.cancel();
            }
            watched.clear();
            polled.clear();
            keys.clear();
        } finally {
            lock.unlock();
        }
        if (closing != null) {
            try {
                closing.close();
            } catch (IOException e) {
                log.warn("store.watch-not-closed", "reason", e);
            }
        }
    }

    private void end(Watched ended) {
        lock.lock();
        try {
            watched.remove(ended.folder, ended);
            polled.remove(ended.folder, ended);
            cancelKeys(ended);
        } finally {
            lock.unlock();
        }
    }

    /** Registers with the kernel; false where that cannot be. Under the lock. */
    private boolean notify(Watched fresh) {
        if (exhausted || keys.size() >= 2 * maxNotified) {
            return false;
        }
        try {
            WatchService notifications = service(fresh.folder.path());
            for (Path path : List.of(fresh.folder.fresh(), fresh.folder.cur())) {
                WatchKey key = path.register(
                        notifications, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
                fresh.keys.add(key);
                keys.put(key, fresh);
            }
            return true;
        } catch (UnsupportedOperationException e) {
            exhausted = true;
        } catch (IOException e) {
            // Almost always the limit of watches, fs.inotify.max_user_watches, which the JDK reports as plain trouble.
            if (!exhausted) {
                exhausted = true;
                log.warn("store.watches-exhausted", "watched", keys.size() / 2, "reason", e);
            }
        }
        cancelKeys(fresh);
        return false;
    }

    private WatchService service(Path path) throws IOException {
        if (service == null) {
            WatchService made = path.getFileSystem().newWatchService();
            service = made;
            Thread.ofVirtual().name("maildir-watch").start(() -> takeNotifications(made));
        }
        return service;
    }

    private void cancelKeys(Watched ended) {
        for (WatchKey key : ended.keys) {
            key.cancel();
            keys.remove(key);
            // Another folder may now have the watch that was missing.
            exhausted = false;
        }
        ended.keys.clear();
    }

    private void takeNotifications(WatchService notifications) {
        try {
            while (true) {
                Map<Watched, Touch> touched = new LinkedHashMap<>();
                gather(notifications.take(), touched);
                for (int burst = 0; burst < MAX_GATHERED_BURSTS; burst++) {
                    WatchKey more = notifications.poll(GATHER.toMillis(), TimeUnit.MILLISECONDS);
                    if (more == null) {
                        break;
                    }
                    gather(more, touched);
                }
                touched.forEach(this::tell);
            }
        } catch (ClosedWatchServiceException e) {
            // The end.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void gather(WatchKey key, Map<Watched, Touch> touched) {
        Set<String> names = new HashSet<>();
        boolean unsure = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.context() instanceof Path name) {
                names.add(name.toString());
            } else {
                unsure = true;
            }
        }
        boolean valid = key.reset();
        Watched folder;
        lock.lock();
        try {
            folder = keys.get(key);
            if (folder != null && !valid) {
                // The folder itself was removed or renamed.
                cancelKeys(folder);
                poll(folder);
            }
        } finally {
            lock.unlock();
        }
        if (folder != null) {
            Touch touch = new Touch(names, unsure || !valid);
            touched.merge(folder, touch, MaildirWatch::merge);
        }
    }

    private static Touch merge(Touch first, Touch second) {
        Set<String> names = new HashSet<>(first.names());
        names.addAll(second.names());
        return new Touch(names, first.unsure() || second.unsure());
    }

    private void tell(Watched folder, Touch touch) {
        try {
            folder.listener.accept(touch);
        } catch (RuntimeException e) {
            // A bug of one mailbox must not blind all the others.
            log.error("store.watch-failed", e, "path", folder.folder.path().toString());
        }
    }

    /** Under the lock. */
    private void poll(Watched fresh) {
        polled.put(fresh.folder, fresh);
        if (nextPoll == null && !closed) {
            nextPoll = time.schedule(POLL, this::pollRound);
        }
    }

    private void pollRound() {
        List<Watched> round = nextRound();
        List<Watched> changed = new ArrayList<>();
        try {
            files.call(() -> {
                for (Watched folder : round) {
                    FolderStamp now = stamp(folder);
                    if (!now.equals(folder.stamp)) {
                        folder.stamp = now;
                        changed.add(folder);
                    }
                }
                return changed.size();
            });
        } catch (PlatformPool.OverloadedException e) {
            // A busy moment; the next round looks again.
            log.info("store.watch-delayed", "folders", round.size());
        }
        changed.forEach(folder -> tell(folder, Touch.UNSURE));
        lock.lock();
        try {
            nextPoll = polled.isEmpty() || closed ? null : time.schedule(POLL, this::pollRound);
        } finally {
            lock.unlock();
        }
    }

    private static FolderStamp stamp(Watched folder) {
        try {
            return FolderStamp.of(folder.folder);
        } catch (IOException e) {
            return FolderStamp.UNKNOWN;
        }
    }

    private List<Watched> nextRound() {
        lock.lock();
        try {
            List<Watched> round = polled.values().stream().limit(MAX_POLLED).toList();
            for (Watched folder : round) {
                polled.remove(folder.folder);
                polled.put(folder.folder, folder);
            }
            return round;
        } finally {
            lock.unlock();
        }
    }
}
