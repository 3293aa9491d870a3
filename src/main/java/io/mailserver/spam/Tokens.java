package io.mailserver.spam;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    private static final int MAX_NAME = 80;
    /** Open addressing needs free slots. */
    private static final int SLOTS = MAX_TOKENS * 2;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** What the hashes stand for, where somebody wants to know. */
    private final @Nullable Map<Long, String> names;
    private final long[] slots = new long[SLOTS];
    private int size;
    private int charsLeft = MAX_CHARS;

    /** Tokens without names. */
    public Tokens() {
        this(null);
    }

    private Tokens(@Nullable Map<Long, String> names) {
        this.names = names;
    }

    /** Tokens that remember what they stand for ({@link #names}), to explain a verdict; more memory and work. */
    public static Tokens named() {
        return new Tokens(new HashMap<>());
    }

    /** What each hash stands for, as {@code place: words}; empty unless made by {@link #named}. */
    public Map<Long, String> names() {
        return names == null ? Map.of() : Map.copyOf(names);
    }

    /**
     * Adds all words of a text.
     *
     * @param place such as {@code "subject"}; the same word elsewhere is another token
     */
    public void text(String place, CharSequence text) {
        words(place, text, false);
    }

    /** Adds all words of a text and each pair of neighbours. */
    public void textWithPairs(String place, CharSequence text) {
        words(place, text, true);
    }

    /** Adds one token as it stands, in lower case: an address, a domain, the mark of a property. */
    public void word(String place, CharSequence word) {
        long hash = seed(place);
        for (int i = 0; i < word.length() && charsLeft > 0; i++, charsLeft--) {
            hash = step(hash, Character.toLowerCase(word.charAt(i)));
        }
        add(hash, place, word, 0, word.length());
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

    private void words(String place, CharSequence text, boolean pairs) {
        long seed = seed(place);
        int previousStart = 0;
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
                add(hash, place, text, start, at);
                if (pairs && previous != 0) {
                    add(step(previous, ' ') * 31 + hash, place, text, previousStart, at);
                }
                previous = hash;
                previousStart = start;
            } else if (word > MAX_WORD) {
                // Long strings of letters are rarely the same twice: how long they are, and how they begin, is what they tell.
                add(step(step(seed, text.charAt(start)), (char) (word / 10)) ^ seed, place, text, start, at);
                previous = 0;
            }
            if (word == 0) {
                if (isDense(text.charAt(at)) && at + 1 < length && isDense(text.charAt(at + 1))) {
                    add(step(step(seed, text.charAt(at)), text.charAt(at + 1)), place, text, at, at + 2);
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

    private void add(long raw, String place, CharSequence text, int from, int to) {
        long hash = mixed(raw);
        put(hash);
        if (names != null) {
            names.putIfAbsent(hash, place + ": " + text.subSequence(from, Math.min(to, from + MAX_NAME)));
        }
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
