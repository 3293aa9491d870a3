package io.mailserver.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.attribute.FileTime;

/** An open file or folder of a simulated disk. */
final class SimulatedChannel extends FileChannel {
    private static final int COPY_OCTETS = 64 << 10;

    private final SimulatedDisk disk;
    private final SimulatedInode inode;
    private final SimulatedPath path;
    private final boolean readable;
    private final boolean writable;
    private final boolean append;
    private long position;

    SimulatedChannel(
            SimulatedDisk disk, SimulatedInode inode, SimulatedPath path, boolean readable, boolean writable, boolean append) {
        this.disk = disk;
        this.inode = inode;
        this.path = path;
        this.readable = readable;
        this.writable = writable;
        this.append = append;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        synchronized (disk) {
            int read = read(target, position);
            if (read > 0) {
                position += read;
            }
            return read;
        }
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        synchronized (disk) {
            checkOpen();
            if (!readable) {
                throw new NonReadableChannelException();
            }
            if (inode.folder) {
                throw new IOException("Is a directory");
            }
            disk.step("read", path);
            if (from >= inode.size) {
                return target.hasRemaining() ? -1 : 0;
            }
            int length = Math.min(target.remaining(), inode.size - (int) from);
            target.put(inode.octets, (int) from, length);
            return length;
        }
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        long all = 0;
        for (int i = offset; i < offset + length; i++) {
            int read = read(targets[i]);
            if (read < 0) {
                return all == 0 ? -1 : all;
            }
            all += read;
        }
        return all;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        synchronized (disk) {
            if (append) {
                position = inode.size;
            }
            int written = write(source, position);
            position += written;
            return written;
        }
    }

    @Override
    public int write(ByteBuffer source, long at) throws IOException {
        synchronized (disk) {
            checkOpen();
            if (!writable) {
                throw new NonWritableChannelException();
            }
            byte[] octets = new byte[source.remaining()];
            source.duplicate().get(octets);
            int done = disk.stepWrite(path, octets.length);
            inode.write((int) at, octets, 0, done);
            FileTime now = disk.now();
            inode.modified(now, now);
            disk.afterWrite(path, octets.length, done);
            source.position(source.position() + done);
            return done;
        }
    }

    /** One operation, as writev is one call. */
    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        int all = 0;
        for (int i = offset; i < offset + length; i++) {
            all += sources[i].remaining();
        }
        ByteBuffer joined = ByteBuffer.allocate(all);
        for (int i = offset; i < offset + length; i++) {
            joined.put(sources[i]);
        }
        return write(joined.flip());
    }

    @Override
    public long position() throws IOException {
        checkOpen();
        return position;
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        checkOpen();
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        synchronized (disk) {
            checkOpen();
            return inode.size;
        }
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        synchronized (disk) {
            checkOpen();
            disk.step("truncate", path);
            inode.truncate((int) size);
            position = Math.min(position, size);
            return this;
        }
    }

    @Override
    public void force(boolean withMetadata) throws IOException {
        synchronized (disk) {
            checkOpen();
            disk.stepForce(inode, withMetadata, path);
        }
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        long done = 0;
        while (done < count) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_OCTETS, count - done));
            if (read(buffer, from + done) <= 0) {
                return done;
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                done += target.write(buffer);
            }
        }
        return done;
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
        long done = 0;
        while (done < count) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_OCTETS, count - done));
            if (source.read(buffer) <= 0) {
                return done;
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                done += write(buffer, at + done);
            }
        }
        return done;
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    /** Closing is no operation that counts: what it could report, a force would have reported before. */
    @Override
    protected void implCloseChannel() {}

    private void checkOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }
}
