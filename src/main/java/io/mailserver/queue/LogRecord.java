package io.mailserver.queue;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One record of a segment and its form on disk: a header of {@value #HEADER_OCTETS} octets, then fact, detail and body.
 *
 * <pre>
 *  0 magic   4 fact octets   8 detail octets   12 body octets   16 sequence   24 start of the batch   28 type
 * 32 CRC32C of the body   36 CRC32C of the segment's seal, this header, fact and detail
 * </pre>
 *
 * <p>The sequence counts all records ever written. The start of the batch is the place in the segment where the group of records
 * begins that was flushed with this one. A record whose batch begins behind some octets proves that these had been flushed: where they
 * are damaged, the disk lost what it had promised; where no record proves it, they are a torn tail. The seal is a number that nobody
 * outside knows and that differs from segment to segment: neither an old segment's octets nor those that somebody sent us as a message
 * are ever taken for records.
 *
 * @param body the octets of a message; of most records none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LogRecord(RecordType type, byte[] fact, byte[] detail, byte[] body) {
    static final int HEADER_OCTETS = 40;
    static final int MAGIC = 0x4d515231;

    private static final byte[] NONE = new byte[0];
    /** Bounds a claim of damaged octets before they are read; real facts and details are far smaller. */
    private static final int MAX_PART = 16 << 20;

    /** A record without a message's octets. */
    static LogRecord of(RecordType type, Fact fact, byte[] detail) {
        return new LogRecord(type, FactCodec.encode(fact), detail, NONE);
    }

    /** A header as read; what it claims is bounded but not checked. */
    record Header(RecordType type, int factOctets, int detailOctets, int bodyOctets, long sequence, int batchStart,
            int bodyCrc, int crc) {
        int octets() {
            return HEADER_OCTETS + factOctets + detailOctets + bodyOctets;
        }

        int metaOctets() {
            return factOctets + detailOctets;
        }
    }

    int octets() {
        return HEADER_OCTETS + fact.length + detail.length + body.length;
    }

    /** Writes this record into a buffer with an array. */
    void writeTo(ByteBuffer out, int seal, int batchStart, long sequence) {
        int start = out.position();
        out.putInt(MAGIC).putInt(fact.length).putInt(detail.length).putInt(body.length);
        out.putLong(sequence).putInt(batchStart).putInt(type.code());
        out.putInt(crcOf(body, 0, body.length));
        int crcAt = out.position();
        out.putInt(0).put(fact).put(detail);
        out.putInt(crcAt, crc(out.array(), out.arrayOffset() + start, seal, fact.length + detail.length));
        out.put(body);
    }

    /** Reads a header at {@code at}; null where there can be none of a record that ends before {@code end}. */
    static @Nullable Header header(ByteBuffer octets, int at, long end) {
        if (end - at < HEADER_OCTETS || octets.getInt(at) != MAGIC || !RecordType.isKnown(octets.getInt(at + 28))) {
            return null;
        }
        Header header = new Header(
                RecordType.of(octets.getInt(at + 28)),
                octets.getInt(at + 4),
                octets.getInt(at + 8),
                octets.getInt(at + 12),
                octets.getLong(at + 16),
                octets.getInt(at + 24),
                octets.getInt(at + 32),
                octets.getInt(at + 36));
        boolean plausible = header.factOctets >= 0 && header.factOctets <= MAX_PART
                && header.detailOctets >= 0 && header.detailOctets <= MAX_PART
                && header.bodyOctets >= 0 && header.bodyOctets <= MAX_PART
                && header.batchStart >= 0
                && at + (long) header.octets() <= end;
        return plausible ? header : null;
    }

    /** Whether header, fact and detail, which stand in {@code octets} from {@code at} on, are what was written. */
    static boolean metaIsWhole(Header header, byte[] octets, int at, int seal) {
        return crc(octets, at, seal, header.metaOctets()) == header.crc;
    }

    static int crcOf(byte[] octets, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(octets, from, length);
        return (int) crc.getValue();
    }

    private static int crc(byte[] octets, int at, int seal, int metaOctets) {
        CRC32C crc = new CRC32C();
        crc.update(seal >>> 24);
        crc.update(seal >>> 16);
        crc.update(seal >>> 8);
        crc.update(seal);
        crc.update(octets, at, HEADER_OCTETS - Integer.BYTES);
        crc.update(octets, at + HEADER_OCTETS, metaOctets);
        return (int) crc.getValue();
    }
}
