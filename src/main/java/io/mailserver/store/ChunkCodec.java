package io.mailserver.store;

import java.sql.SQLException;
import java.util.Arrays;

/**
 * The octets of a {@link MessageChunk} in the index: a version, the number of messages, then per message the differences to the one
 * before as numbers of variable length: some 12 octets a message.
 */
final class ChunkCodec {
    private static final byte VERSION = 1;
    private static final int MAX_OCTETS_A_MESSAGE = 60;

    private ChunkCodec() {}

    /** @param uidValidity of the mailbox: most emails were first placed in it, under their UID */
    static byte[] encode(MessageChunk chunk, int uidValidity) {
        int n = chunk.count();
        Packer out = new Packer(8 + n * MAX_OCTETS_A_MESSAGE / 4);
        out.octet(VERSION);
        out.number(n);
        int uid = 0;
        long modSeq = 0;
        int date = 0;
        for (int i = 0; i < n; i++) {
            out.number(Integer.toUnsignedLong(chunk.uids[i] - uid));
            uid = chunk.uids[i];
            out.number(chunk.flags[i]);
            out.signed(chunk.modSeqs[i] - modSeq);
            modSeq = chunk.modSeqs[i];
            boolean own = chunk.emails[i] == EmailId.of(uidValidity, uid).number();
            out.number(Integer.toUnsignedLong(chunk.sizes[i]) << 1 | (own ? 0 : 1));
            if (!own) {
                out.number(chunk.emails[i]);
            }
            out.signed(chunk.dates[i] - date);
            date = chunk.dates[i];
        }
        return out.octets();
    }

    static MessageChunk decode(byte[] octets, int uidValidity) throws SQLException {
        try {
            Unpacker in = new Unpacker(octets);
            if (in.octet() != VERSION) {
                throw new SQLException("a chunk of an unknown version");
            }
            int n = (int) in.number();
            if (n < 1 || n > octets.length) {
                throw new SQLException("a chunk of " + n + " messages");
            }
            return decode(in, n, uidValidity);
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new SQLException("a chunk that ends early", e);
        }
    }

    private static MessageChunk decode(Unpacker in, int n, int uidValidity) {
        int[] uids = new int[n];
        long[] flags = new long[n];
        long[] modSeqs = new long[n];
        long[] emails = new long[n];
        int[] sizes = new int[n];
        int[] dates = new int[n];
        int uid = 0;
        long modSeq = 0;
        int date = 0;
        for (int i = 0; i < n; i++) {
            uid += (int) in.number();
            uids[i] = uid;
            flags[i] = in.number();
            modSeq += in.signed();
            modSeqs[i] = modSeq;
            long size = in.number();
            sizes[i] = (int) (size >>> 1);
            emails[i] = (size & 1) == 0 ? EmailId.of(uidValidity, uid).number() : in.number();
            date += (int) in.signed();
            dates[i] = date;
        }
        return new MessageChunk(uids, flags, modSeqs, emails, sizes, dates);
    }

    /** Writes numbers of seven bits an octet, the lowest first. */
    static final class Packer {
        private byte[] octets;
        private int length;

        Packer(int expected) {
            octets = new byte[expected];
        }

        void octet(byte octet) {
            room(1);
            octets[length++] = octet;
        }

        void number(long value) {
            room(10);
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                octets[length++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            octets[length++] = (byte) rest;
        }

        /** Small numbers of either sign stay short. */
        void signed(long value) {
            number((value << 1) ^ (value >> 63));
        }

        void bytes(byte[] value) {
            room(value.length);
            System.arraycopy(value, 0, octets, length, value.length);
            length += value.length;
        }

        byte[] octets() {
            return Arrays.copyOf(octets, length);
        }

        private void room(int more) {
            if (octets.length - length < more) {
                octets = Arrays.copyOf(octets, Math.max(2 * octets.length, length + more));
            }
        }
    }

    /** Reads what {@link Packer} wrote. */
    static final class Unpacker {
        private final byte[] octets;
        private int at;

        Unpacker(byte[] octets) {
            this.octets = octets;
        }

        byte octet() {
            return octets[at++];
        }

        long number() {
            long value = 0;
            int shift = 0;
            byte octet;
            do {
                octet = octets[at++];
                value |= (octet & 0x7fL) << shift;
                shift += 7;
            } while (octet < 0);
            return value;
        }

        long signed() {
            long value = number();
            return (value >>> 1) ^ -(value & 1);
        }

        byte[] bytes(int length) {
            if (length < 0 || length > octets.length - at) {
                throw new ArrayIndexOutOfBoundsException(length);
            }
            byte[] value = Arrays.copyOfRange(octets, at, at + length);
            at += length;
            return value;
        }
    }
}
