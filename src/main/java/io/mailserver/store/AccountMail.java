package io.mailserver.store;

import java.util.function.Consumer;

/**
 * The open mail of one account: a lease, counted, so that what the account needs in memory stays while somebody uses it. Closed by
 * whoever opened it; its mailboxes must not be used afterwards.
 *
 * <p>Safe for use by any thread; calls block.
 */
public interface AccountMail extends AutoCloseable {
    AccountKey account();

    /** Names, subscriptions, rights. */
    Mailboxes mailboxes();

    /**
     * The messages of one mailbox.
     *
     * @throws StoreException NO_SUCH_MAILBOX
     */
    Mailbox mailbox(MailboxId id) throws StoreException;

    /**
     * Has {@code listener} told of changes, those made through this lease included, until the result is closed. It is called after the
     * commit, by whatever thread made the change, under no lock of the store; it must be quick, must not block and must not call the
     * store.
     */
    Watch watch(Consumer<Change> listener);

    /** Ends the telling when it is closed; a call under way may still come. Idempotent. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Its emails across mailboxes. */
    AccountEmails emails();

    /** What the account holds: exact for what the store knows of. */
    Usage usage() throws StoreException;

    /** The number of the account's last change. */
    long highestModSeq() throws StoreException;

    @Override
    void close();
}
