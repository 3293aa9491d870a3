package io.mailserver.jmap;

import io.mailserver.store.EmailId;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.Mailboxes;
import io.mailserver.store.SpecialUse;
import io.mailserver.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Mailbox/set (RFC 8621 §2.5). */
final class MailboxSetter implements JmapType.Setter {
    /** The octets of a name, as told by maxSizeMailboxName. */
    static final int MAX_NAME_OCTETS = 255;

    private static final Set<String> SERVER_SET =
            Set.of("id", "totalEmails", "unreadEmails", "totalThreads", "unreadThreads", "myRights");
    private static final Set<String> SETTABLE = Set.of("name", "parentId", "role", "sortOrder", "isSubscribed");

    @Override
    public Object options(Arguments arguments) throws MethodException {
        return arguments.bool("onDestroyRemoveEmails", false);
    }

    @Override
    public Set<String> references() {
        return Set.of("parentId");
    }

    @Override
    public ObjectNode create(SetCall call, ObjectNode record) throws SetException, StoreException {
        for (String property : record.propertyNames()) {
            if (!SETTABLE.contains(property)) {
                throw SetException.invalidProperties(property + " cannot be set", property);
            }
        }
        JmapAccount account = call.account();
        MailboxTreeView tree = new MailboxTreeView(account);
        Wanted wanted = Wanted.of(record);
        MailboxName name = name(tree, record.get("parentId"), record.get("name"));
        if (account.mail().mailboxes().find(name).isPresent()) {
            throw SetException.invalidProperties("there is a mailbox of this name already", "name");
        }
        checkRole(tree, wanted.role(), null);
        Mailboxes mailboxes = account.mail().mailboxes();
        MailboxInfo made = mailboxes.create(name, wanted.role().stream().collect(Collectors.toSet()));
        boolean subscribed = wanted.subscribed().orElse(true);
        if (subscribed) {
            mailboxes.subscribe(name, true);
        }
        if (wanted.sortOrder().isPresent()) {
            setSortOrder(mailboxes, made.id(), wanted.sortOrder().get());
        }
        ObjectNode serverSet = shown(account, made.id().toString());
        serverSet.remove(List.of("name", "parentId"));
        return serverSet;
    }

    /** As /get shows it. */
    private static ObjectNode shown(JmapAccount account, String id) throws StoreException {
        MailboxType type = new MailboxType();
        Set<String> properties = type.defaultProperties().stream().filter(name -> !name.equals("id")).collect(Collectors.toSet());
        return type.get(account, List.of(id), properties, "").getOrDefault(id, Json.object());
    }

    /** Values that are of the right type. */
    private record Wanted(Optional<SpecialUse> role, Optional<Long> sortOrder, Optional<Boolean> subscribed) {
        static Wanted of(ObjectNode record) throws SetException {
            JsonNode role = record.path("role");
            JsonNode order = record.path("sortOrder");
            JsonNode subscribed = record.path("isSubscribed");
            Optional<SpecialUse> use = role.isString() ? SpecialUse.of("\\" + role.stringValue()) : Optional.empty();
            boolean noRole = role.isMissingNode() || role.isNull() || role.stringValue("").equals("inbox");
            if (!noRole && (use.isEmpty() || !use.get().assignable())) {
                throw SetException.invalidProperties("this server knows no such role", "role");
            }
            boolean noOrder = order.isMissingNode();
            boolean number = order.isIntegralNumber() && order.canConvertToInt() && order.intValue() >= 0;
            if (!noOrder && !number) {
                throw SetException.invalidProperties("sortOrder must be an integer from 0 to 2^31 - 1", "sortOrder");
            }
            if (!subscribed.isMissingNode() && !subscribed.isBoolean()) {
                throw SetException.invalidProperties("isSubscribed must be a Boolean", "isSubscribed");
            }
            return new Wanted(
                    use,
                    noOrder ? Optional.empty() : Optional.of(order.longValue()),
                    subscribed.isBoolean() ? Optional.of(subscribed.booleanValue()) : Optional.empty());
        }
    }

    private static MailboxName name(MailboxTreeView tree, @Nullable JsonNode parentId, @Nullable JsonNode name) throws SetException {
        String text = name == null ? "" : name.stringValue("");
        boolean tooLong = text.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_OCTETS;
        if (text.isEmpty() || tooLong || text.indexOf(MailboxName.SEPARATOR) >= 0) {
            throw SetException.invalidProperties("a name has 1 to " + MAX_NAME_OCTETS + " octets and no /", "name");
        }
        String prefix = "";
        if (parentId != null && !parentId.isNull()) {
            MailboxInfo parent = tree.find(parentId.stringValue(""));
            if (parent == null) {
                throw SetException.invalidProperties("there is no such mailbox", "parentId");
            }
            prefix = parent.name().text() + MailboxName.SEPARATOR;
        }
        try {
            MailboxName whole = MailboxName.of(prefix + text);
            if (whole.isInbox()) {
                throw SetException.invalidProperties("there is a mailbox of this name already", "name");
            }
            return whole;
        } catch (StoreException e) {
            throw SetException.invalidProperties(String.valueOf(e.getMessage()), "name");
        }
    }

    private static void checkRole(MailboxTreeView tree, Optional<SpecialUse> role, @Nullable MailboxInfo self) throws SetException {
        boolean taken = role.isPresent() && tree.all().stream().anyMatch(
                other -> other.use().equals(role) && (self == null || !other.id().equals(self.id())));
        if (taken) {
            throw SetException.invalidProperties("another mailbox has this role", "role");
        }
    }

    private static void setSortOrder(Mailboxes mailboxes, MailboxId id, long order) throws StoreException {
        byte[] text = Long.toString(order).getBytes(StandardCharsets.US_ASCII);
        mailboxes.setMetadata(Optional.of(id), Map.of(MailboxType.SORT_ORDER, Optional.of(text)));
    }

    @Override
    public void update(SetCall call, Map<String, ObjectNode> patches) throws StoreException {
        for (Map.Entry<String, ObjectNode> patch : patches.entrySet()) {
            try {
                update(call.account(), patch.getKey(), patch.getValue());
                call.updated(patch.getKey(), null);
            } catch (SetException e) {
                call.notUpdated(patch.getKey(), e);
            } catch (StoreException e) {
                call.notUpdated(patch.getKey(), SetException.of(e));
            }
        }
    }

    private static void update(JmapAccount account, String id, ObjectNode patch) throws SetException, StoreException {
        MailboxTreeView tree = new MailboxTreeView(account);
        MailboxInfo mailbox = tree.find(id);
        if (mailbox == null) {
            throw SetException.notFound();
        }
        ObjectNode before = shown(account, id);
        ObjectNode after = Patch.apply(before, patch);
        for (String property : after.propertyNames()) {
            boolean known = SETTABLE.contains(property) || SERVER_SET.contains(property);
            boolean changed = !after.path(property).equals(before.path(property));
            if (!known || (changed && SERVER_SET.contains(property))) {
                throw SetException.invalidProperties(property + " cannot be set", property);
            }
        }
        Wanted wanted = Wanted.of(after);
        boolean renamed = changed(before, after, "name") || changed(before, after, "parentId");
        if (renamed && mailbox.name().isInbox()) {
            throw new SetException("forbidden", "the inbox stays where it is");
        }
        boolean inbox = mailbox.name().isInbox();
        if (changed(before, after, "role") && (inbox || after.path("role").stringValue("").equals("inbox"))) {
            throw SetException.invalidProperties("the inbox is what it is", "role");
        }
        checkRole(tree, wanted.role(), mailbox);
        MailboxName target = renamed ? newName(tree, mailbox, after) : mailbox.name();
        apply(account.mail().mailboxes(), mailbox, target, before, after, wanted);
    }

    private static boolean changed(ObjectNode before, ObjectNode after, String property) {
        return !before.path(property).equals(after.path(property));
    }

    private static MailboxName newName(MailboxTreeView tree, MailboxInfo mailbox, ObjectNode after) throws SetException {
        MailboxName target = name(tree, after.get("parentId"), after.get("name"));
        if (target.isBelow(mailbox.name())) {
            throw SetException.invalidProperties("a mailbox cannot be in itself", "parentId");
        }
        boolean taken = tree.all().stream().anyMatch(other -> other.name().equals(target) && !other.id().equals(mailbox.id()));
        if (taken) {
            throw SetException.invalidProperties("there is a mailbox of this name already", "name");
        }
        return target;
    }

    private static void apply(
            Mailboxes mailboxes, MailboxInfo mailbox, MailboxName target, ObjectNode before, ObjectNode after, Wanted wanted)
            throws StoreException {
        if (!target.equals(mailbox.name())) {
            mailboxes.rename(mailbox.name(), target);
            if (mailbox.subscribed()) {
                mailboxes.subscribe(mailbox.name(), false);
                mailboxes.subscribe(target, true);
            }
        }
        if (changed(before, after, "role")) {
            mailboxes.assign(mailbox.id(), wanted.role());
        }
        if (changed(before, after, "sortOrder") && wanted.sortOrder().isPresent()) {
            setSortOrder(mailboxes, mailbox.id(), wanted.sortOrder().get());
        }
        if (changed(before, after, "isSubscribed") && wanted.subscribed().isPresent()) {
            mailboxes.subscribe(target, wanted.subscribed().get());
        }
    }

    @Override
    public void destroy(SetCall call, List<String> ids) throws StoreException {
        // Children first, whatever the order of the request.
        MailboxTreeView tree = new MailboxTreeView(call.account());
        List<String> deepestFirst = new ArrayList<>(ids);
        deepestFirst.sort(Comparator.comparingInt((String id) -> {
            MailboxInfo mailbox = tree.find(id);
            return mailbox == null ? 0 : -mailbox.name().levels().size();
        }));
        for (String id : deepestFirst) {
            try {
                destroy(call.account(), id, call.options().equals(true));
                call.destroyed(id);
            } catch (SetException e) {
                call.notDestroyed(id, e);
            } catch (StoreException e) {
                call.notDestroyed(id, SetException.of(e));
            }
        }
    }

    private static void destroy(JmapAccount account, String id, boolean withEmails) throws SetException, StoreException {
        MailboxTreeView tree = new MailboxTreeView(account);
        MailboxInfo mailbox = tree.find(id);
        if (mailbox == null) {
            throw SetException.notFound();
        }
        if (mailbox.name().isInbox()) {
            throw new SetException("forbidden", "the inbox stays");
        }
        if (tree.hasChildren(mailbox)) {
            throw new SetException("mailboxHasChild", "");
        }
        Map<EmailId, Boolean> emails = new LinkedHashMap<>();
        account.emails().read(view -> {
            view.forEachIn(mailbox.id(), email -> emails.put(email.id(), true));
            return emails;
        });
        if (!emails.isEmpty() && !withEmails) {
            throw new SetException("mailboxHasEmail", "");
        }
        account.mail().mailboxes().delete(mailbox.name());
        if (mailbox.subscribed()) {
            account.mail().mailboxes().subscribe(mailbox.name(), false);
        }
    }
}
