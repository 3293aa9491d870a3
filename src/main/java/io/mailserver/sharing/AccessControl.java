package io.mailserver.sharing;

import io.mailserver.account.AccountRef;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.Mailboxes;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoreException.Cause;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The lists of rights as users read and change them (RFC 4314 §3). Whoever has the right a may; the owner always. Used as the
 * {@link SharedMail} it is of.
 *
 * <p>Identifiers are addresses of accounts, not of aliases; a name without domain is in the owner's; {@code anyone} is
 * whoever has an account in the owner's domain. With {@code -} in front of either, rights are taken away.
 */
public final class AccessControl {
    /** Of one mailbox. */
    private static final int MAX_ENTRIES = 500;

    private final SharedMail mail;

    AccessControl(SharedMail mail) {
        this.mail = mail;
    }

    /** What a change makes of the rights there were. */
    public enum Change {
        REPLACE,
        ADD,
        REMOVE
    }

    /** Who has which rights, by identifier as clients read it, the owner first. */
    public Map<String, Rights> list(MailboxId mailbox) throws StoreException {
        AccountRef owner = owner(mailbox);
        Map<String, Rights> list = new TreeMap<>();
        for (Map.Entry<Grantee, Rights> entry : entries(mailbox).entries().entrySet()) {
            if (!isAnotherSince(entry.getKey())) {
                list.put(entry.getKey().toString(), entry.getValue());
            }
        }
        Map<String, Rights> ownerFirst = new LinkedHashMap<>();
        ownerFirst.put(owner.address().toString(), Rights.ALL);
        ownerFirst.putAll(list);
        return ownerFirst;
    }

    private AccessList entries(MailboxId mailbox) throws StoreException {
        return AccessList.of(mail.mailboxes().acl(mailbox));
    }

    private AccountRef owner(MailboxId mailbox) throws StoreException {
        return SharedMail.isOwn(mailbox) ? mail.self() : mail.holder(mailbox).owner();
    }

    /** Whether the address is that of another account now: then the entry is about nobody any more. */
    private boolean isAnotherSince(Grantee grantee) throws StoreException {
        return !grantee.isAnyone()
                && mail.directory().account(grantee.address()).filter(found -> found.id() != grantee.account()).isPresent();
    }

    /**
     * The rights an identifier has whatever the list says, and cannot lose.
     *
     * @throws StoreException CANNOT for an identifier that is nobody
     */
    public Rights always(MailboxId mailbox, String identifier) throws StoreException {
        mail.require(mailbox, Right.ADMINISTER);
        AccountRef owner = owner(mailbox);
        Grantee grantee = grantee(mailbox, identifier);
        return grantee.account() == owner.id() && !grantee.negative() ? Rights.ALL : Rights.NONE;
    }

    /**
     * Changes what an identifier has; without any rights it leaves the list.
     *
     * @throws StoreException CANNOT for an identifier that is nobody, and for the owner's; LIMIT
     */
    public void set(MailboxId mailbox, String identifier, Change change, Rights rights) throws StoreException {
        mail.require(mailbox, Right.ADMINISTER);
        AccountRef owner = owner(mailbox);
        Grantee grantee = grantee(mailbox, identifier);
        Rights before = grantee.account() == owner.id() ? Rights.ALL : entries(mailbox).entry(grantee);
        Rights after = switch (change) {
            case REPLACE -> rights;
            case ADD -> before.plus(rights);
            case REMOVE -> before.minus(rights);
        };
        if (grantee.account() == owner.id()) {
            if (grantee.negative() || !after.equals(Rights.ALL)) {
                throw new StoreException(Cause.CANNOT, "The owner of a mailbox has all rights, always");
            }
            return;
        }
        store(mailbox, owner, grantee, after);
    }

    /** Takes an identifier out of the list. */
    public void delete(MailboxId mailbox, String identifier) throws StoreException {
        set(mailbox, identifier, Change.REPLACE, Rights.NONE);
    }

    private void store(MailboxId mailbox, AccountRef owner, Grantee grantee, Rights rights) throws StoreException {
        Mailboxes lists = mail.mailboxes();
        Map<String, String> stored = lists.acl(mailbox);
        if (!rights.isEmpty() && !stored.containsKey(grantee.stored()) && stored.size() >= MAX_ENTRIES) {
            throw new StoreException(Cause.LIMIT, "A mailbox has rights for at most " + MAX_ENTRIES + " identifiers");
        }
        boolean grants = !rights.isEmpty() && !grantee.negative();
        if (grants) {
            mail.directory().note(owner, grantee.account(), true);
        }
        for (String each : stored.keySet()) {
            if (isAnothers(each, grantee)) {
                lists.setAcl(mailbox, each, "");
            }
        }
        lists.setAcl(mailbox, grantee.stored(), rights.letters());
        if (grants) {
            // Once more: who takes the owner's last grant away at the same time forgets, and then looks whether there is one.
            mail.directory().note(owner, grantee.account(), true);
        } else if (!grantee.negative() && !isGranted(mailbox, grantee)) {
            mail.directory().note(owner, grantee.account(), false);
            if (isGranted(mailbox, grantee)) {
                mail.directory().note(owner, grantee.account(), true);
            }
        }
    }

    /** Whether an entry is of an account that had the address before, and has been removed. */
    private static boolean isAnothers(String stored, Grantee grantee) {
        return Grantee.parse(stored)
                .filter(each -> each.address().equals(grantee.address()) && each.account() != grantee.account())
                .isPresent();
    }

    /** Whether some mailbox of the account that has this one grants something to the grantee. */
    private boolean isGranted(MailboxId mailbox, Grantee grantee) throws StoreException {
        Mailboxes within = SharedMail.isOwn(mailbox)
                ? mail.own().mailboxes()
                : mail.holder(mailbox).mail().mailboxes();
        for (MailboxInfo info : within.all()) {
            if (within.acl(info.id()).containsKey(grantee.stored())) {
                return true;
            }
        }
        return false;
    }

    private Grantee grantee(MailboxId mailbox, String identifier) throws StoreException {
        boolean negative = identifier.startsWith("-");
        String name = negative ? identifier.substring(1) : identifier;
        if (name.equals(Grantee.ANYONE)) {
            return Grantee.anyone(negative);
        }
        AccountRef owner = owner(mailbox);
        String address = name.contains("@") ? name : name + "@" + owner.domain();
        Optional<AccountRef> account = mail.directory().account(address);
        if (account.isPresent()) {
            return Grantee.of(account.get(), negative);
        }
        // An account that is switched off, or gone: what it was granted can still be taken away.
        return entries(mailbox).entries().keySet().stream()
                .filter(each -> each.negative() == negative && each.address().equals(address.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new StoreException(Cause.CANNOT, "There is no account of this name"));
    }
}
