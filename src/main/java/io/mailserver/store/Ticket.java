package io.mailserver.store;

import io.mailserver.maildir.MaildirName.ImapNumber;
import io.mailserver.maildir.MaildirWriter;
import java.util.Optional;

/** One promised UID: taken at the moment a file becomes visible, or given back. Used by one thread at a time. */
final class Ticket implements MaildirWriter.Numbering {
    private final OpenMailbox mailbox;
    private int uid;
    private boolean settled;

    /** The UID has been promised to the caller. */
    Ticket(OpenMailbox mailbox) {
        this.mailbox = mailbox;
    }

    @Override
    public Optional<ImapNumber> take() {
        uid = mailbox.arrivals().take();
        return Optional.of(new ImapNumber(Integer.toUnsignedLong(mailbox.uidValidity()), Integer.toUnsignedLong(uid)));
    }

    /** The UID; 0 if none was taken. */
    int uid() {
        return uid;
    }

    OpenMailbox mailbox() {
        return mailbox;
    }

    /** The file is durable. */
    void arrived(Arrivals.Arrival arrival) {
        settled = true;
        mailbox.arrivals().arrived(arrival);
    }

    /** Gives back what was not used; does nothing after {@link #arrived}. */
    void close() {
        if (settled) {
            return;
        }
        settled = true;
        if (uid == 0) {
            mailbox.arrivals().forgo(1);
        } else {
            mailbox.arrivals().abandoned(uid);
        }
    }
}
