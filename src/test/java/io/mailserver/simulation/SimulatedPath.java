package io.mailserver.simulation;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Unix path on a simulated disk. */
final class SimulatedPath implements Path {
    private final SimulatedFileSystem fileSystem;
    private final boolean absolute;
    private final List<String> parts;

    SimulatedPath(SimulatedFileSystem fileSystem, boolean absolute, List<String> parts) {
        this.fileSystem = fileSystem;
        this.absolute = absolute;
        this.parts = List.copyOf(parts);
    }

    static SimulatedPath parse(SimulatedFileSystem fileSystem, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new InvalidPathException(text.replace('\0', '?'), "Nul character not allowed");
        }
        List<String> parts = new ArrayList<>();
        for (String part : text.split("/", -1)) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return new SimulatedPath(fileSystem, text.startsWith("/"), parts);
    }

    List<String> parts() {
        return parts;
    }

    @Override
    public FileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable Path getRoot() {
        return absolute ? new SimulatedPath(fileSystem, true, List.of()) : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return parts.isEmpty() ? null : new SimulatedPath(fileSystem, false, List.of(parts.getLast()));
    }

    @Override
    public @Nullable Path getParent() {
        if (parts.isEmpty() || (parts.size() == 1 && !absolute)) {
            return null;
        }
        return new SimulatedPath(fileSystem, absolute, parts.subList(0, parts.size() - 1));
    }

    @Override
    public int getNameCount() {
        return parts.size();
    }

    @Override
    public Path getName(int index) {
        return new SimulatedPath(fileSystem, false, List.of(parts.get(index)));
    }

    @Override
    public Path subpath(int begin, int end) {
        return new SimulatedPath(fileSystem, false, parts.subList(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        SimulatedPath prefix = same(other);
        return prefix.absolute == absolute
                && prefix.parts.size() <= parts.size()
                && parts.subList(0, prefix.parts.size()).equals(prefix.parts);
    }

    @Override
    public boolean endsWith(Path other) {
        SimulatedPath suffix = same(other);
        if (suffix.absolute) {
            return equals(suffix);
        }
        int from = parts.size() - suffix.parts.size();
        return from >= 0 && parts.subList(from, parts.size()).equals(suffix.parts);
    }

    @Override
    public Path normalize() {
        List<String> normal = new ArrayList<>();
        for (String part : parts) {
            if (part.equals("..") && !normal.isEmpty() && !normal.getLast().equals("..")) {
                normal.removeLast();
            } else if (!part.equals(".") && !(part.equals("..") && absolute)) {
                normal.add(part);
            }
        }
        return new SimulatedPath(fileSystem, absolute, normal);
    }

    @Override
    public Path resolve(Path other) {
        SimulatedPath path = same(other);
        if (path.absolute) {
            return path;
        }
        List<String> joined = new ArrayList<>(parts);
        joined.addAll(path.parts);
        return new SimulatedPath(fileSystem, absolute, joined);
    }

    @Override
    public Path relativize(Path other) {
        SimulatedPath path = same(other);
        if (!path.startsWith(this)) {
            throw new IllegalArgumentException(other + " is not below " + this);
        }
        return new SimulatedPath(fileSystem, false, path.parts.subList(parts.size(), path.parts.size()));
    }

    @Override
    public URI toUri() {
        return URI.create("simulated://" + toAbsolutePath());
    }

    @Override
    public Path toAbsolutePath() {
        return absolute ? this : new SimulatedPath(fileSystem, true, parts);
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return toAbsolutePath().normalize();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SimulatedPath path
                && path.fileSystem == fileSystem
                && path.absolute == absolute
                && path.parts.equals(parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return (absolute ? "/" : "") + String.join("/", parts);
    }

    private static SimulatedPath same(Path other) {
        if (other instanceof SimulatedPath path) {
            return path;
        }
        throw new ProviderMismatchException();
    }
}
