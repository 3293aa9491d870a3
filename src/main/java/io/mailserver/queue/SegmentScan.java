package io.mailserver.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a whole segment in order and tells a torn tail from damage: what cannot be read is damage if it is known to have
 * been flushed, because a later segment or a record of a later batch says so; else nobody was ever promised it.
 */
final class SegmentScan {
    private final int segment;
    private final int seal;
    private final byte[] octets;
    private final ByteBuffer buffer;
    private final int end;
    private final boolean endIsKnown;
    private final Visitor visitor;

    /** Told what a scan finds. */
    interface Visitor {
        /** A whole record, its body included. */
        void record(Place place, LogRecord.Header header, byte[] segmentOctets) throws IOException;

        /** Flushed octets that cannot be read as records any more. */
        void damage(Place place, int length);
    }

    /**
     * @param octets the whole file
     * @param flushedEnd where the flushed records end, if a later segment tells; else negative
     */
    SegmentScan(int segment, int seal, byte[] octets, long flushedEnd, Visitor visitor) {
        this.segment = segment;
        this.seal = seal;
        this.octets = octets;
        this.buffer = ByteBuffer.wrap(octets);
        this.endIsKnown = flushedEnd >= 0;
        this.end = (int) (endIsKnown ? Math.min(flushedEnd, octets.length) : octets.length);
        this.visitor = visitor;
    }

    /**
     * Visits everything.
     *
     * @param missing how many flushed octets the file lacks at its end are reported as damage
     * @return where the records end
     */
    int run(long missing) throws IOException {
        int at = Segment.HEADER_OCTETS;
        while (at < end) {
            LogRecord.Header header = recordAt(at);
            if (header != null) {
                visitor.record(new Place(segment, at), header, octets);
                at += header.octets();
                continue;
            }
            int next = nextRecord(at);
            if (!endIsKnown && !provenFlushed(at, next)) {
                return at;
            }
            visitor.damage(new Place(segment, at), next - at);
            at = next;
        }
        if (missing > 0) {
            visitor.damage(new Place(segment, at), (int) Math.min(missing, Integer.MAX_VALUE));
        }
        return at;
    }

    private LogRecord.@Nullable Header recordAt(int at) {
        LogRecord.Header header = LogRecord.header(buffer, at, end);
        if (header == null || !LogRecord.metaIsWhole(header, octets, at, seal)) {
            return null;
        }
        int body = at + LogRecord.HEADER_OCTETS + header.metaOctets();
        return LogRecord.crcOf(octets, body, header.bodyOctets()) == header.bodyCrc() ? header : null;
    }

    /** Where the next whole record begins behind {@code at}; the end if there is none. */
    private int nextRecord(int at) {
        for (int i = at + 1; i <= end - LogRecord.HEADER_OCTETS; i++) {
            if (octets[i] == (byte) (LogRecord.MAGIC >>> 24) && recordAt(i) != null) {
                return i;
            }
        }
        return end;
    }

    private boolean provenFlushed(int at, int from) {
        for (int next = from; next < end; next = nextRecord(next)) {
            LogRecord.Header header = recordAt(next);
            if (header != null && header.batchStart() > at) {
                return true;
            }
        }
        return false;
    }
}
