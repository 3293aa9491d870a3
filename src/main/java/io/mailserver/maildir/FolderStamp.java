package io.mailserver.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * When the names in a mailbox last changed: the times of modification of {@code new} and {@code cur}. Equal stamps mean equal names, but
 * for stamps taken within {@link #UNSURE} of the change: a later change in the same tick of the kernel's clock would not show.
 *
 * @param freshNanos of {@code new}, since 1970; 0 where there is none
 * @param curNanos of {@code cur}
 */
public record FolderStamp(long freshNanos, long curNanos) {
    /** How old a change must be so that a further one is sure to have another time. Kernels count in ticks of 1 to 10 ms. */
    public static final Duration UNSURE = Duration.ofMillis(50);

    /** Differs from every stamp of a folder: the mailbox must be looked at. */
    public static final FolderStamp UNKNOWN = new FolderStamp(-1, -1);

    /** The times as they are now. */
    public static FolderStamp of(MaildirFolder folder) throws IOException {
        return new FolderStamp(modified(folder.fresh()), modified(folder.cur()));
    }

    /** Whether a change after {@code taken}, when this stamp was taken, is sure to give another stamp. */
    public boolean settledAt(Instant taken) {
        long limit = nanos(FileTime.from(taken.minus(UNSURE)));
        return freshNanos < limit && curNanos < limit;
    }

    private static long modified(Path path) throws IOException {
        try {
            return nanos(Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }
}
