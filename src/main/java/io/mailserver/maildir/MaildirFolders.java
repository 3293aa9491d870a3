package io.mailserver.maildir;

import io.mailserver.base.DurableFiles;
import io.mailserver.base.Time;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Sees to it that a mailbox's folders exist, durably, before mail goes into them, and clears {@code tmp} of what crashed writers left.
 *
 * <p>Safe for use by any thread; callers are on a thread of the pool.
 */
final class MaildirFolders {
    /** How old a file in {@code tmp} is before anybody may delete it, by the rules of Maildir. */
    static final Duration STALE = Duration.ofHours(36);

    /** At most so many are deleted at once, as a delivery waits for it. */
    private static final int MAX_DELETED = 1_000;

    private static final Set<OpenOption> CREATE_NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final DurableFolders folders;
    private final Time time;
    private final MaildirStatistics statistics;

    MaildirFolders(DurableFolders folders, Time time, MaildirStatistics statistics) {
        this.folders = folders;
        this.time = time;
        this.statistics = statistics;
    }

    /** Makes what is missing of {@code folder}. Cheap for a folder it has seen to before. */
    void ensure(MaildirFolder folder) throws IOException {
        if (folders.isKnown(folder.fresh())) {
            return;
        }
        folders.ensure(folder.path());
        List<Path> created = new ArrayList<>();
        for (Path path : List.of(folder.tmp(), folder.fresh(), folder.cur())) {
            if (folders.create(path)) {
                created.add(path);
            }
        }
        Path mark = folder.path().resolve("maildirfolder");
        if (!folder.inbox() && createMark(mark)) {
            created.add(mark);
        }
        folders.flushCreated(folder.path(), created);
        try {
            deleteStale(folder);
        } catch (IOException e) {
            // Dirt in tmp harms nobody, and must not keep mail out.
            statistics.staleFailures.increment();
        }
        folders.know(folder.fresh());
    }

    /** Something of {@code folder} was not where it should be: the next {@link #ensure} looks again. */
    void forget(MaildirFolder folder) {
        folders.forget(folder.path());
    }

    void flush(Path folder) throws IOException {
        folders.flush(folder);
    }

    /**
     * Deletes files in {@code tmp} that no writer can still be busy with. Judged by the time of the last change, which nobody can set:
     * the time of modification may be an old message's date.
     *
     * @return how many
     */
    int deleteStale(MaildirFolder folder) throws IOException {
        Instant limit = time.now().minus(STALE);
        int deleted = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.tmp())) {
            for (Path entry : entries) {
                if (deleted < MAX_DELETED && changed(entry).isBefore(limit) && Files.deleteIfExists(entry)) {
                    deleted++;
                }
            }
        }
        return deleted;
    }

    private static Instant changed(Path file) throws IOException {
        try {
            return ((FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS)).toInstant();
        } catch (NoSuchFileException e) {
            return Instant.MAX;
        }
    }

    private static boolean createMark(Path mark) throws IOException {
        try {
            FileChannel.open(mark, CREATE_NEW, DurableFiles.FILE_MODE).close();
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }
}
