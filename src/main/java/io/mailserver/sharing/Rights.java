package io.mailserver.sharing;

import java.util.Optional;

/**
 * A set of rights (RFC 4314 §2.1).
 *
 * @param bits of {@link Right#bit}
 */
public record Rights(int bits) {
    /** No right at all. */
    public static final Rights NONE = new Rights(0);

    /** What an owner has. */
    public static final Rights ALL = new Rights((1 << Right.values().length) - 1);

    /** Virtual c (RFC 4314 §2.1.1). */
    private static final int OLD_CREATE = Right.CREATE.bit() | Right.DELETE_MAILBOX.bit();

    /** Virtual d. */
    private static final int OLD_DELETE = Right.DELETE_MESSAGES.bit() | Right.EXPUNGE.bit();

    /** By letters, with c and d of RFC 2086 for what they mean; empty if one is unknown. */
    public static Optional<Rights> parse(String letters) {
        int bits = 0;
        for (int i = 0; i < letters.length(); i++) {
            int bit = bits(letters.charAt(i));
            if (bit == 0) {
                return Optional.empty();
            }
            bits |= bit;
        }
        return Optional.of(new Rights(bits));
    }

    private static int bits(char letter) {
        if (letter == 'c') {
            return OLD_CREATE;
        }
        if (letter == 'd') {
            return OLD_DELETE;
        }
        for (Right right : Right.values()) {
            if (right.letter() == letter) {
                return right.bit();
            }
        }
        return 0;
    }

    /** Whether this right is among them. */
    public boolean has(Right right) {
        return (bits & right.bit()) != 0;
    }

    /** Whether one of these is. */
    public boolean hasAny(Right... rights) {
        for (Right right : rights) {
            if (has(right)) {
                return true;
            }
        }
        return false;
    }

    boolean isEmpty() {
        return bits == 0;
    }

    Rights plus(Rights others) {
        return new Rights(bits | others.bits);
    }

    Rights minus(Rights others) {
        return new Rights(bits & ~others.bits);
    }

    /** The letters, as they are stored. */
    String letters() {
        StringBuilder text = new StringBuilder();
        for (Right right : Right.values()) {
            if (has(right)) {
                text.append(right.letter());
            }
        }
        return text.toString();
    }

    /** The letters as clients are told them: with c and d where a right they stand for is there (RFC 4314 §2.1.1). */
    @Override
    public String toString() {
        return letters() + ((bits & OLD_CREATE) != 0 ? "c" : "") + ((bits & OLD_DELETE) != 0 ? "d" : "");
    }
}
