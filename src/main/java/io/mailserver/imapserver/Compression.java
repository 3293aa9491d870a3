package io.mailserver.imapserver;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Both directions of a connection compressed (RFC 4978 §3): raw DEFLATE, and each flush ends a block so that the other side can read all
 * that was written. Closing it frees its memory and leaves the connection open.
 */
final class Compression implements AutoCloseable {
    private static final int BUFFER_OCTETS = 4 << 10;

    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final Inflater inflater = new Inflater(true);
    private final OutputStream out;
    private final InputStream in;

    Compression(InputStream in, OutputStream out) {
        this.out = new DeflaterOutputStream(out, deflater, BUFFER_OCTETS, true);
        this.in = new InflaterInputStream(in, inflater, BUFFER_OCTETS);
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    @Override
    public void close() {
        deflater.end();
        inflater.end();
    }
}
