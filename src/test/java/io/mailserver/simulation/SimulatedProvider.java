package io.mailserver.simulation;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The calls of a Unix file system on a {@link SimulatedDisk}, each one counted operation. */
final class SimulatedProvider extends FileSystemProvider {
    private static final Set<PosixFilePermission> DEFAULT_FILE = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> DEFAULT_FOLDER = PosixFilePermissions.fromString("rwxr-xr-x");

    private final SimulatedDisk disk;
    private final SimulatedFileSystem fileSystem;

    SimulatedProvider(SimulatedDisk disk, SimulatedFileSystem fileSystem) {
        this.disk = disk;
        this.fileSystem = fileSystem;
    }

    @Override
    public String getScheme() {
        return "simulated";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
        return fileSystem.getPath(uri.getPath());
    }

    @Override
    public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        boolean append = options.contains(StandardOpenOption.APPEND);
        boolean write = append || options.contains(StandardOpenOption.WRITE);
        boolean read = !write || options.contains(StandardOpenOption.READ);
        boolean createNew = write && options.contains(StandardOpenOption.CREATE_NEW);
        boolean mayCreate = createNew || (write && options.contains(StandardOpenOption.CREATE));
        synchronized (disk) {
            SimulatedInode inode = find(path);
            if (inode == null && mayCreate) {
                disk.stepNeedingSpace("create", path);
                inode = disk.newInode(false, permissions(attributes, DEFAULT_FILE));
                SimulatedInode parent = parentOf(path);
                disk.name(parent, nameOf(path), inode);
                touch(parent);
            } else {
                disk.step("open", path);
                if (inode == null) {
                    throw new NoSuchFileException(path.toString());
                }
                if (createNew) {
                    throw new FileAlreadyExistsException(path.toString());
                }
            }
            if (inode.folder && write) {
                throw new FileSystemException(path.toString(), null, "Is a directory");
            }
            if (write && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
                inode.truncate(0);
            }
            if (options.contains(StandardOpenOption.DELETE_ON_CLOSE)) {
                disk.name(parentOf(path), nameOf(path), null);
            }
            return new SimulatedChannel(disk, inode, (SimulatedPath) path, read, write, append);
        }
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
        synchronized (disk) {
            disk.step("list", path);
            SimulatedInode inode = get(path);
            if (!inode.folder) {
                throw new NotDirectoryException(path.toString());
            }
            List<Path> accepted = new ArrayList<>();
            for (String name : inode.names.keySet()) {
                Path entry = path.resolve(name);
                if (filter.accept(entry)) {
                    accepted.add(entry);
                }
            }
            return new Listing(accepted);
        }
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        synchronized (disk) {
            disk.stepNeedingSpace("mkdir", path);
            SimulatedInode parent = parentOf(path);
            if (find(path) != null) {
                throw new FileAlreadyExistsException(path.toString());
            }
            disk.name(parent, nameOf(path), disk.newInode(true, permissions(attributes, DEFAULT_FOLDER)));
            touch(parent);
        }
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        synchronized (disk) {
            disk.stepNeedingSpace("link", link);
            SimulatedInode inode = get(existing);
            if (!disk.linksSupported()) {
                throw new FileSystemException(link.toString(), existing.toString(), "Operation not permitted");
            }
            SimulatedInode parent = parentOf(link);
            if (find(link) != null) {
                throw new FileAlreadyExistsException(link.toString());
            }
            disk.name(parent, nameOf(link), inode);
            touch(parent);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        synchronized (disk) {
            disk.step("delete", path);
            SimulatedInode inode = get(path);
            if (!inode.names.isEmpty()) {
                throw new DirectoryNotEmptyException(path.toString());
            }
            SimulatedInode parent = parentOf(path);
            disk.name(parent, nameOf(path), null);
            touch(parent);
        }
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException("not durable: write the copy and force it");
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        Set<CopyOption> chosen = Set.of(options);
        if (!chosen.contains(StandardCopyOption.ATOMIC_MOVE)) {
            throw new UnsupportedOperationException("say ATOMIC_MOVE: anything else may be a copy");
        }
        synchronized (disk) {
            disk.step("rename to " + target, source);
            SimulatedInode inode = get(source);
            SimulatedInode replaced = find(target);
            SimulatedInode to = parentOf(target);
            if (replaced != null && replaced.folder && !replaced.names.isEmpty()) {
                throw new DirectoryNotEmptyException(target.toString());
            }
            if (replaced == inode) {
                return;
            }
            SimulatedInode from = parentOf(source);
            disk.name(from, nameOf(source), null);
            disk.name(to, nameOf(target), inode);
            touch(from);
            touch(to);
        }
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        synchronized (disk) {
            return get(path) == get(other);
        }
    }

    @Override
    public boolean isHidden(Path path) {
        return nameOf(path).startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        synchronized (disk) {
            disk.step("statvfs", path);
            get(path);
            return fileSystem.store();
        }
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        synchronized (disk) {
            disk.step("access", path);
            get(path);
        }
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return type.isAssignableFrom(SimulatedAttributes.View.class)
                ? type.cast(new SimulatedAttributes.View(this, path))
                : null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options) throws IOException {
        if (!type.isAssignableFrom(SimulatedAttributes.class)) {
            throw new UnsupportedOperationException(type.getName());
        }
        synchronized (disk) {
            disk.step("stat", path);
            return type.cast(SimulatedAttributes.of(get(path)));
        }
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return readAttributes(path, SimulatedAttributes.class).select(attributes);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        switch (attribute) {
            case "lastModifiedTime", "basic:lastModifiedTime" -> setTime(path, (FileTime) value);
            default -> throw new UnsupportedOperationException(attribute);
        }
    }

    void setTime(Path path, FileTime time) throws IOException {
        synchronized (disk) {
            disk.step("utime", path);
            get(path).modified(time, disk.now());
        }
    }

    void setPermissions(Path path, Set<PosixFilePermission> permissions) throws IOException {
        synchronized (disk) {
            disk.step("chmod", path);
            get(path).permissions = Set.copyOf(permissions);
        }
    }

    private void touch(SimulatedInode folder) {
        FileTime now = disk.now();
        folder.modified(now, now);
    }

    private @Nullable SimulatedInode find(Path path) {
        SimulatedInode inode = disk.rootInode();
        for (String part : ((SimulatedPath) path.toAbsolutePath().normalize()).parts()) {
            SimulatedInode next = inode.names.get(part);
            if (next == null) {
                return null;
            }
            inode = next;
        }
        return inode;
    }

    private SimulatedInode get(Path path) throws NoSuchFileException {
        SimulatedInode inode = find(path);
        if (inode == null) {
            throw new NoSuchFileException(path.toString());
        }
        return inode;
    }

    private SimulatedInode parentOf(Path path) throws IOException {
        Path parent = path.toAbsolutePath().normalize().getParent();
        SimulatedInode inode = parent == null ? disk.rootInode() : get(parent);
        if (!inode.folder) {
            throw new FileSystemException(path.toString(), null, "Not a directory");
        }
        return inode;
    }

    private static String nameOf(Path path) {
        Path name = path.normalize().getFileName();
        return name == null ? "" : name.toString();
    }

    private static Set<PosixFilePermission> permissions(FileAttribute<?>[] attributes, Set<PosixFilePermission> otherwise) {
        for (FileAttribute<?> attribute : attributes) {
            if (attribute.name().equals("posix:permissions")) {
                @SuppressWarnings("unchecked") // What an attribute of this name holds.
                Set<PosixFilePermission> permissions = (Set<PosixFilePermission>) attribute.value();
                return permissions;
            }
            throw new UnsupportedOperationException(attribute.name());
        }
        return otherwise;
    }

    private record Listing(List<Path> entries) implements DirectoryStream<Path> {
        @Override
        public Iterator<Path> iterator() {
            return entries.iterator();
        }

        @Override
        public void close() {}
    }
}
