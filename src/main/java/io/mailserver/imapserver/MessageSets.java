package io.mailserver.imapserver;

import io.mailserver.imap.SequenceSet;
import io.mailserver.store.UidSet;
import java.util.Optional;

/** From the set a client wrote to messages. */
final class MessageSets {
    private MessageSets() {}

    /**
     * The messages meant, those included that are gone and that the client still counts.
     *
     * @return empty where a sequence number is out of range
     */
    static Optional<UidSet> resolve(SelectedMailbox selected, SequenceSet numbers, boolean uid) {
        if (numbers.isSavedResult()) {
            return Optional.of(selected.view().list().select(selected.savedResult())); // RFC 5182 §2.1
        }
        return selected.view().resolve(numbers, uid);
    }
}
