package io.mailserver.queue;

/** Where a queued recipient stands. The codes are on disk and never change their meaning. */
public enum RecipientStatus {
    /** Waits for its next attempt. */
    PENDING(1),
    /** Waits for somebody to release it. */
    HELD(2),
    /** The next server has taken the message: nothing is left to do. */
    DELIVERED(3),
    /** Given up, its sender told; kept for the operator until it is due. */
    FAILED(4),
    /** Taken off the queue by the operator, without a word to its sender. */
    DROPPED(5);

    private static final RecipientStatus[] BY_CODE = values();

    private final int code;

    RecipientStatus(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** Whether the queue forgets such a recipient. */
    public boolean isGone() {
        return this == DELIVERED || this == DROPPED;
    }

    /** That of a code that came from {@link #code}. */
    static RecipientStatus known(int code) {
        return BY_CODE[code - 1];
    }

    static RecipientStatus of(int code) throws DamagedRecordException {
        if (code < 1 || code > BY_CODE.length) {
            throw new DamagedRecordException("recipient status " + code);
        }
        return BY_CODE[code - 1];
    }
}
