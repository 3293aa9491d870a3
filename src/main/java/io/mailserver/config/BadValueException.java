package io.mailserver.config;

/** A text that is not a value of its key's type: what is wrong, and what to write instead. Carries no stack trace. */
final class BadValueException extends Exception {
    private final String advice;

    BadValueException(String what, String advice) {
        super(what, null, false, false);
        this.advice = advice;
    }

    String what() {
        return String.valueOf(getMessage());
    }

    String advice() {
        return advice;
    }
}
