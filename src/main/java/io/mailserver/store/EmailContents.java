package io.mailserver.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what the index keeps of emails, whichever mailboxes they are in. */
final class EmailContents {
    private final OpenAccount account;

    EmailContents(OpenAccount account) {
        this.account = account;
    }

    Map<EmailId, EmailParts> parts(Collection<StoredEmail.State> wanted) throws StoreException {
        long[] numbers = wanted.stream().mapToLong(state -> state.id().number()).sorted().distinct().toArray();
        Map<Long, byte[]> rows = new HashMap<>();
        account.index().emails(numbers, true, (_, row) -> rows.put(row.email(), row.parts()));
        Map<EmailId, EmailParts> parts = HashMap.newHashMap(numbers.length);
        List<StoredEmail.State> missing = new ArrayList<>();
        for (StoredEmail.State state : wanted) {
            byte[] octets = rows.get(state.id().number());
            if (octets != null && PartsCodec.isCurrent(octets)) {
                parts.put(state.id(), decode(octets));
            } else {
                missing.add(state);
            }
        }
        for (StoredEmail.State state : missing) {
            render(state, parts);
        }
        return parts;
    }

    private static EmailParts decode(byte[] octets) throws StoreException {
        try {
            return PartsCodec.decode(octets);
        } catch (SQLException e) {
            throw new StoreException(StoreException.Cause.CORRUPT, "The index of the account is damaged", e);
        }
    }

    /** What the index lacks, the mailbox renders from the file, and keeps. */
    private void render(StoredEmail.State state, Map<EmailId, EmailParts> parts) throws StoreException {
        for (StoredEmail.Place place : state.places()) {
            OpenMailbox open = account.mailbox(place.mailbox().number());
            StoredMailbox mailbox = new StoredMailbox(account, open);
            mailbox.read(mailbox.messages(), UidSet.of(place.uid()), EnumSet.of(MessageField.PARTS), row -> {
                parts.put(state.id(), row.cached());
            });
            if (parts.containsKey(state.id())) {
                return;
            }
        }
    }
}
