package io.mailserver.store;

import java.sql.SQLException;

/** The octets of {@link EmailParts} in the index: a version, six lengths, six values. */
final class PartsCodec {
    /** Goes up when renderers change what they make: older rows are rendered anew when they are asked for. */
    private static final byte VERSION = 1;

    private PartsCodec() {}

    static byte[] encode(EmailParts parts) {
        byte[][] values = {
            parts.envelope(), parts.bodyStructure(), parts.body(), parts.headers(), parts.preview(), parts.structure()
        };
        int sum = 32;
        for (byte[] value : values) {
            sum += value.length;
        }
        ChunkCodec.Packer out = new ChunkCodec.Packer(sum);
        out.octet(VERSION);
        for (byte[] value : values) {
            out.number(value.length);
        }
        for (byte[] value : values) {
            out.bytes(value);
        }
        return out.octets();
    }

    /** Whether {@link #decode} will understand these octets. */
    static boolean isCurrent(byte[] octets) {
        return octets.length > 0 && octets[0] == VERSION;
    }

    static EmailParts decode(byte[] octets) throws SQLException {
        try {
            ChunkCodec.Unpacker in = new ChunkCodec.Unpacker(octets);
            if (in.octet() != VERSION) {
                throw new SQLException("cached parts of another version");
            }
            int[] lengths = new int[6];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = (int) in.number();
            }
            return new EmailParts(
                    in.bytes(lengths[0]),
                    in.bytes(lengths[1]),
                    in.bytes(lengths[2]),
                    in.bytes(lengths[3]),
                    in.bytes(lengths[4]),
                    in.bytes(lengths[5]));
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new SQLException("cached parts that end early", e);
        }
    }
}
