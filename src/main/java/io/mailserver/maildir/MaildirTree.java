package io.mailserver.maildir;

import io.mailserver.base.Time;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The folders of Maildirs: which there are, and making, renaming and removing them, durable when a call returns. One call is one folder:
 * Maildir++ has {@code .a} and {@code .a.b} side by side, so a mailbox with others inside is several calls, which the caller sees
 * through after a crash.
 *
 * <p>Removing renames the folder to a name that no program takes for a mailbox, makes that durable, and deletes the files after: a
 * crash leaves the whole mailbox or none of it, never half.
 *
 * <p>Safe for use by any thread; to be called on a thread of a pool. Two calls for the same folder at once are the caller's to prevent.
 */
public final class MaildirTree {
    /** Dovecot and we pass over names with two dots in front. */
    private static final String REMOVED = "..mailserver-removed-";

    private static final int MAX_FOLDERS = 100_000;
    private static final int MAX_REMOVED_NAMES = 10_000;

    private final DurableFolders durable;
    private final MaildirFolders folders;

    /**
     * @param root the folder all Maildirs are in; exists durably
     * @param statistics counts flushes
     */
    public MaildirTree(Path root, Time time, MaildirStatistics statistics) {
        this.durable = new DurableFolders(root, statistics.flushes);
        this.folders = new MaildirFolders(durable, time, statistics);
    }

    /**
     * The folders of a Maildir.
     *
     * @param names with {@link FolderName#INBOX} where the Maildir exists
     * @param unreadable directories that look like folders but have names that {@link FolderName} does not understand, such as raw UTF-8
     */
    public record Folders(Set<FolderName> names, Set<String> unreadable) {
        static final Folders NONE = new Folders(Set.of(), Set.of());
    }

    /** Lists {@code maildir}; nothing where it does not exist. */
    public static Folders list(Path maildir) throws IOException {
        Set<FolderName> names = new LinkedHashSet<>();
        Set<String> unreadable = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(maildir)) {
            names.add(FolderName.INBOX);
            for (Path entry : entries) {
                String directory = entry.getFileName().toString();
                if (!directory.startsWith(".") || directory.startsWith("..") || !isMailbox(entry)) {
                    continue;
                }
                FolderName.parse(directory).ifPresentOrElse(names::add, () -> unreadable.add(directory));
                if (names.size() + unreadable.size() > MAX_FOLDERS) {
                    throw new IOException(maildir + " has more than " + MAX_FOLDERS + " folders");
                }
            }
        } catch (NoSuchFileException e) {
            return Folders.NONE;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new Folders(names, unreadable);
    }

    /** Makes a folder with what belongs into it; completes one that is half made, and changes nothing of a whole one. */
    public void create(Path maildir, FolderName name) throws IOException {
        MaildirFolder folder = MaildirFolder.of(maildir, name);
        folders.forget(folder);
        folders.ensure(folder);
    }

    /**
     * Renames one folder, not those inside it. Done already, by an earlier try that a crash cut short: does nothing but flush.
     *
     * @throws FileAlreadyExistsException there is something at {@code to}
     * @throws NoSuchFileException there is neither
     */
    public void rename(Path maildir, FolderName from, FolderName to) throws IOException {
        Path source = MaildirFolder.of(maildir, from).path();
        Path target = MaildirFolder.of(maildir, to).path();
        if (from.isInbox() || to.isInbox()) {
            throw new IllegalArgumentException("the Maildir itself cannot be renamed");
        }
        if (exists(source)) {
            if (exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        } else if (!exists(target)) {
            throw new NoSuchFileException(source.toString());
        }
        folders.flush(maildir);
        durable.forget(source);
    }

    /** Removes one folder with its messages, not those inside it; does nothing where there is none. */
    public void remove(Path maildir, FolderName name) throws IOException {
        MaildirFolder folder = MaildirFolder.of(maildir, name);
        if (folder.inbox()) {
            throw new IllegalArgumentException("the Maildir itself cannot be removed");
        }
        if (!exists(folder.path())) {
            return;
        }
        Path aside = freeName(maildir);
        Files.move(folder.path(), aside, StandardCopyOption.ATOMIC_MOVE);
        folders.flush(maildir);
        folders.forget(folder);
        deleteTree(aside);
    }

    /** Deletes what removals that a crash cut short have left. */
    public void purge(Path maildir) throws IOException {
        List<Path> left = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(maildir)) {
            for (Path entry : entries) {
                if (entry.getFileName().toString().startsWith(REMOVED)) {
                    left.add(entry);
                }
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        for (Path entry : left) {
            deleteTree(entry);
        }
    }

    /** Unlike {@link Files#exists}, trouble is no absence. */
    private static boolean exists(Path path) throws IOException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean isMailbox(Path entry) {
        return Files.isDirectory(entry.resolve("cur")) || Files.isDirectory(entry.resolve("new"));
    }

    private static Path freeName(Path maildir) throws IOException {
        for (int i = 1; i <= MAX_REMOVED_NAMES; i++) {
            Path free = maildir.resolve(REMOVED + i);
            if (!Files.exists(free, LinkOption.NOFOLLOW_LINKS)) {
                return free;
            }
        }
        throw new IOException(maildir + " is full of folders named " + REMOVED + "...: delete them");
    }

    private static void deleteTree(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            List<Path> inside = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                entries.forEach(inside::add);
            }
            for (Path entry : inside) {
                deleteTree(entry);
            }
        }
        Files.deleteIfExists(path);
    }
}
