package io.mailserver.sharing;

import io.mailserver.account.AccountRef;
import io.mailserver.sharing.SharedMail.Other;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MailboxStatus;
import io.mailserver.store.Mailboxes;
import io.mailserver.store.SpecialUse;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoreException.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The mailboxes one account sees by name: its own, and {@code Other Users/<address>/<name>} for those of others. A name of the latter
 * kind that leads to nothing, for whatever reason, is treated as every name that is nobody's.
 */
final class SharedMailboxes implements Mailboxes {
    static final String PREFIX = "Other Users";

    private final SharedMail mail;

    SharedMailboxes(SharedMail mail) {
        this.mail = mail;
    }

    /** @param name of the mailbox, existing or not, in the account that has it */
    private record Place(Other other, MailboxName name) {}

    /** Whether a name is of others' mailboxes: names of one's own there are those without an address. */
    private static boolean isOthers(MailboxName name) {
        List<String> levels = name.levels();
        return levels.size() > 1 && levels.get(0).equals(PREFIX) && levels.get(1).contains("@");
    }

    private Optional<Place> place(MailboxName name) throws StoreException {
        List<String> levels = name.levels();
        if (levels.size() < 3) {
            return Optional.empty();
        }
        String address = decoded(levels.get(1));
        Optional<AccountRef> owner = mail.directory().account(address)
                .filter(found -> found.id() != mail.self().id());
        if (owner.isEmpty() || !mail.isSharer(owner.get())) {
            return Optional.empty();
        }
        String inner = String.join("/", levels.subList(2, levels.size()));
        return Optional.of(new Place(mail.other(owner.get()), MailboxName.of(inner)));
    }

    /** An address as one level of a name. */
    private static String encoded(String address) {
        return address.replace("%", "%25").replace("/", "%2F");
    }

    private static String decoded(String level) {
        return level.replace("%2F", "/").replace("%25", "%");
    }

    /** Empty for a name too long or too deep to be shown. */
    private static Optional<MailboxName> seen(Other other, MailboxName inner) {
        try {
            return Optional.of(MailboxName.of(PREFIX + "/" + encoded(other.owner().address().toString()) + "/" + inner));
        } catch (StoreException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<MailboxInfo> all() throws StoreException {
        List<MailboxInfo> all = new ArrayList<>(mail.own().mailboxes().all());
        List<Other> sharers = mail.sharers();
        Set<MailboxName> subscribed = sharers.isEmpty() ? Set.of() : subscriptions();
        for (Other other : sharers) {
            for (MailboxInfo info : other.mail().mailboxes().all()) {
                visible(other, info, subscribed).ifPresent(all::add);
            }
        }
        return all;
    }

    /** A mailbox of another as it is seen: without its use, of which one account has one mailbox. */
    private Optional<MailboxInfo> visible(Other other, MailboxInfo info, Set<MailboxName> subscribed) throws StoreException {
        MailboxId id = other.seen(info.id());
        if (!mail.may(id, Right.LOOKUP)) {
            return Optional.empty();
        }
        return seen(other, info.name())
                .map(name -> new MailboxInfo(id, name, info.uidValidity(), Optional.empty(), subscribed.contains(name)));
    }

    @Override
    public Optional<MailboxInfo> find(MailboxName name) throws StoreException {
        if (!isOthers(name)) {
            return mail.own().mailboxes().find(name);
        }
        Optional<Place> place = place(name);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        Other other = place.get().other();
        Optional<MailboxInfo> found = other.mail().mailboxes().find(place.get().name());
        return found.isEmpty() ? found : visible(other, found.get(), subscriptions());
    }

    @Override
    public Optional<MailboxInfo> find(MailboxId id) throws StoreException {
        if (SharedMail.isOwn(id)) {
            return mail.own().mailboxes().find(id);
        }
        if (!mail.may(id, Right.LOOKUP)) {
            return Optional.empty();
        }
        Other other = mail.holder(id);
        Optional<MailboxInfo> found = other.mail().mailboxes().find(new MailboxId(id.number()));
        return found.isEmpty() ? found : visible(other, found.get(), subscriptions());
    }

    /** Of this account's own. */
    @Override
    public Optional<MailboxInfo> find(SpecialUse use) throws StoreException {
        return mail.own().mailboxes().find(use);
    }

    /** With the rights of the mailbox above it, so that what is made in a shared place is shared alike. */
    @Override
    public MailboxInfo create(MailboxName name, Set<SpecialUse> uses) throws StoreException {
        if (!isOthers(name)) {
            refuseReserved(name);
            return create(mail.own().mailboxes(), name, uses);
        }
        Place place = place(name).orElseThrow(() -> SharedMail.noPermission(Right.CREATE));
        requireAbove(place);
        if (!uses.isEmpty()) {
            throw new StoreException(Cause.CANNOT, "A mailbox of another has no special use");
        }
        refuseTaken(place);
        MailboxInfo made = create(place.other().mail().mailboxes(), place.name(), uses);
        return visible(place.other(), made, subscriptions()).orElseThrow(SharedMail::noSuchMailbox);
    }

    private static void refuseReserved(MailboxName name) throws StoreException {
        if (name.levels().getFirst().equals(PREFIX)) {
            throw new StoreException(Cause.CANNOT, "This name is for the mailboxes of other users");
        }
    }

    private static MailboxInfo create(Mailboxes within, MailboxName name, Set<SpecialUse> uses) throws StoreException {
        List<MailboxName> missing = new ArrayList<>(List.of(name));
        Optional<MailboxName> above = name.parent();
        while (above.isPresent() && within.find(above.get()).isEmpty()) {
            missing.add(above.get());
            above = above.get().parent();
        }
        Map<String, String> inherited =
                above.isEmpty() ? Map.of() : within.acl(within.find(above.get()).orElseThrow(SharedMail::noSuchMailbox).id());
        MailboxInfo made = within.create(name, uses);
        for (MailboxName each : inherited.isEmpty() ? List.<MailboxName>of() : missing) {
            MailboxId id = within.find(each).orElseThrow(SharedMail::noSuchMailbox).id();
            for (Map.Entry<String, String> entry : inherited.entrySet()) {
                within.setAcl(id, entry.getKey(), entry.getValue());
            }
        }
        return made;
    }

    /** The right k, of the nearest mailbox above that exists (RFC 4314 §4, CREATE). */
    private void requireAbove(Place place) throws StoreException {
        Optional<MailboxName> above = place.name().parent();
        while (above.isPresent()) {
            Optional<MailboxInfo> found = place.other().mail().mailboxes().find(above.get());
            if (found.isPresent()) {
                if (!mail.may(place.other().seen(found.get().id()), Right.CREATE)) {
                    break;
                }
                return;
            }
            above = above.get().parent();
        }
        throw SharedMail.noPermission(Right.CREATE);
    }

    /** Of a mailbox in the way that may not be seen, nothing more is said than that this cannot be. */
    private void refuseTaken(Place place) throws StoreException {
        Optional<MailboxInfo> there = place.other().mail().mailboxes().find(place.name());
        if (there.isPresent()) {
            throw mail.may(place.other().seen(there.get().id()), Right.LOOKUP)
                    ? new StoreException(Cause.ALREADY_EXISTS, "There is a mailbox of this name already")
                    : SharedMail.noPermission(Right.CREATE);
        }
    }

    @Override
    public void rename(MailboxName from, MailboxName to) throws StoreException {
        if (!isOthers(from) && !isOthers(to)) {
            refuseReserved(to);
            mail.own().mailboxes().rename(from, to);
            return;
        }
        MailboxInfo doomed = find(from).orElseThrow(SharedMail::noSuchMailbox);
        if (!isOthers(from) || !isOthers(to)) {
            throw new StoreException(Cause.CANNOT, "A mailbox cannot be given to another account by renaming it; copy its messages");
        }
        mail.require(doomed.id(), Right.DELETE_MAILBOX);
        Place source = place(from).orElseThrow(SharedMail::noSuchMailbox);
        Place target = place(to).orElseThrow(() -> SharedMail.noPermission(Right.CREATE));
        if (source.other().owner().id() != target.other().owner().id()) {
            throw new StoreException(Cause.CANNOT, "A mailbox cannot be given to another account by renaming it; copy its messages");
        }
        refuseInbox(source.name());
        requireAbove(target);
        refuseTaken(target);
        source.other().mail().mailboxes().rename(source.name(), target.name());
    }

    private static void refuseInbox(MailboxName name) throws StoreException {
        if (name.isInbox()) {
            throw new StoreException(Cause.CANNOT, "The INBOX of another stays where it is");
        }
    }

    @Override
    public void assign(MailboxId id, Optional<SpecialUse> use) throws StoreException {
        if (!SharedMail.isOwn(id)) {
            mail.require(id, Right.LOOKUP);
            throw new StoreException(Cause.CANNOT, "A mailbox of another has no special use");
        }
        mail.own().mailboxes().assign(id, use);
    }

    @Override
    public void delete(MailboxName name) throws StoreException {
        if (!isOthers(name)) {
            mail.own().mailboxes().delete(name);
            return;
        }
        MailboxInfo doomed = find(name).orElseThrow(SharedMail::noSuchMailbox);
        mail.require(doomed.id(), Right.DELETE_MAILBOX);
        Place place = place(name).orElseThrow(SharedMail::noSuchMailbox);
        refuseInbox(place.name());
        place.other().mail().mailboxes().delete(place.name());
    }

    @Override
    public void subscribe(MailboxName name, boolean subscribed) throws StoreException {
        mail.own().mailboxes().subscribe(name, subscribed);
    }

    @Override
    public Set<MailboxName> subscriptions() throws StoreException {
        return mail.own().mailboxes().subscriptions();
    }

    @Override
    public MailboxStatus status(MailboxId id) throws StoreException {
        mail.require(id, Right.READ);
        return within(id).status(new MailboxId(id.number()));
    }

    /** The mailboxes of the account that has this one. */
    Mailboxes within(MailboxId id) throws StoreException {
        return SharedMail.isOwn(id) ? mail.own().mailboxes() : mail.holder(id).mail().mailboxes();
    }

    /** RFC 5464 §3.3. What an owner has noted privately is nobody else's. */
    @Override
    public Map<String, byte[]> metadata(Optional<MailboxId> mailbox, String entry) throws StoreException {
        if (mailbox.isEmpty() || SharedMail.isOwn(mailbox.get())) {
            return mail.own().mailboxes().metadata(mailbox, entry);
        }
        if (!mail.require(mailbox.get(), Right.LOOKUP).hasAny(Right.READ, Right.SEEN, Right.WRITE, Right.INSERT, Right.POST)) {
            throw SharedMail.noPermission(Right.READ);
        }
        Map<String, byte[]> values =
                within(mailbox.get()).metadata(Optional.of(new MailboxId(mailbox.get().number())), entry);
        values.keySet().removeIf(name -> !name.startsWith("/shared/"));
        return values;
    }

    /** Stricter than RFC 5464 §3.3, by which who may only read could write for all others to see. */
    @Override
    public void setMetadata(Optional<MailboxId> mailbox, Map<String, Optional<byte[]>> entries) throws StoreException {
        if (mailbox.isEmpty() || SharedMail.isOwn(mailbox.get())) {
            mail.own().mailboxes().setMetadata(mailbox, entries);
            return;
        }
        mail.require(mailbox.get(), Right.WRITE);
        if (!entries.keySet().stream().allMatch(name -> name.startsWith("/shared/"))) {
            throw new StoreException(Cause.NO_PERMISSION, "Only shared notes can be made on a mailbox of another");
        }
        within(mailbox.get()).setMetadata(Optional.of(new MailboxId(mailbox.get().number())), entries);
    }

    @Override
    public Map<String, String> acl(MailboxId mailbox) throws StoreException {
        mail.require(mailbox, Right.ADMINISTER);
        return within(mailbox).acl(new MailboxId(mailbox.number()));
    }

    @Override
    public void setAcl(MailboxId mailbox, String identifier, String rights) throws StoreException {
        mail.require(mailbox, Right.ADMINISTER);
        within(mailbox).setAcl(new MailboxId(mailbox.number()), identifier, rights);
    }

    @Override
    public OptionalLong appendLimit() {
        return mail.own().mailboxes().appendLimit();
    }
}
