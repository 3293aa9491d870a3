package io.mailserver.store;

/**
 * Where appended messages are.
 *
 * @param uidValidity of the mailbox
 * @param uids in the order of the messages given
 */
public record AppendOutcome(int uidValidity, UidSet uids) {}
