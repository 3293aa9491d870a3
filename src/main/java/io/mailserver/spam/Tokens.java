package io.mailserver.spam;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * What the classifier sees of a message: the 64-bit hashes of its distinct tokens. A token is a word with the place it stands in
 * ({@code subject:}, a link, the body), or a pair of neighbouring words; text without spaces between words (Chinese, Japanese, Thai)
 * gives pairs of characters. Letters compare without case. Not for several threads.
 *
 * <p>Work and memory are bounded: at most {@link #MAX_TOKENS} tokens and {@link #MAX_CHARS} characters, whatever the message holds.
 */
public final class Tokens {
    /** Distinct tokens of one message; more tell nothing new. */
    public static final int MAX_TOKENS = 4_096;

    /** Characters that are looked at, over all places. */
    public static final int MAX_CHARS = 200_000;

    private static final int MIN_WORD = 3;
    private static final int MAX_WORD = 24;
    /** Open addressing needs free slots. */
    private static final int SLOTS = MAX_TOKENS * 2;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long[] slots = new long[SLOTS];
    private int size;
    private int charsLeft = MAX_CHARS;

    /**
     * Adds all words of a text.
     *
     * @param place such as {@code "subject"}; the same word elsewhere is another token
     */
    public void text(String place, CharSequence text) {
        words(seed(place), text, false);
    }

    /** Adds all words of a text and each pair of neighbours. */
    public void textWithPairs(String place, CharSequence text) {
        words(seed(place), text, true);
    }

    /** Adds one token as it stands, in lower case: an address, a domain, the mark of a property. */
    public void word(String place, CharSequence word) {
        long hash = seed(place);
        for (int i = 0; i < word.length() && charsLeft > 0; i++, charsLeft--) {
            hash = step(hash, Character.toLowerCase(word.charAt(i)));
        }
        add(hash);
    }

    /** The hashes, sorted; none is 0. */
    public long[] hashes() {
        long[] hashes = new long[size];
        int count = 0;
        for (long hash : slots) {
            if (hash != 0) {
                hashes[count++] = hash;
            }
        }
        Arrays.sort(hashes);
        return hashes;
    }

    /** The hashes as octets, to be learned by another process. */
    public byte[] encode() {
        long[] hashes = hashes();
        ByteBuffer out = ByteBuffer.allocate(hashes.length * Long.BYTES);
        out.asLongBuffer().put(hashes);
        return out.array();
    }

    /** @throws IllegalArgumentException it was not made by {@link #encode} */
    public static Tokens decode(byte[] octets) {
        if (octets.length % Long.BYTES != 0 || octets.length > MAX_TOKENS * Long.BYTES) {
            throw new IllegalArgumentException("no tokens");
        }
        Tokens tokens = new Tokens();
        LongBuffer in = ByteBuffer.wrap(octets).asLongBuffer();
        while (in.hasRemaining()) {
            tokens.put(in.get());
        }
        return tokens;
    }

    private void words(long seed, CharSequence text, boolean pairs) {
        int at = 0;
        int length = text.length();
        long previous = 0;
        while (at < length && charsLeft > 0) {
            int start = at;
            long hash = seed;
            while (at < length && isWordPart(text.charAt(at)) && charsLeft > 0) {
                char c = text.charAt(at);
                if (isDense(c)) {
                    break;
                }
                hash = step(hash, Character.toLowerCase(c));
                at++;
                charsLeft--;
            }
            int word = at - start;
            if (word >= MIN_WORD && word <= MAX_WORD) {
                add(hash);
                if (pairs && previous != 0) {
                    add(step(previous, ' ') * 31 + hash);
                }
                previous = hash;
            } else if (word > MAX_WORD) {
                // Long strings of letters are rarely the same twice: how long they are, and how they begin, is what they tell.
                add(step(step(seed, text.charAt(start)), (char) (word / 10)) ^ seed);
                previous = 0;
            }
            if (word == 0) {
                if (isDense(text.charAt(at)) && at + 1 < length && isDense(text.charAt(at + 1))) {
                    add(step(step(seed, text.charAt(at)), text.charAt(at + 1)));
                }
                at++;
                charsLeft--;
            }
        }
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '\'' || c == '-' || c == '$' || c == '€' || c == '%' || Character.isSurrogate(c);
    }

    /** Scripts that write words without spaces between them. */
    private static boolean isDense(char c) {
        return c >= 0x0e00 && (c <= 0x0eff || (c >= 0x3040 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3));
    }

    private void add(long raw) {
        put(mixed(raw));
    }

    private void put(long hash) {
        int slot = (int) (hash & (SLOTS - 1));
        while (slots[slot] != 0) {
            if (slots[slot] == hash) {
                return;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        if (size < MAX_TOKENS) {
            slots[slot] = hash;
            size++;
        }
    }

    private static long seed(String place) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < place.length(); i++) {
            hash = step(hash, place.charAt(i));
        }
        return step(hash, ':');
    }

    private static long step(long hash, char c) {
        return (hash ^ c) * FNV_PRIME;
    }

    /** FNV's low bits are weak: spread them (the finalizer of splitmix64). */
    private static long mixed(long raw) {
        long hash = (raw ^ (raw >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        hash ^= hash >>> 31;
        return hash == 0 ? 1 : hash;
    }
}
