package io.mailserver.store;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The messages of one mailbox. What a call of this has said to have done will not be taken back by a power cut: a message appended, a
 * flag set, a message expunged.
 *
 * <p>Safe for use by any thread; calls block. Every call may throw NO_SUCH_MAILBOX when the mailbox was deleted, UNAVAILABLE for
 * trouble of the disk.
 */
public interface Mailbox {
    MailboxId id();

    /** Everything in it now, all that was accepted before this call included. */
    MessageList messages() throws StoreException;

    /** What of {@link #messages} is known without a look at what other programs did in the folder: for work that nobody waits for. */
    default MessageList known() throws StoreException {
        return messages();
    }

    /** Takes a row. */
    @FunctionalInterface
    interface RowConsumer<X extends Exception> {
        void accept(MessageRow row) throws X;
    }

    /**
     * Gives what is asked for of each message in {@code uids} that is in {@code list}, in ascending order, on the caller's thread and
     * under no lock: the consumer may take its time. Messages that were expunged since are left out.
     *
     * @param list where the messages are taken from, and their indexes: the current one or an older one of this mailbox
     */
    <X extends Exception> void read(MessageList list, UidSet uids, Set<MessageField> fields, RowConsumer<X> consumer)
            throws StoreException, X;

    /**
     * The octets of a message.
     *
     * @throws StoreException EXPUNGED
     */
    MessageContent content(int uid) throws StoreException;

    /**
     * The octets of many messages, to be asked for in about ascending order.
     *
     * @param list where the messages are taken from: the current one or an older one of this mailbox
     * @param uids those that will be asked for
     */
    default MessageContents contents(MessageList list, UidSet uids) {
        return MessageContents.oneByOne(this);
    }

    /**
     * Changes flags; keywords unknown so far are added to {@link MessageList#keywords}.
     *
     * @param unchangedSince leaves messages alone whose MODSEQ is higher
     * @throws StoreException LIMIT for more than {@link Flag#MAX_KEYWORDS} keywords; then nothing was changed
     */
    StoreOutcome store(UidSet uids, FlagChange change, OptionalLong unchangedSince) throws StoreException;

    /**
     * Removes messages that have \Deleted.
     *
     * @param uids only these, or all
     * @return those that are gone by this call
     */
    UidSet expunge(Optional<UidSet> uids) throws StoreException;

    /**
     * Adds messages, all or none.
     *
     * @throws StoreException OVER_QUOTA, LIMIT, DISK_FULL
     */
    AppendOutcome append(List<NewMessage> messages) throws StoreException;

    /** Copies messages with their flags and dates; the copies are the same emails. */
    CopyOutcome copy(UidSet uids, MailboxId target) throws StoreException;

    /** Moves messages: each is in one of the two mailboxes at any time, at worst in both after a power cut. */
    CopyOutcome move(UidSet uids, MailboxId target) throws StoreException;

    /** What happened since {@code modSeq}. */
    Changes changesSince(long modSeq) throws StoreException;

    /**
     * The lowest UID that no session has been told of: messages from it on are \Recent (RFC 3501 §2.3.2).
     *
     * @param examine leaves them recent for the next session
     */
    int claimRecent(boolean examine) throws StoreException;
}
