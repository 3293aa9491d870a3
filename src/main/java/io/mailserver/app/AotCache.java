package io.mailserver.app;

import io.mailserver.admin.ServerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the JVM uses the AOT cache that the launcher meant it to; a rejected one is silent otherwise. */
final class AotCache {
    /** Set by {@code scripts/launch.sh} to the file, whether or not it exists. */
    private static final String PROPERTY = "mailserver.aot";

    private static final Path MAPS = Path.of("/proc/self/maps");

    private AotCache() {}

    /** What the operator should know about it; empty where it is used, or where that cannot be told. */
    static Optional<ServerStatus.Warning> warning() {
        String file = System.getProperty(PROPERTY);
        return file == null || !Files.isReadable(MAPS) ? Optional.empty() : warning(Path.of(file), MAPS);
    }

    /** As above, for a cache and a list of mapped files in the form of proc_pid_maps(5). */
    static Optional<ServerStatus.Warning> warning(Path cache, Path maps) {
        if (Files.notExists(cache)) {
            return Optional.of(new ServerStatus.Warning("no AOT cache " + cache + ": starts take longer", "make it with --make-aot-cache"));
        }
        try (Stream<String> lines = Files.lines(maps)) {
            // A cache that was replaced since is still mapped, and marked "(deleted)".
            boolean mapped = lines.anyMatch(line -> line.contains(" " + cache));
            return mapped
                    ? Optional.empty()
                    : Optional.of(new ServerStatus.Warning(
                            "Java rejected the AOT cache " + cache + " (made by another Java or with other flags): starts take longer",
                            "make it anew with --make-aot-cache"));
        } catch (IOException e) {
            return Optional.empty(); // a courtesy only
        }
    }
}
