package io.mailserver.base;

/**
 * Something the person who runs the server can mend: a bad configuration value, a port in use, an unknown account. The message
 * says what is wrong in one line, the hint what to do. Never carries a secret, never thrown for a bug.
 */
public final class OperatorException extends RuntimeException {
    private final String hint;

    /**
     * @param message what is wrong, one line, without a full stop
     * @param hint what to do about it, one line; empty where the message says it all
     */
    public OperatorException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /** As above, with the exception that caused it, for the log only. */
    public OperatorException(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /** What to do about it; may be empty. */
    public String hint() {
        return hint;
    }
}
