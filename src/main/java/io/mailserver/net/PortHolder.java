package io.mailserver.net;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Which process listens on a port, as far as {@code /proc} shows it to this user. */
final class PortHolder {
    /** State 0A in {@code /proc/net/tcp} is LISTEN (proc_net_tcp(5)). */
    private static final String LISTEN = "0A";

    private PortHolder() {}

    /** Such as {@code process 812 (master)}; empty where it cannot be seen. */
    static Optional<String> find(int port) {
        Set<String> sockets = new HashSet<>();
        try {
            for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
                if (Files.isReadable(Path.of(table))) {
                    Files.readAllLines(Path.of(table)).forEach(line -> addListener(sockets, line, port));
                }
            }
            return sockets.isEmpty() ? Optional.empty() : findProcess(sockets);
        } catch (IOException e) {
            return Optional.empty(); // only a courtesy
        }
    }

    private static void addListener(Set<String> sockets, String line, int port) {
        // sl, local address:port in hexadecimal, remote, state, queues, timer, retransmits, uid, timeout, inode
        String[] words = line.strip().split("\\s+", -1);
        if (words.length > 9 && words[3].equals(LISTEN)
                && words[1].regionMatches(true, words[1].indexOf(':') + 1, "%04X".formatted(port), 0, 4)) {
            sockets.add("socket:[" + words[9] + "]");
        }
    }

    private static Optional<String> findProcess(Set<String> sockets) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    return Optional.of("process " + process.getFileName() + " (" + nameOf(process) + ")");
                }
            }
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (sockets.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // somebody else's, or just ended
        }
    }

    private static String nameOf(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "?";
        }
    }
}
