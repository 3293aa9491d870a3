package io.mailserver.maildir;

import io.mailserver.base.DurableFiles;
import io.mailserver.base.Time;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Copies messages between mailboxes by hard links, and removes them; durable when a call returns. Where links are not to be had, octets
 * and time are copied.
 *
 * <p>Safe for use by any thread; to be called on a thread of a pool.
 */
public final class MaildirCopier {
    private final UniqueNames names;
    private final Time time;
    private final MaildirStatistics statistics;
    private final MaildirFolders folders;

    /**
     * @param root the folder all Maildirs are in; exists durably
     * @param statistics counts flushes and links
     */
    public MaildirCopier(Path root, UniqueNames names, Time time, MaildirStatistics statistics) {
        this.names = names;
        this.time = time;
        this.statistics = statistics;
        this.folders = new MaildirFolders(new DurableFolders(root, statistics.flushes), time, statistics);
    }

    /**
     * A message to copy.
     *
     * @param file where it was last seen
     * @param flags of the copy
     * @param numbering asked once
     */
    public record Source(MaildirListing.Entry file, MaildirFlags flags, MaildirWriter.Numbering numbering) {}

    /**
     * Copies messages into {@code target}, all that are still there or none.
     *
     * @return the new files in the order of {@code sources}; empty for messages that are gone
     */
    public List<Optional<MaildirListing.Entry>> copy(MaildirFolder from, List<Source> sources, MaildirFolder target)
            throws IOException {
        folders.ensure(target);
        List<Optional<MaildirListing.Entry>> copies = new ArrayList<>(sources.size());
        boolean done = false;
        try {
            for (Source source : sources) {
                copies.add(copy(from, source, target));
            }
            folders.flush(target.cur());
            done = true;
            return copies;
        } finally {
            if (!done) {
                takeBack(target, copies);
            }
        }
    }

    /**
     * Removes messages, under whatever names they have now.
     *
     * @return which were there
     */
    public List<Boolean> remove(MaildirFolder folder, List<MaildirListing.Entry> files) throws IOException {
        List<Boolean> removed = new ArrayList<>(files.size());
        Map<String, Integer> missing = new HashMap<>();
        boolean fresh = false;
        for (int i = 0; i < files.size(); i++) {
            MaildirListing.Entry file = files.get(i);
            removed.add(Files.deleteIfExists(file.path(folder)));
            fresh |= file.fresh();
            if (!removed.get(i)) {
                missing.put(file.name().unique(), i);
            }
        }
        if (!missing.isEmpty()) {
            // Renamed by another program: looked for all at once.
            fresh = true;
            for (MaildirListing.Entry file : MaildirListing.of(folder, time.now()).files()) {
                Integer place = missing.get(file.name().unique());
                if (place != null && Files.deleteIfExists(file.path(folder))) {
                    removed.set(place, true);
                }
            }
        }
        // Flushed also where nothing was there: an earlier removal may not have been.
        if (fresh) {
            folders.flush(folder.fresh());
        }
        if (!files.isEmpty()) {
            folders.flush(folder.cur());
        }
        return removed;
    }

    private Optional<MaildirListing.Entry> copy(MaildirFolder from, Source source, MaildirFolder target) throws IOException {
        MaildirName old = source.file().name();
        StringBuilder base = new StringBuilder(names.next());
        old.size().ifPresent(size -> base.append(",S=").append(size));
        old.crlfSize().ifPresent(size -> base.append(",W=").append(size));
        MaildirName unnumbered = MaildirName.parse(base.toString()).orElseThrow();
        MaildirName name = source.numbering().take().map(unnumbered::withImapNumber).orElse(unnumbered).withFlags(source.flags());
        MaildirListing.Entry copy = new MaildirListing.Entry(name, false);
        try {
            put(source.file().path(from), target, copy);
            return Optional.of(copy);
        } catch (NoSuchFileException e) {
            Optional<MaildirListing.Entry> renamed = MessageFiles.find(from, source.file());
            if (renamed.isEmpty()) {
                return Optional.empty();
            }
            try {
                put(renamed.get().path(from), target, copy);
                return Optional.of(copy);
            } catch (NoSuchFileException gone) {
                return Optional.empty();
            }
        }
    }

    private void put(Path path, MaildirFolder target, MaildirListing.Entry copy) throws IOException {
        try {
            Files.createLink(copy.path(target), path);
            statistics.links.increment();
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // No links here (EPERM), to there (EXDEV), or no more of them (EMLINK). Other trouble the copy will meet too.
            Path tmp = target.tmp().resolve(copy.name().base());
            copyOctets(tmp, path);
            Files.move(tmp, copy.path(target), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void copyOctets(Path tmp, Path path) throws IOException {
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(
                        tmp, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), DurableFiles.FILE_MODE)) {
            long size = in.size();
            long done = 0;
            while (done < size) {
                long moved = in.transferTo(done, size - done, out);
                if (moved <= 0) {
                    throw new IOException(path + " is shorter than it was");
                }
                done += moved;
            }
            Files.setLastModifiedTime(tmp, Files.getLastModifiedTime(path));
            out.force(true);
            statistics.flushes.increment();
        }
    }

    /** What is visible already was told to nobody; what cannot be removed the next look at the folder takes for a new message. */
    private void takeBack(MaildirFolder target, List<Optional<MaildirListing.Entry>> copies) throws IOException {
        for (Optional<MaildirListing.Entry> copy : copies) {
            if (copy.isPresent()) {
                Files.deleteIfExists(copy.get().path(target));
            }
        }
        folders.flush(target.cur());
    }
}
