package io.mailserver.cli;

/** The words of a command were not understood; the message says which. */
final class UsageException extends RuntimeException {
    UsageException(String message) {
        super(message);
    }
}
