package io.mailserver.spf;

/** A record, a term or a macro that breaks the grammar (RFC 7208 §12). Without a stack: it describes the input. */
final class SpfSyntaxException extends Exception {
    SpfSyntaxException(String message) {
        super(message, null, false, false);
    }
}
