package io.mailserver.jmap;

import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.MailParameters;
import io.mailserver.store.StoreException;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Identity (RFC 8621 §6): the account's own address, which is always there, and others that it may send from, each with a name and
 * signatures.
 */
final class IdentityType implements JmapType.Getter, JmapType.ChangeLog, JmapType.Setter {
    /** The id of the account's own. */
    static final String MAIN = "main";

    private static final int MAX_IDENTITIES = 100;
    private static final int MAX_NAME = 1_000;
    /** With room for the rest in an annotation of 64 KiB. */
    private static final int MAX_SIGNATURE_OCTETS = 20_000;

    private static final List<String> PROPERTIES =
            List.of("id", "name", "email", "replyTo", "bcc", "textSignature", "htmlSignature", "mayDelete");
    private static final Set<String> SETTABLE = Set.of("name", "email", "replyTo", "bcc", "textSignature", "htmlSignature");

    private final AccountRecords records = new AccountRecords("identity", "i", MAX_IDENTITIES);
    private final SendingServices sending;

    IdentityType(SendingServices sending) {
        this.sending = sending;
    }

    JmapType type() {
        return new JmapType("Identity", Submissions.CAPABILITY, this, this, null, this);
    }

    AccountRecords records() {
        return records;
    }

    /** The identity of that id. */
    Optional<ObjectNode> find(JmapAccount account, String id) throws StoreException {
        return Optional.ofNullable(all(account).get(id));
    }

    private Map<String, ObjectNode> all(JmapAccount account) throws StoreException {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        all.put(MAIN, own(account));
        all.putAll(records.all(account));
        all.values().forEach(identity -> identity.put("mayDelete", true));
        all.getOrDefault(MAIN, Json.object()).put("mayDelete", false);
        return all;
    }

    private static ObjectNode own(JmapAccount account) {
        return complete(Json.object().put("email", account.exchange().user().name()));
    }

    private static ObjectNode complete(ObjectNode identity) {
        for (String text : List.of("name", "textSignature", "htmlSignature")) {
            if (!identity.has(text)) {
                identity.put(text, "");
            }
        }
        for (String list : List.of("replyTo", "bcc")) {
            if (!identity.has(list)) {
                identity.putNull(list);
            }
        }
        return identity;
    }

    @Override
    public String state(JmapAccount account) throws StoreException {
        return records.state(account);
    }

    @Override
    public List<String> defaultProperties() {
        return PROPERTIES;
    }

    @Override
    public Optional<List<String>> allIds(JmapAccount account, int limit) throws StoreException {
        return AccountRecords.ids(all(account), limit);
    }

    @Override
    public Map<String, ObjectNode> get(JmapAccount account, List<String> ids, Set<String> properties, Object options)
            throws StoreException {
        return AccountRecords.shown(all(account), ids, properties);
    }

    @Override
    public Optional<JmapType.Changes> since(JmapAccount account, long state) throws StoreException {
        return records.since(account, state).map(changes -> new JmapType.Changes(changes.state(), changes.changes().stream()
                // Before it was first changed, it was there too.
                .map(change -> change.id().equals(MAIN) ? new JmapType.Change(MAIN, change.at(), false, true) : change)
                .toList()));
    }

    @Override
    public Object options(Arguments arguments) throws MethodException {
        return "";
    }

    @Override
    public ObjectNode create(SetCall call, ObjectNode record) throws SetException, StoreException {
        check(record);
        JsonNode email = record.get("email");
        if (email == null) {
            throw SetException.invalidProperties("email is missing", "email");
        }
        checkOwn(call.account(), email.stringValue(""));
        ObjectNode identity = complete(record.deepCopy());
        String id = records.change(call.account(), edit -> edit.create(identity));
        ObjectNode serverSet = Json.object().put("id", id).put("mayDelete", true);
        for (Map.Entry<String, JsonNode> property : identity.properties()) {
            if (!record.has(property.getKey())) {
                serverSet.set(property.getKey(), property.getValue());
            }
        }
        return serverSet;
    }

    @Override
    public void update(SetCall call, Map<String, ObjectNode> patches) throws StoreException {
        for (Map.Entry<String, ObjectNode> patch : patches.entrySet()) {
            String id = patch.getKey();
            try {
                records.change(call.account(), edit -> {
                    ObjectNode before = edit.find(id)
                            .or(() -> id.equals(MAIN) ? Optional.of(own(call.account())) : Optional.empty())
                            .orElseThrow(SetException::notFound);
                    ObjectNode after = Patch.apply(before, patch.getValue());
                    // RFC 8621 §6: the address of an identity never changes.
                    if (!after.path("email").equals(before.path("email"))) {
                        throw SetException.invalidProperties("the address of an identity cannot change", "email");
                    }
                    after.propertyNames().stream().filter(name -> name.startsWith("_")).toList().forEach(after::remove);
                    check(after);
                    edit.put(id, complete(after));
                    return id;
                });
                call.updated(id, null);
            } catch (SetException e) {
                call.notUpdated(id, e);
            }
        }
    }

    @Override
    public void destroy(SetCall call, List<String> ids) throws StoreException {
        for (String id : ids) {
            try {
                if (id.equals(MAIN)) {
                    throw new SetException("forbidden", "the account's own address stays");
                }
                records.change(call.account(), edit -> {
                    if (edit.find(id).isEmpty()) {
                        throw SetException.notFound();
                    }
                    edit.remove(id);
                    return id;
                });
                call.destroyed(id);
            } catch (SetException e) {
                call.notDestroyed(id, e);
            }
        }
    }

    private static void check(ObjectNode record) throws SetException {
        for (Map.Entry<String, JsonNode> property : record.properties()) {
            String name = property.getKey();
            JsonNode value = property.getValue();
            boolean right = switch (name) {
                case "name" -> value.isString() && value.stringValue().length() <= MAX_NAME
                        && value.stringValue().chars().noneMatch(Character::isISOControl);
                case "email" -> value.isString();
                case "textSignature", "htmlSignature" -> value.isString()
                        && Json.octets(value).length <= MAX_SIGNATURE_OCTETS;
                case "replyTo", "bcc" -> value.isNull() || isAddresses(value);
                default -> false;
            };
            if (!SETTABLE.contains(name) || !right) {
                throw SetException.invalidProperties(name + " cannot be set so", name);
            }
        }
    }

    private static boolean isAddresses(JsonNode value) {
        if (!value.isArray() || value.size() > MAX_IDENTITIES) {
            return false;
        }
        for (JsonNode each : value) {
            JsonNode name = each.path("name");
            boolean named = name.isMissingNode() || name.isNull()
                    || (name.isString() && name.stringValue().length() <= MAX_NAME
                            && name.stringValue().chars().noneMatch(Character::isISOControl));
            if (!each.isObject() || !named || SmtpPath.recipient(SmtpPath.address(each.path("email").stringValue(""))).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** RFC 8621 §6.3: forbiddenFrom. */
    private void checkOwn(JmapAccount account, String email) throws SetException {
        Address address = SmtpPath.sender(SmtpPath.address(email)).flatMap(mail -> mail.reversePath())
                .orElseThrow(() -> SetException.invalidProperties("no address: " + email, "email"));
        Client client = Client.connected("jmap", Client.Service.SUBMISSION, InetAddress.getLoopbackAddress(), 0, 0)
                .loggedIn(account.exchange().user().name());
        Envelope envelope = new Envelope("jmap", client, Optional.of(address), MailParameters.NONE, List.of());
        var refusal = sending.intake().refuseSender(envelope);
        if (refusal.isPresent()) {
            throw new SetException("forbiddenFrom", String.join(" ", refusal.get().lines()));
        }
    }
}
