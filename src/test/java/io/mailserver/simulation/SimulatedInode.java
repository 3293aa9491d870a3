package io.mailserver.simulation;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder of the simulated disk: what the running system sees, and what would be left of it after a power cut. Guarded by
 * the lock of its disk.
 */
final class SimulatedInode {
    private static final int SECTOR_OCTETS = 512;

    final boolean folder;
    final long number;
    Set<PosixFilePermission> permissions;

    /** The octets the system sees: the first {@link #size} of the array. */
    byte[] octets = new byte[0];

    int size;
    private byte[] durableOctets = new byte[0];
    /** A failed force dropped what was written before it: a later force that succeeds does not bring it back (Linux, since 4.13). */
    private boolean writesDropped;

    FileTime modified;
    /** When the disk's own clock saw the last change; nobody can set it. */
    FileTime changed;

    private final List<FileTime> possibleTimes = new ArrayList<>();

    /** The names the system sees. */
    final Map<String, SimulatedInode> names = new TreeMap<>();
    /** For each name changed since the last force: everything it may stand for after a power cut, null for nothing. */
    private final Map<String, List<@Nullable SimulatedInode>> possibleNames = new LinkedHashMap<>();

    private final Set<String> droppedNames = new HashSet<>();

    SimulatedInode(boolean folder, long number, Set<PosixFilePermission> permissions, FileTime modified) {
        this.folder = folder;
        this.number = number;
        this.permissions = Set.copyOf(permissions);
        this.modified = modified;
        this.changed = modified;
    }

    void write(int position, byte[] source, int offset, int length) {
        int end = position + length;
        if (end > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(end, octets.length * 2));
        }
        System.arraycopy(source, offset, octets, position, length);
        size = Math.max(size, end);
    }

    void truncate(int newSize) {
        if (newSize < size) {
            Arrays.fill(octets, newSize, size, (byte) 0);
            size = newSize;
        }
    }

    void modified(FileTime time, FileTime now) {
        possibleTimes.add(modified);
        modified = time;
        changed = now;
    }

    /** Makes {@code name} stand for {@code target}, or for nothing. */
    void name(String name, @Nullable SimulatedInode target) {
        List<@Nullable SimulatedInode> possible = possibleNames.computeIfAbsent(name, key -> new ArrayList<>());
        possible.add(names.get(name));
        droppedNames.remove(name);
        if (target == null) {
            names.remove(name);
        } else {
            names.put(name, target);
        }
    }

    /** @param withMetadata whether the time of modification is flushed too; names and sizes always are */
    void force(boolean withMetadata) {
        if (!writesDropped) {
            durableOctets = Arrays.copyOf(octets, size);
        }
        if (withMetadata) {
            possibleTimes.clear();
        }
        possibleNames.keySet().retainAll(droppedNames);
    }

    void failForce() {
        writesDropped = writesDropped || !Arrays.equals(durableOctets, 0, durableOctets.length, octets, 0, size);
        droppedNames.addAll(possibleNames.keySet());
    }

    /** This inode as a power cut leaves it, all durable; inodes with several names stay one. */
    SimulatedInode afterPowerCut(Random random, Map<SimulatedInode, SimulatedInode> copies) {
        SimulatedInode known = copies.get(this);
        if (known != null) {
            return known;
        }
        FileTime time = possibleTimes.isEmpty() || random.nextBoolean()
                ? modified
                : possibleTimes.get(random.nextInt(possibleTimes.size()));
        SimulatedInode copy = new SimulatedInode(folder, number, permissions, time);
        copies.put(this, copy);
        if (folder) {
            Map<String, SimulatedInode> left = new HashMap<>(names);
            possibleNames.forEach((name, possible) -> {
                SimulatedInode before = possible.get(random.nextInt(possible.size()));
                SimulatedInode chosen = random.nextBoolean() ? names.get(name) : before;
                if (chosen == null) {
                    left.remove(name);
                } else {
                    left.put(name, chosen);
                }
            });
            new TreeMap<>(left).forEach((name, inode) -> copy.names.put(name, inode.afterPowerCut(random, copies)));
        } else {
            copy.octets = octetsAfterPowerCut(random);
            copy.size = copy.octets.length;
            copy.durableOctets = copy.octets.clone();
        }
        return copy;
    }

    private byte[] octetsAfterPowerCut(Random random) {
        byte[] seen = Arrays.copyOf(octets, size);
        if (Arrays.equals(seen, durableOctets)) {
            return seen;
        }
        return switch (random.nextInt(4)) {
            case 0 -> durableOctets.clone();
            case 1 -> seen;
            case 2 -> cut(seen, random);
            default -> torn(seen, random);
        };
    }

    /** Ends somewhere between the forced size and the new one: what was forced is not cut off. */
    private byte[] cut(byte[] seen, Random random) {
        int shorter = Math.min(size, durableOctets.length);
        int length = shorter + random.nextInt(Math.max(size, durableOctets.length) - shorter + 1);
        return Arrays.copyOf(length <= size ? seen : durableOctets, length);
    }

    /** The new size, but some sectors as they were: zeros where nothing was. */
    private byte[] torn(byte[] seen, Random random) {
        byte[] before = Arrays.copyOf(durableOctets, size);
        for (int at = 0; at < size; at += SECTOR_OCTETS) {
            if (random.nextBoolean()) {
                System.arraycopy(before, at, seen, at, Math.min(SECTOR_OCTETS, size - at));
            }
        }
        return seen;
    }
}
