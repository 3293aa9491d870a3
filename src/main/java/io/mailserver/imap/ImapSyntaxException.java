package io.mailserver.imap;

import java.util.Optional;

/**
 * A command that cannot be read, or whose arguments can mean nothing here; carries the response that says so. Has no stack trace: it is
 * an answer to a client, not a bug.
 */
public final class ImapSyntaxException extends Exception {
    private final transient Optional<String> tag;
    private final transient StatusResponse response;

    /** @param tag of the command; empty where not even that could be read, so that the response goes out untagged */
    public ImapSyntaxException(Optional<String> tag, StatusResponse response) {
        super(response.text(), null, false, false);
        this.tag = tag;
        this.response = response;
    }

    public Optional<String> tag() {
        return tag;
    }

    public StatusResponse response() {
        return response;
    }
}
