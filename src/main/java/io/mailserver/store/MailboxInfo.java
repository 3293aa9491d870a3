package io.mailserver.store;

import java.util.Optional;

/**
 * What is known of a mailbox without looking into it.
 *
 * @param uidValidity an unsigned number, not 0
 * @param use at most one; unique in the account
 */
public record MailboxInfo(MailboxId id, MailboxName name, int uidValidity, Optional<SpecialUse> use, boolean subscribed) {}
