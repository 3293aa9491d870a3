package io.mailserver.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The mailboxes of an account: their names, and what belongs to a name. Every change is durable when its call returns.
 *
 * <p>Safe for use by any thread; calls block.
 */
public interface Mailboxes {
    /** All, ordered by name with the INBOX first. */
    List<MailboxInfo> all() throws StoreException;

    /** By name. */
    Optional<MailboxInfo> find(MailboxName name) throws StoreException;

    /** By number. */
    Optional<MailboxInfo> find(MailboxId id) throws StoreException;

    /** By what it is for. */
    Optional<MailboxInfo> find(SpecialUse use) throws StoreException;

    /**
     * Makes a mailbox, and those above it that are missing (RFC 9051 §6.3.4).
     *
     * @param uses none, or one that no other mailbox of the account has
     * @throws StoreException ALREADY_EXISTS, LIMIT, CANNOT (a use that cannot be had), DISK_FULL, UNAVAILABLE
     */
    MailboxInfo create(MailboxName name, Set<SpecialUse> uses) throws StoreException;

    /**
     * Gives another name to a mailbox and to all below it; completed at the next start if the power goes meanwhile. For the INBOX, its
     * messages move to a new mailbox of the name and it stays, as do those below it (RFC 9051 §6.3.6).
     *
     * @throws StoreException NO_SUCH_MAILBOX, ALREADY_EXISTS, LIMIT, CANNOT (into itself), DISK_FULL, UNAVAILABLE
     */
    void rename(MailboxName from, MailboxName to) throws StoreException;

    /**
     * Deletes a mailbox with its messages; those below it stay, and its name stays as that of a place without mailbox while there are
     * any (RFC 9051 §6.3.5). Its subscription stays.
     *
     * @throws StoreException NO_SUCH_MAILBOX, CANNOT (the INBOX), UNAVAILABLE
     */
    void delete(MailboxName name) throws StoreException;

    /**
     * Says what a mailbox is for, or that it is for nothing in particular.
     *
     * @throws StoreException NO_SUCH_MAILBOX, CANNOT (a use that another mailbox has, or that cannot be had)
     */
    void assign(MailboxId id, Optional<SpecialUse> use) throws StoreException;

    /** Subscribes or unsubscribes a name; it need not be a mailbox's (RFC 9051 §6.3.7). */
    void subscribe(MailboxName name, boolean subscribed) throws StoreException;

    /** All subscribed names, in their order. */
    Set<MailboxName> subscriptions() throws StoreException;

    /** The figures of one mailbox. */
    MailboxStatus status(MailboxId id) throws StoreException;

    /**
     * Annotations (RFC 5464) whose names are {@code entry} or below it, by name.
     *
     * @param mailbox empty for those of the account as a whole
     * @param entry such as {@code /private/comment}; {@code /} is above all; lower case
     */
    Map<String, byte[]> metadata(Optional<MailboxId> mailbox, String entry) throws StoreException;

    /** Sets annotations, all or none; an empty value removes one. */
    void setMetadata(Optional<MailboxId> mailbox, Map<String, Optional<byte[]>> entries) throws StoreException;

    /** Who but the owner has which rights (RFC 4314 §2), by identifier. */
    Map<String, String> acl(MailboxId mailbox) throws StoreException;

    /** Gives {@code identifier} just these rights; without any it is taken out of the list. */
    void setAcl(MailboxId mailbox, String identifier, String rights) throws StoreException;

    /** The largest message that may be appended, in octets, where there is such a limit. */
    OptionalLong appendLimit();
}
