package io.mailserver.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stat says of a file on a simulated disk. */
record SimulatedAttributes(
        boolean isDirectory, long size, FileTime lastModifiedTime, FileTime changed, Set<PosixFilePermission> permissions, Object fileKey)
        implements PosixFileAttributes {
    static SimulatedAttributes of(SimulatedInode inode) {
        return new SimulatedAttributes(inode.folder, inode.size, inode.modified, inode.changed, inode.permissions, inode.number);
    }

    /** The chosen ones of the attributes this disk knows, as {@code unix:ino,size} or {@code *}. */
    Map<String, Object> select(String attributes) {
        Map<String, Object> known = new LinkedHashMap<>();
        known.put("size", size);
        known.put("lastModifiedTime", lastModifiedTime);
        known.put("isDirectory", isDirectory);
        known.put("isRegularFile", isRegularFile());
        known.put("fileKey", fileKey);
        known.put("ctime", changed);
        known.put("ino", fileKey);
        known.put("permissions", permissions);
        String names = attributes.substring(attributes.indexOf(':') + 1);
        if (names.equals("*")) {
            return known;
        }
        Map<String, Object> chosen = new LinkedHashMap<>();
        for (String name : names.split(",", -1)) {
            Object value = known.get(name);
            if (value == null) {
                throw new IllegalArgumentException(name);
            }
            chosen.put(name, value);
        }
        return chosen;
    }

    @Override
    public UserPrincipal owner() {
        throw new UnsupportedOperationException();
    }

    @Override
    public GroupPrincipal group() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileTime lastAccessTime() {
        return lastModifiedTime;
    }

    @Override
    public FileTime creationTime() {
        return lastModifiedTime;
    }

    @Override
    public boolean isRegularFile() {
        return !isDirectory;
    }

    @Override
    public boolean isSymbolicLink() {
        return false;
    }

    @Override
    public boolean isOther() {
        return false;
    }

    /** The attributes of one path, to read and to change. */
    record View(SimulatedProvider provider, Path path) implements PosixFileAttributeView {
        @Override
        public String name() {
            return "posix";
        }

        @Override
        public PosixFileAttributes readAttributes() throws IOException {
            return provider.readAttributes(path, PosixFileAttributes.class);
        }

        @Override
        public void setTimes(@Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
                throws IOException {
            if (modified != null) {
                provider.setTime(path, modified);
            }
        }

        @Override
        public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
            provider.setPermissions(path, permissions);
        }

        @Override
        public void setGroup(GroupPrincipal group) {
            throw new UnsupportedOperationException();
        }

        @Override
        public UserPrincipal getOwner() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setOwner(UserPrincipal owner) {
            throw new UnsupportedOperationException();
        }
    }
}
