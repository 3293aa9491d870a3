package io.mailserver.mime;

import java.io.InputStream;

/** Decodes base64 as {@link Base64Decoder} does. */
final class Base64InputStream extends DecodingInputStream {
    private final Base64Decoder decoder = new Base64Decoder();

    Base64InputStream(InputStream encoded) {
        super(encoded, 3);
    }

    @Override
    int decode(byte[] in, int from, int to, byte[] out) {
        return decoder.decode(in, from, to, out);
    }

    @Override
    int finish(byte[] out) {
        return decoder.finish(out, 0);
    }
}
