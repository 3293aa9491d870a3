package io.mailserver.mtasts;

import io.mailserver.smtpclient.TlsFailure;

/** A domain says that it has a policy, and there is none to be had. Without a stack: it describes what others did. */
public final class PolicyException extends Exception {
    private static final long serialVersionUID = 1;

    private final TlsFailure failure;
    private final String text;

    /** @param message for people */
    public PolicyException(TlsFailure failure, String message) {
        super(message, null, false, false);
        this.failure = failure;
        this.text = message;
    }

    /** As a report says it (RFC 8460 §4.3.2.2). */
    public TlsFailure.Found found() {
        return new TlsFailure.Found(failure, text);
    }
}
