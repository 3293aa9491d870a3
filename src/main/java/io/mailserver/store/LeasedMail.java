package io.mailserver.store;

import java.util.function.Consumer;

/** A lease on an open account. */
final class LeasedMail implements AccountMail {
    private final OpenAccounts.Lease lease;
    private final ChangeFeed feed;
    private final MailboxTree tree;

    LeasedMail(OpenAccounts.Lease lease, ChangeFeed feed) {
        this.lease = lease;
        this.feed = feed;
        this.tree = new MailboxTree(lease.account());
    }

    @Override
    public AccountKey account() {
        return lease.key();
    }

    @Override
    public Mailboxes mailboxes() {
        return tree;
    }

    @Override
    public Mailbox mailbox(MailboxId id) throws StoreException {
        return new StoredMailbox(lease.account(), lease.account().mailbox(id.number()));
    }

    @Override
    public Watch watch(Consumer<Change> listener) {
        return feed.subscribe(lease.key(), listener);
    }

    @Override
    public AccountEmails emails() {
        return lease.account().emails();
    }

    @Override
    public Usage usage() throws StoreException {
        return lease.account().usage();
    }

    @Override
    public long highestModSeq() throws StoreException {
        return lease.account().highestModSeq();
    }

    @Override
    public void close() {
        lease.closeAndTrim();
    }
}
