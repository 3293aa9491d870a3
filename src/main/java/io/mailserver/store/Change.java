package io.mailserver.store;

/**
 * A hint that something of an account has changed; said after the commit. What has changed is to be read from the store, so a hint
 * that is lost or doubled does no harm.
 */
public sealed interface Change {
    /** The account-wide number of the newest change it speaks of. */
    long modSeq();

    /** Messages came, went, or got other flags. */
    record Messages(MailboxId mailbox, long modSeq) implements Change {}

    /** Mailboxes were made, renamed or deleted, or their subscriptions, rights or metadata changed. */
    record MailboxTree(long modSeq) implements Change {}
}
