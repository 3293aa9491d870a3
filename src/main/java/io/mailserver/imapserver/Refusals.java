package io.mailserver.imapserver;

import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.StatusResponse;
import io.mailserver.net.EndOfInput;
import io.mailserver.store.StoreException;

/** The texts of refusals that do not depend on the command. */
final class Refusals {
    static final StatusResponse READ_ONLY =
            StatusResponse.no(Plain.READ_ONLY, "The mailbox was opened to be read only: by EXAMINE, or without the rights to change it");
    static final StatusResponse EXPUNGED = StatusResponse.no(
            Plain.EXPUNGEISSUED, "Some of these messages have been expunged by another session; say NOOP and look again");
    static final StatusResponse NO_SUCH_NUMBER =
            StatusResponse.bad("A sequence number is larger than the number of messages, or the mailbox is empty");
    static final StatusResponse UID_REQUIRED =
            StatusResponse.bad(Plain.UIDREQUIRED, "After ENABLE UIDONLY messages are named by their UIDs alone"); // RFC 9586 §3
    static final StatusResponse NO_SUCH_MAILBOX =
            StatusResponse.no(Plain.NONEXISTENT, "There is no mailbox of that name");
    static final StatusResponse PRIVACY_REQUIRED =
            StatusResponse.no(Plain.PRIVACYREQUIRED, "Logging in needs TLS: say STARTTLS first, or connect to the port for TLS");
    static final StatusResponse LOGIN_FIRST = StatusResponse.bad("Log in first");
    static final StatusResponse SELECT_FIRST = StatusResponse.bad("Select a mailbox first");
    static final StatusResponse LOGGED_IN_ALREADY = StatusResponse.bad("You are logged in already");
    static final StatusResponse NOT_OFFERED = StatusResponse.bad("This server does not have this command");
    static final StatusResponse FAULT =
            StatusResponse.no(Plain.SERVERBUG, "The server has a bug here; its log says more. Other commands go on working");
    static final StatusResponse TOO_MANY_ERRORS = StatusResponse.bye("Too many commands that could not be understood");
    static final StatusResponse MAILBOX_DELETED = StatusResponse.bye("The selected mailbox was deleted; connect again");
    static final StatusResponse ACCOUNT_DISABLED = StatusResponse.bye(Plain.UNAVAILABLE, "The account can no longer be used");

    private Refusals() {}

    /** What the client is told when the store did not do something. */
    static StatusResponse of(StoreException refusal) {
        ResponseCode code = switch (refusal.reason()) {
            case NO_SUCH_MAILBOX -> Plain.NONEXISTENT;
            case ALREADY_EXISTS -> Plain.ALREADYEXISTS;
            case HAS_CHILDREN -> Plain.HASCHILDREN;
            case OVER_QUOTA -> Plain.OVERQUOTA;
            case LIMIT -> Plain.LIMIT;
            case NO_PERMISSION -> Plain.NOPERM;
            case EXPUNGED -> Plain.EXPUNGEISSUED;
            case CANNOT -> Plain.CANNOT;
            case DISK_FULL, UNAVAILABLE -> Plain.UNAVAILABLE;
            case CORRUPT -> Plain.CORRUPTION;
        };
        return StatusResponse.no(code, String.valueOf(refusal.getMessage()));
    }

    /** The last line when no more input comes, and the client did not close. */
    static StatusResponse goodbye(EndOfInput reason) {
        return switch (reason) {
            case TIMED_OUT -> StatusResponse.bye("You said nothing for too long");
            case SERVER_STOPPING -> StatusResponse.bye(Plain.UNAVAILABLE, "The server is stopping; connect again in a moment");
            case PEER_CLOSED, NONE -> StatusResponse.bye("Goodbye");
        };
    }
}
