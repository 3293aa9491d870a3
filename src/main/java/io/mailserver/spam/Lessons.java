package io.mailserver.spam;

import io.mailserver.store.EmailId;
import io.mailserver.store.MailboxId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What an account's moves into and out of Junk have taught, by email, so that one message teaches once and a move back takes it back;
 * and up to which change each mailbox was looked at. The oldest is forgotten when there is too much. Safe for use by any thread.
 */
final class Lessons {
    /** More than anybody moves in the time that Junk keeps mail. */
    static final int MAX_LESSONS = 20_000;

    private static final int MAGIC = 0x4d534c53; // "MSLS"
    private static final int VERSION = 1;

    private final ReentrantLock lock = new ReentrantLock();
    /** All guarded by {@link #lock}. */
    private final Map<EmailId, Lesson> byEmail = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<EmailId, Lesson> eldest) {
            return size() > MAX_LESSONS;
        }
    };
    private final Map<Long, Long> looked = new HashMap<>();
    private boolean changed;

    /** What is known of an email that was moved. */
    enum Lesson {
        /** Learned as junk, by the account alone. */
        JUNK(1),
        /** Learned as junk, by the whole server too. */
        JUNK_SHARED(2),
        /** Learned as wanted, by the account alone. */
        WANTED(3),
        /** Learned as wanted, by the whole server too. */
        WANTED_SHARED(4),
        /** Seen elsewhere while it was in Junk still: a move under way. */
        LEAVING(5),
        /** Learned as junk, and gone since: nothing can be taken back any more. */
        JUNK_GONE(6);

        /** As it is written. */
        private final int code;

        Lesson(int code) {
            this.code = code;
        }

        private static Lesson of(int code) throws IOException {
            for (Lesson lesson : values()) {
                if (lesson.code == code) {
                    return lesson;
                }
            }
            throw new IOException("lessons of a kind that this program does not know");
        }

        static Lesson of(boolean junk, boolean shared) {
            if (junk) {
                return shared ? JUNK_SHARED : JUNK;
            }
            return shared ? WANTED_SHARED : WANTED;
        }

        /** Whether it was learned as junk and may be taken back. */
        boolean junk() {
            return this == JUNK || this == JUNK_SHARED;
        }

        boolean wanted() {
            return this == WANTED || this == WANTED_SHARED;
        }

        boolean shared() {
            return this == JUNK_SHARED || this == WANTED_SHARED;
        }
    }

    Optional<Lesson> of(EmailId email) {
        return locked(() -> Optional.ofNullable(byEmail.get(email)));
    }

    void put(EmailId email, Lesson lesson) {
        locked(() -> {
            byEmail.remove(email); // So that it is the newest.
            byEmail.put(email, lesson);
            changed = true;
            return changed;
        });
    }

    void remove(EmailId email) {
        locked(() -> {
            changed |= byEmail.remove(email) != null;
            return changed;
        });
    }

    /** The emails whose lesson is such. */
    List<EmailId> which(Predicate<Lesson> such) {
        return locked(() -> byEmail.entrySet().stream().filter(each -> such.test(each.getValue())).map(Map.Entry::getKey).toList());
    }

    /** Up to which MODSEQ a mailbox was looked at; 0 for never. */
    long lookedAt(MailboxId mailbox) {
        return locked(() -> looked.getOrDefault((long) mailbox.number(), 0L));
    }

    /** Not worth a write of its own: what is looked at twice teaches nothing twice. */
    void lookedAt(MailboxId mailbox, long modSeq) {
        locked(() -> looked.put((long) mailbox.number(), modSeq));
    }

    /** Whether there is something to write since the last {@link #encode}. */
    boolean changed() {
        return locked(() -> changed);
    }

    private <T extends @Nullable Object> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    byte[] encode() {
        return locked(this::encoded);
    }

    private byte[] encoded() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(octets);
        try {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(looked.size());
            for (Map.Entry<Long, Long> each : looked.entrySet()) {
                out.writeLong(each.getKey());
                out.writeLong(each.getValue());
            }
            out.writeInt(byEmail.size());
            for (Map.Entry<EmailId, Lesson> each : byEmail.entrySet()) {
                out.writeLong(each.getKey().number());
                out.writeByte(each.getValue().code);
            }
            out.writeInt(checksum(octets.toByteArray(), octets.size()));
        } catch (IOException e) {
            throw new IllegalStateException("memory takes everything", e);
        }
        changed = false;
        return octets.toByteArray();
    }

    /** @throws IOException of a version we do not know, or damaged */
    static Lessons decode(byte[] octets) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(octets);
        try {
            if (in.getInt() != MAGIC || in.getInt() != VERSION) {
                throw new IOException("no lessons of a version that this program knows");
            }
            if (checksum(octets, octets.length - Integer.BYTES) != in.getInt(octets.length - Integer.BYTES)) {
                throw new IOException("damaged lessons");
            }
            Lessons lessons = new Lessons();
            for (int left = in.getInt(); left > 0; left--) {
                lessons.looked.put(in.getLong(), in.getLong());
            }
            for (int left = in.getInt(); left > 0; left--) {
                lessons.byEmail.put(new EmailId(in.getLong()), Lesson.of(in.get()));
            }
            return lessons;
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IOException("damaged lessons", e);
        }
    }

    private static int checksum(byte[] octets, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(octets, 0, length);
        return (int) checksum.getValue();
    }
}
