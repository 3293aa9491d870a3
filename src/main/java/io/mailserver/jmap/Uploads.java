package io.mailserver.jmap;

import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.Time;
import io.mailserver.config.JmapConfig;
import io.mailserver.store.AccountKey;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Files that clients have uploaded and not used yet (RFC 8620 §6.1): in the spool, by what is in them, for some hours; they do not outlive
 * the process. An account's oldest go when there are too many octets.
 *
 * <p>Safe for use by any thread; calls block. Closed by whoever made it.
 */
public final class Uploads implements AutoCloseable {
    private static final int BUFFER_OCTETS = 64 << 10;
    private static final Duration SWEEP = Duration.ofMinutes(10);

    private final ContentSpool spool;
    private final Supplier<JmapConfig> configs;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}; the oldest first. */
    private final Map<AccountKey, LinkedHashMap<String, Upload>> uploads = new HashMap<>();

    private boolean closed;
    private Time.@Nullable Scheduled sweep;

    public Uploads(ContentSpool spool, Supplier<JmapConfig> configs, Time time) {
        this.spool = spool;
        this.configs = configs;
        this.time = time;
        sweep = time.schedule(SWEEP, this::sweep);
    }

    /** What was uploaded: closed when nobody reads it any more and it has been forgotten. */
    private static final class Upload {
        private final Content content;
        private final long since;
        private int readers;
        private boolean forgotten;

        Upload(Content content, long since) {
            this.content = content;
            this.since = since;
        }
    }

    /** An upload that stays readable until this is closed. */
    final class Reading implements AutoCloseable {
        private final Upload upload;
        private boolean done;

        private Reading(Upload upload) {
            this.upload = upload;
        }

        Content content() {
            return upload.content;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!done) {
                    done = true;
                    upload.readers--;
                    closeIfUnused(upload);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** What an upload got. */
    record Stored(String blobId, long size) {}

    /** More octets than allowed came. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("the upload is larger than allowed");
        }
    }

    /**
     * Takes all octets of a stream; equal octets get an equal id.
     *
     * @throws TooLargeException there are more than the configuration allows
     */
    Stored store(AccountKey account, InputStream in) throws IOException {
        long max = configs.get().maxSizeUpload().octets();
        MessageDigest digest = sha256();
        try (ContentWriter writer = spool.newContent()) {
            byte[] buffer = new byte[BUFFER_OCTETS];
            long size = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                size += read;
                if (size > max) {
                    throw new TooLargeException();
                }
                digest.update(buffer, 0, read);
                writer.write(buffer, 0, read);
            }
            String id = "u" + HexFormat.of().formatHex(digest.digest(), 0, 20);
            keep(account, id, writer.finish());
            return new Stored(id, size);
        }
    }

    /** For a message that is being written; closed by the caller. */
    ContentWriter newContent() {
        return spool.newContent();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void keep(AccountKey account, String id, Content content) {
        lock.lock();
        try {
            if (closed) {
                content.close();
                return;
            }
            LinkedHashMap<String, Upload> own = uploads.computeIfAbsent(account, _ -> new LinkedHashMap<>());
            forget(own.remove(id));
            own.put(id, new Upload(content, time.nanos()));
            long held = own.values().stream().mapToLong(upload -> upload.content.size()).sum();
            Iterator<Upload> oldest = own.values().iterator();
            while (held > configs.get().maxSizeUploads().octets() && own.size() > 1) {
                Upload dropped = oldest.next();
                held -= dropped.content.size();
                oldest.remove();
                forget(dropped);
            }
        } finally {
            lock.unlock();
        }
    }

    /** An account's upload; the caller closes it. */
    Optional<Reading> open(AccountKey account, String id) {
        lock.lock();
        try {
            Upload upload = uploads.getOrDefault(account, new LinkedHashMap<>()).get(id);
            if (upload == null) {
                return Optional.empty();
            }
            upload.readers++;
            return Optional.of(new Reading(upload));
        } finally {
            lock.unlock();
        }
    }

    private static void forget(@Nullable Upload upload) {
        if (upload != null) {
            upload.forgotten = true;
            closeIfUnused(upload);
        }
    }

    private static void closeIfUnused(Upload upload) {
        if (upload.forgotten && upload.readers == 0) {
            upload.content.close();
        }
    }

    private void sweep() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            long lifetime = configs.get().uploadLifetime().toNanos();
            List<Upload> old = new ArrayList<>();
            for (LinkedHashMap<String, Upload> own : uploads.values()) {
                own.values().stream().filter(upload -> time.nanos() - upload.since > lifetime).forEach(old::add);
                own.values().removeAll(old);
            }
            uploads.values().removeIf(Map::isEmpty);
            old.forEach(Uploads::forget);
            sweep = time.schedule(SWEEP, this::sweep);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (sweep != null) {
                sweep.cancel();
            }
            uploads.values().forEach(own -> own.values().forEach(Uploads::forget));
            uploads.clear();
        } finally {
            lock.unlock();
        }
    }
}
