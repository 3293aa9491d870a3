package io.mailserver.maildir;

import io.mailserver.base.Content;
import io.mailserver.base.DurableFiles;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a message into mailboxes: durable and visible in all of them when {@link #write} returns, or in none when it throws (DESIGN §5).
 *
 * <p>Every mailbox gets its file in {@code tmp} first: octets, time, flush. Then all are renamed into {@code new}, and each
 * {@code new} is flushed. That is two flushes for one mailbox, and they are nearly all of what a delivery costs. Mailboxes that get
 * the same octets share one file by hard links, flushed once; where links are not to be had they get copies. When anything fails,
 * what is visible already is deleted and that is flushed too. A power cut in the middle can leave the message in some mailboxes; as
 * the writer has not returned, its sender has no receipt and tries again.
 *
 * <p>Files are flushed with their metadata ({@code fsync}, not {@code fdatasync}): the time of modification is INTERNALDATE, and
 * POSIX promises only the size with the octets. For a new file both cost the same, as the size has changed.
 *
 * <p>Safe for use by any thread; the work is done on the pool.
 */
public final class MaildirWriter {
    private static final Set<OpenOption> CREATE_NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final PlatformPool pool;
    private final UniqueNames names;
    private final MaildirStatistics statistics;
    private final MaildirFolders folders;

    /**
     * @param root the folder all Maildirs are in; exists durably, is never removed
     * @param pool runs the file work
     * @param statistics counts it
     */
    public MaildirWriter(Path root, PlatformPool pool, UniqueNames names, Time time, MaildirStatistics statistics) {
        this.pool = pool;
        this.names = names;
        this.statistics = statistics;
        this.folders = new MaildirFolders(new DurableFolders(root, statistics.flushes), time, statistics);
    }

    /** Gives a message its UID at the last moment: called once, on a thread of the pool, right before the file becomes visible. */
    @FunctionalInterface
    public interface Numbering {
        /** Files keep their names without a UID. */
        Numbering NONE = Optional::empty;

        Optional<MaildirName.ImapNumber> take();
    }

    /**
     * What one mailbox gets.
     *
     * @param folder is made where it is missing
     * @param head header fields to put before the content, each ended by CRLF; may be empty
     * @param flags a message with flags goes to {@code cur}, one without to {@code new}
     */
    public record Copy(MaildirFolder folder, String head, MaildirFlags flags, Numbering numbering) {
        /** Without flags and UID. */
        public Copy(MaildirFolder folder, String head) {
            this(folder, head, MaildirFlags.NONE, Numbering.NONE);
        }
    }

    /**
     * One message for some mailboxes.
     *
     * @param received INTERNALDATE
     * @param copies at least one; those of equal heads share one file
     */
    public record Message(Content content, Instant received, List<Copy> copies) {}

    /**
     * Writes {@code content} into each mailbox. Blocks the calling virtual thread until all is durable or taken back.
     *
     * @param copies at least one; those of equal heads share one file
     * @param received INTERNALDATE
     * @return the files in the order of {@code copies}
     * @throws PlatformPool.OverloadedException nothing was done
     * @throws IOException a disk is full or failed; nothing is visible, unless it suppresses a {@link NotTakenBackException}
     */
    public List<Path> write(List<Copy> copies, Content content, Instant received) throws IOException {
        return write(List.of(new Message(content, received, copies)));
    }

    /** Writes several messages, all or none; the files are in the order of the messages and their copies. */
    public List<Path> write(List<Message> messages) throws IOException {
        return pool.call(() -> {
            Delivery delivery = new Delivery();
            boolean done = false;
            try {
                for (Message message : messages) {
                    delivery.stage(message);
                }
                List<Path> files = delivery.publish();
                done = true;
                return files;
            } catch (IOException e) {
                delivery.takeBack(e);
                done = true;
                throw e;
            } finally {
                if (!done) {
                    delivery.takeBack(null);
                }
            }
        });
    }

    /** A file on its way; {@link #target} once it is visible. */
    private static final class Staged {
        private final Copy copy;
        private final MaildirName name;
        private final Path tmp;
        private @Nullable Path target;

        Staged(Copy copy, MaildirName name) {
            this.copy = copy;
            this.name = name;
            this.tmp = copy.folder().tmp().resolve(name.toString());
        }

        /** The folder in which it will be visible. */
        Path place() {
            return copy.flags().equals(MaildirFlags.NONE) ? copy.folder().fresh() : copy.folder().cur();
        }

        MaildirName finalName() {
            MaildirName numbered = copy.numbering().take().map(name::withImapNumber).orElse(name);
            return copy.flags().equals(MaildirFlags.NONE) ? numbered : numbered.withFlags(copy.flags());
        }
    }

    /** One call of {@link #write}. */
    private final class Delivery {
        private final List<Staged> staged = new ArrayList<>(1);

        void stage(Message message) throws IOException {
            Map<String, Path> firstByHead = new HashMap<>(2);
            for (Copy copy : message.copies()) {
                stage(copy, message, firstByHead);
            }
        }

        private void stage(Copy copy, Message message, Map<String, Path> firstByHead) throws IOException {
            folders.ensure(copy.folder());
            Content content = message.content();
            byte[] head = copy.head().getBytes(StandardCharsets.UTF_8);
            long size = head.length + content.size();
            Staged file = new Staged(copy, MaildirName.of(names.next(), size, size + content.bareLineFeeds()));
            Path first = firstByHead.putIfAbsent(copy.head(), file.tmp);
            if (first != null && link(file.tmp, first)) {
                staged.add(file);
                return;
            }
            try (FileChannel channel = create(file)) {
                // From here on there is a file to take back; had another writer's been in the way, it would not be ours to delete.
                staged.add(file);
                fill(channel, file.tmp, message, head, size);
            }
        }

        List<Path> publish() throws IOException {
            Set<Path> changed = new LinkedHashSet<>();
            List<Path> files = new ArrayList<>(staged.size());
            for (Staged file : staged) {
                Path target = file.place().resolve(file.finalName().toString());
                Files.move(file.tmp, target, StandardCopyOption.ATOMIC_MOVE);
                file.target = target;
                changed.add(file.place());
                files.add(target);
            }
            for (Path folder : changed) {
                folders.flush(folder);
            }
            statistics.files.add(staged.size());
            return files;
        }

        private FileChannel create(Staged file) throws IOException {
            try {
                return FileChannel.open(file.tmp, CREATE_NEW, DurableFiles.FILE_MODE);
            } catch (NoSuchFileException e) {
                // The folder was removed since it was last seen to: make it again, once.
                folders.forget(file.copy.folder());
                folders.ensure(file.copy.folder());
                return FileChannel.open(file.tmp, CREATE_NEW, DurableFiles.FILE_MODE);
            }
        }

        private void fill(FileChannel channel, Path tmp, Message message, byte[] head, long size) throws IOException {
            message.content().writeTo(channel, ByteBuffer.wrap(head));
            if (channel.position() != size) {
                throw new IOException(tmp + " has " + channel.position() + " octets and not " + size);
            }
            // INTERNALDATE is in seconds, and mostly the second the file was written in: looking is one system call, setting is four.
            if (Files.getLastModifiedTime(tmp).toInstant().getEpochSecond() != message.received().getEpochSecond()) {
                Files.setLastModifiedTime(tmp, FileTime.from(message.received()));
            }
            channel.force(true);
            statistics.flushes.increment();
        }

        private boolean link(Path tmp, Path first) throws IOException {
            try {
                Files.createLink(tmp, first);
                statistics.links.increment();
                return true;
            } catch (UnsupportedOperationException | FileSystemException e) {
                // No links here (EPERM), to there (EXDEV), or no more of them (EMLINK). Other trouble the copy will meet too.
                return false;
            }
        }

        /**
         * Deletes what this delivery has left anywhere, and flushes where it was visible.
         *
         * @param cause gets what fails here as suppressed exceptions; null while an error is on its way, which tells enough
         */
        void takeBack(@Nullable IOException cause) {
            for (Staged file : staged) {
                Path target = file.target;
                try {
                    if (target == null) {
                        Files.deleteIfExists(file.tmp);
                    } else {
                        folders.flush(deleteVisible(file, target));
                    }
                } catch (IOException e) {
                    if (cause != null) {
                        cause.addSuppressed(target == null ? e : new NotTakenBackException(target, e));
                    }
                }
                if (cause instanceof NoSuchFileException) {
                    folders.forget(file.copy.folder());
                }
            }
        }

        /** @return the folder that must be flushed */
        private Path deleteVisible(Staged file, Path target) throws IOException {
            statistics.takenBack.increment();
            if (Files.deleteIfExists(target)) {
                return file.place();
            }
            // A mail reader was fast, and has moved it to cur with whatever flags.
            Path cur = file.copy.folder().cur();
            try (DirectoryStream<Path> seen = Files.newDirectoryStream(
                    cur, entry -> entry.getFileName().toString().startsWith(file.name.unique()))) {
                for (Path entry : seen) {
                    Files.deleteIfExists(entry);
                }
            }
            return cur;
        }
    }

    /**
     * Suppressed by the exception of a delivery that failed: this mailbox may show the message all the same, now or after a power cut,
     * so that its sender's next try makes a second one. Nothing can be done about it but tell the operator.
     */
    public static final class NotTakenBackException extends IOException {
        NotTakenBackException(Path file, IOException cause) {
            super(file + " could not be taken back", cause);
        }
    }
}
