package io.mailserver.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A conversation, as {@link AccountEmails.View} shows it: looked at only while the view is open. */
public final class EmailThread extends Numbered {
    private static final Comparator<StoredEmail> OLDEST_FIRST =
            Comparator.comparingLong(StoredEmail::receivedSeconds).thenComparingLong(StoredEmail::number);

    private StoredEmail[] emails = {};

    EmailThread(long number) {
        super(number);
    }

    /** Which conversation it is. */
    public ThreadId id() {
        return new ThreadId(number());
    }

    /** Its emails that are shown, the oldest first (RFC 8621 §3). */
    public List<StoredEmail> emails() {
        if (emails.length == 1) {
            return emails[0].visible() ? List.of(emails[0]) : List.of();
        }
        List<StoredEmail> shown = new ArrayList<>(emails.length);
        for (StoredEmail email : emails) {
            if (email.visible()) {
                shown.add(email);
            }
        }
        shown.sort(OLDEST_FIRST);
        return shown;
    }

    boolean isEmpty() {
        return emails.length == 0;
    }

    void add(StoredEmail email) {
        StoredEmail[] more = new StoredEmail[emails.length + 1];
        System.arraycopy(emails, 0, more, 0, emails.length);
        more[emails.length] = email;
        emails = more;
    }

    void remove(StoredEmail email) {
        emails = Arrays.stream(emails).filter(each -> each != email).toArray(StoredEmail[]::new);
    }
}
