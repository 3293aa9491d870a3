package io.mailserver.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The characters of a text body, piece by piece. Where the charset is UTF-8, missing, unknown or US-ASCII, octets that are no UTF-8 count
 * as windows-1252 one by one; in other charsets they become U+FFFD. A byte order mark is left out. For one thread.
 */
final class TextDecoder {
    /** Each message read has such buffers twice; larger ones are no faster and cost the collector more. */
    private static final int MAX_BUFFER_OCTETS = 2 << 10;
    private static final int MIN_BUFFER_OCTETS = 64;

    private final InputStream in;
    private final ByteBuffer octets;
    private final CharBuffer characters;
    private final CharsetDecoder decoder;
    private final @Nullable Charset lenient;
    private boolean ended;
    private boolean started;
    private boolean malformed;

    /**
     * @param label of the charset; empty for none
     * @param expected about how many octets there will be, or are wanted
     */
    TextDecoder(InputStream in, String label, long expected) {
        this.in = in;
        int size = Math.clamp(expected, MIN_BUFFER_OCTETS, MAX_BUFFER_OCTETS);
        octets = ByteBuffer.allocate(size).limit(0);
        Optional<Charset> named = label.equalsIgnoreCase("us-ascii") ? Optional.empty() : Charsets.find(label);
        Charset charset = named.orElse(StandardCharsets.UTF_8);
        boolean utf8 = charset.equals(StandardCharsets.UTF_8);
        lenient = utf8 ? Charsets.fallback() : null;
        decoder = charset.newDecoder()
                .onMalformedInput(utf8 ? CodingErrorAction.REPORT : CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        // Room for all that one filling becomes, and for what the decoder kept of the one before.
        characters = CharBuffer.allocate((int) Math.ceil(size * (double) decoder.maxCharsPerByte()) + 16);
    }

    /** The next piece, valid until the next call; null at the end. */
    @Nullable CharSequence next() throws IOException {
        characters.clear();
        while (!ended && characters.position() == 0) {
            fill();
            step();
        }
        characters.flip();
        if (!started && characters.hasRemaining() && characters.get(characters.position()) == '\ufeff') {
            characters.get();
        }
        started |= characters.limit() > 0;
        return characters.limit() == 0 ? null : characters;
    }

    /** Whether octets were met that are no characters of the charset. */
    boolean malformed() {
        return malformed;
    }

    private void fill() throws IOException {
        octets.compact();
        int read = in.read(octets.array(), octets.position(), octets.remaining());
        if (read < 0) {
            ended = true;
        } else {
            octets.position(octets.position() + read);
        }
        octets.flip();
    }

    private void step() {
        while (true) {
            CoderResult result = decoder.decode(octets, characters, ended);
            malformed |= result.isMalformed();
            if (result.isMalformed() && lenient != null && characters.hasRemaining()) {
                characters.put(lenient.decode(ByteBuffer.wrap(new byte[] {octets.get()})).get());
            } else {
                break;
            }
        }
        if (ended) {
            decoder.flush(characters);
        }
    }
}
