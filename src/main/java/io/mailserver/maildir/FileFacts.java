package io.mailserver.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a message file tells without being understood.
 *
 * @param storedSize octets of the file
 * @param servedSize octets with CRLF line ends
 * @param modified INTERNALDATE
 * @param changed when the file was put here or renamed last; nobody can set it
 */
public record FileFacts(long storedSize, long servedSize, Instant modified, Instant changed) {
    /**
     * Looks at a file. The size as served is taken from the name where it can be: {@code W=} of a program that got {@code S=} right.
     * Otherwise the file is read. To be called on a thread of a pool.
     *
     * @return empty if it is not there, or is no file
     */
    public static Optional<FileFacts> of(MaildirFolder folder, MaildirListing.Entry entry) throws IOException {
        Path path = entry.path(folder);
        try {
            Map<String, Object> found =
                    Files.readAttributes(path, "unix:size,lastModifiedTime,ctime,isRegularFile", LinkOption.NOFOLLOW_LINKS);
            if (!Boolean.TRUE.equals(found.get("isRegularFile"))) {
                return Optional.empty();
            }
            long size = (Long) asked(found, "size");
            long served = served(path, entry.name(), size);
            return Optional.of(new FileFacts(size, served, time(found, "lastModifiedTime"), time(found, "ctime")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static long served(Path path, MaildirName name, long size) throws IOException {
        OptionalLong crlf = name.crlfSize();
        // No file has more line ends than octets.
        boolean credible = name.size().orElse(-1) == size && crlf.orElse(-1) >= size && crlf.orElse(-1) <= 2 * size;
        if (credible) {
            return crlf.getAsLong();
        }
        try (MessageFile file = MessageFile.open(path, OptionalLong.empty())) {
            return file.size();
        }
    }

    private static Instant time(Map<String, Object> found, String name) {
        return ((FileTime) asked(found, name)).toInstant();
    }

    private static Object asked(Map<String, Object> found, String name) {
        return Objects.requireNonNull(found.get(name), name);
    }
}
