package io.mailserver.base;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a full disk from other trouble. The JDK has no exception of its own for it, only the system's text, which is English unless
 * the process runs under a locale whose catalogue of messages is installed; then a full disk is taken for other trouble, which is a
 * temporary failure as well.
 */
public final class DiskFull {
    private DiskFull() {}

    /** Whether {@code trouble} says ENOSPC or EDQUOT in the words of glibc or musl. */
    public static boolean causes(IOException trouble) {
        return says(trouble.getMessage())
                || (trouble instanceof FileSystemException fileTrouble && says(fileTrouble.getReason()));
    }

    private static boolean says(@Nullable String text) {
        return text != null
                && (text.contains("No space left on device")
                        || text.contains("Disk quota exceeded")
                        || text.contains("Quota exceeded"));
    }
}
