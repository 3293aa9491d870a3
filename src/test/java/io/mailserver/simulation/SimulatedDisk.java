package io.mailserver.simulation;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that does its worst: it loses and tears what was not forced, forgets names whose folder was not forced, fails or
 * loses power at a chosen operation, fills up, and may know no hard links. Code under test uses it through {@link Path}s below
 * {@link #root()}.
 *
 * <p>Every call that a real system could fail counts as one operation, reads included. After a power cut all calls throw
 * {@link PowerLost}, so a dying process's clean-up does nothing; {@link #restart()} gives the disk as the next process finds it. What
 * is left of unforced changes is chosen by the seed: everything, nothing, or any mixture, also where a real file system would be
 * kinder. All choices repeat with the same seed and the same calls.
 *
 * <p>Not modelled: file locks, memory mapping, symbolic links, access rights (modes are kept but not enforced).
 */
public final class SimulatedDisk {
    /** Thrown by every call once the power is gone; an error, as product code must not catch it. */
    public static final class PowerLost extends Error {
        PowerLost() {
            super("the simulated power is gone", null, false, false);
        }
    }

    /** Where the clock of a new disk stands; each change moves it by a millisecond. */
    public static final Instant START = Instant.parse("2026-11-22T05:00:00Z");

    /** What each file or folder costs besides its octets. */
    private static final int INODE_OCTETS = 256;

    private final long seed;
    private final Random random;
    private final SimulatedInode root;
    private final SimulatedFileSystem fileSystem;
    private long nextInode;
    private long clockMillis = START.toEpochMilli();

    private int operations;
    private int flushes;
    private final List<String> log = new ArrayList<>();
    private int failAt = Integer.MAX_VALUE;
    private int failFrom = Integer.MAX_VALUE;
    private int cutPowerAt = Integer.MAX_VALUE;
    private int fullFrom = Integer.MAX_VALUE;
    private long capacity = Long.MAX_VALUE;
    private boolean linksSupported = true;
    private boolean powerLost;
    private int intrudeAt = Integer.MAX_VALUE;
    private @Nullable Runnable intruder;
    private boolean intruding;
    private @Nullable SimulatedJournal journal;

    public SimulatedDisk(long seed) {
        this(seed, new SimulatedInode(true, 0, PosixFilePermissions.fromString("rwx------"), FileTime.fromMillis(0)), 1);
    }

    private SimulatedDisk(long seed, SimulatedInode root, long nextInode) {
        this.seed = seed;
        // Random's first choices hardly differ between small seeds, so they are spread first.
        this.random = new Random(new SplittableRandom(seed).nextLong());
        this.root = root;
        this.nextInode = nextInode;
        this.fileSystem = new SimulatedFileSystem(this);
    }

    /** The folder to work in. */
    public Path root() {
        return fileSystem.getPath("/");
    }

    /** Operation {@code number}, counted from 1, fails with an input/output error; later ones work again. */
    public synchronized SimulatedDisk failAt(int number) {
        failAt = number;
        return this;
    }

    /** Every operation from {@code number} on fails: the disk has died, the machine lives. */
    public synchronized SimulatedDisk failFrom(int number) {
        failFrom = number;
        return this;
    }

    /** The power goes before operation {@code number}; a write gets part of the way. */
    public synchronized SimulatedDisk cutPowerAt(int number) {
        cutPowerAt = number;
        return this;
    }

    /** From operation {@code number} on, whatever needs space fails; deleting works. */
    public synchronized SimulatedDisk fullFrom(int number) {
        fullFrom = number;
        return this;
    }

    /** The disk holds this many octets. */
    public synchronized SimulatedDisk capacity(long octets) {
        capacity = octets;
        return this;
    }

    public synchronized SimulatedDisk withoutLinks() {
        linksSupported = false;
        return this;
    }

    /**
     * Keeps changes of names in their order, as journalling file systems do: after a power cut a rename was done or was not. Without
     * this a rename that was not forced may leave both names or none. For code that says that it depends on it.
     */
    public synchronized SimulatedDisk journaled() {
        journal = new SimulatedJournal();
        return this;
    }

    /**
     * Something that another process does right before operation {@code number}: {@code act} may use the disk, uncounted and without
     * faults.
     */
    public synchronized SimulatedDisk before(int number, Runnable act) {
        intrudeAt = number;
        intruder = act;
        return this;
    }

    /** No more faults. */
    public synchronized SimulatedDisk healed() {
        failAt = Integer.MAX_VALUE;
        failFrom = Integer.MAX_VALUE;
        cutPowerAt = Integer.MAX_VALUE;
        fullFrom = Integer.MAX_VALUE;
        return this;
    }

    /** How many operations there were. */
    public synchronized int operations() {
        return operations;
    }

    /** How many files and folders were forced. */
    public synchronized int flushes() {
        return flushes;
    }

    /** Each operation so far with its path, for failures that must be understood. */
    public synchronized List<String> log() {
        return List.copyOf(log);
    }

    /** Cuts the power now (if it is not gone) and gives the disk as the next start finds it, without any faults. */
    public synchronized SimulatedDisk restart() {
        powerLost = true;
        if (journal != null) {
            journal.cutPower(random);
        }
        SimulatedDisk restarted = new SimulatedDisk(seed + 1, root.afterPowerCut(random, new HashMap<>()), nextInode);
        return journal == null ? restarted : restarted.journaled();
    }

    @Override
    public String toString() {
        return "simulated disk with seed " + seed;
    }

    // What follows is for the file system's classes; callers hold the lock.

    SimulatedInode rootInode() {
        return root;
    }

    SimulatedInode newInode(boolean folder, Set<PosixFilePermission> permissions) {
        return new SimulatedInode(folder, nextInode++, permissions, now());
    }

    /** Makes {@code name} in {@code folder} stand for {@code target}, or for nothing. */
    void name(SimulatedInode folder, String name, @Nullable SimulatedInode target) {
        if (journal == null) {
            folder.name(name, target);
            return;
        }
        journal.changed(folder, name, operations);
        if (target == null) {
            folder.names.remove(name);
        } else {
            folder.names.put(name, target);
        }
    }

    FileTime now() {
        clockMillis++;
        return FileTime.fromMillis(clockMillis);
    }

    /** Counts an operation that needs no space. */
    void step(String what, Object path) throws IOException {
        checkPower();
        if (intruding) {
            return;
        }
        letIntruderAct();
        operations++;
        log.add(operations + " " + what + " " + path);
        if (operations >= cutPowerAt) {
            powerLost = true;
            throw new PowerLost();
        }
        if (operations == failAt || operations >= failFrom) {
            throw new FileSystemException(path.toString(), null, "Input/output error");
        }
    }

    private void letIntruderAct() {
        Runnable act = intruder;
        if (act != null && operations + 1 >= intrudeAt) {
            intruder = null;
            intruding = true;
            act.run();
            intruding = false;
        }
    }

    /** Counts an operation that makes a name. */
    void stepNeedingSpace(String what, Object path) throws IOException {
        step(what, path);
        if (operations >= fullFrom || used() + INODE_OCTETS > capacity) {
            throw new FileSystemException(path.toString(), null, "No space left on device");
        }
    }

    /**
     * Counts a write.
     *
     * @return how many octets to write before {@link #afterWrite} is called: all of them, or the part done before the fault
     */
    int stepWrite(Object path, int octets) throws IOException {
        checkPower();
        if (operations + 1 >= cutPowerAt) {
            return random.nextInt(octets + 1);
        }
        step("write " + octets, path);
        if (operations >= fullFrom || octets > capacity - used()) {
            return (int) Math.max(0, Math.min(random.nextInt(octets + 1), capacity - used()));
        }
        return octets;
    }

    void afterWrite(Object path, int wanted, int written) throws IOException {
        if (operations + 1 >= cutPowerAt) {
            step("write " + wanted, path);
        }
        if (written < wanted) {
            throw new IOException("No space left on device");
        }
    }

    void stepForce(SimulatedInode inode, boolean withMetadata, Object path) throws IOException {
        try {
            step(withMetadata ? "fsync" : "fdatasync", path);
        } catch (IOException e) {
            inode.failForce();
            throw e;
        }
        flushes++;
        inode.force(withMetadata);
        if (journal != null) {
            journal.force(inode);
        }
    }

    boolean linksSupported() {
        return linksSupported;
    }

    long usable() {
        return Math.max(0, capacity - used());
    }

    long capacityOctets() {
        return capacity;
    }

    void checkPower() {
        if (powerLost) {
            throw new PowerLost();
        }
    }

    private long used() {
        return capacity == Long.MAX_VALUE ? 0 : used(root, new HashSet<>());
    }

    private static long used(SimulatedInode inode, Set<SimulatedInode> seen) {
        if (!seen.add(inode)) {
            return 0;
        }
        long octets = (long) INODE_OCTETS + inode.size;
        for (Map.Entry<String, SimulatedInode> entry : inode.names.entrySet()) {
            octets += used(entry.getValue(), seen);
        }
        return octets;
    }
}
