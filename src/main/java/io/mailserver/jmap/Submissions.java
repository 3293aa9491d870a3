package io.mailserver.jmap;

import io.mailserver.config.SmtpConfig;
import io.mailserver.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sending by JMAP (RFC 8621 §6, §7): identities, submissions, and the implicit Email/set after a submission. */
public final class Submissions {
    /** The capability of RFC 8621 §1.3.2. */
    static final String CAPABILITY = "urn:ietf:params:jmap:submission";

    private static final String SET = "EmailSubmission/set";
    private static final String EMAIL_SET = "Email/set";
    private static final String UPDATE = "onSuccessUpdateEmail";
    private static final String DESTROY = "onSuccessDestroyEmail";

    private Submissions() {}

    /** Adds it all. */
    public static void addTo(Jmap jmap, SendingServices sending) {
        IdentityType identities = new IdentityType(sending);
        SubmissionType submissions = new SubmissionType(sending, identities);
        JmapType all = submissions.type();
        MethodTable standard = new MethodTable().add(all);
        JmapMethod set = standard.find(SET).orElseThrow();
        jmap.methods()
                .add(identities.type())
                .add(new JmapType(all.name(), all.capability(), all.getter(), all.changes(), all.querier(), null))
                .add(SET, CAPABILITY, call -> set(call, set, submissions));
        jmap.tell("Identity", identities.records());
        jmap.tell(all.name(), submissions.records());
        jmap.sessions().add(CAPABILITY, Json::object, () -> capability(sending.limits().get()));
    }

    private static ObjectNode capability(SmtpConfig limits) {
        ObjectNode capability = Json.object().put("maxDelayedSend", limits.maxHold().toSeconds());
        ObjectNode extensions = capability.putObject("submissionExtensions");
        extensions.set("FUTURERELEASE", Json.array(List.of()));
        extensions.set("DELIVERBY", Json.array(List.of(String.valueOf(limits.minDeliverBy().toSeconds()))));
        extensions.set("MT-PRIORITY", Json.array(List.of()));
        extensions.set("DSN", Json.array(List.of()));
        extensions.set("SIZE", Json.array(List.of()));
        extensions.set("8BITMIME", Json.array(List.of()));
        extensions.set("SMTPUTF8", Json.array(List.of()));
        return capability;
    }

    /** RFC 8621 §7.5: one implicit Email/set for all submissions that succeeded. */
    private static ObjectNode set(MethodCall call, JmapMethod standard, SubmissionType type) throws MethodException, StoreException {
        JmapAccount account = call.account();
        // Read before: a submission that is destroyed still names its email.
        Map<String, ObjectNode> before = type.records(account);
        ObjectNode response = standard.call(call);
        Optional<ObjectNode> updates = call.arguments().object(UPDATE);
        List<String> destroys = call.arguments().strings(DESTROY).orElse(List.of());
        Map<String, ObjectNode> after = type.records(account);
        ObjectNode update = Json.object();
        if (updates.isPresent()) {
            for (Map.Entry<String, JsonNode> patch : updates.get().properties()) {
                email(account, patch.getKey(), response, before, after).ifPresent(email -> update.set(email, patch.getValue()));
            }
        }
        List<String> destroy = new ArrayList<>();
        for (String key : destroys) {
            email(account, key, response, before, after).ifPresent(destroy::add);
        }
        if (!update.isEmpty() || !destroy.isEmpty()) {
            ObjectNode arguments = Json.object().put("accountId", account.id());
            arguments.set("update", update);
            arguments.set("destroy", Json.array(destroy));
            call.then(EMAIL_SET, arguments);
        }
        return response;
    }

    /** The email of a submission that was created, updated or destroyed just now. */
    private static Optional<String> email(
            JmapAccount account, String key, ObjectNode response, Map<String, ObjectNode> before, Map<String, ObjectNode> after) {
        String id = account.exchange().resolve(key);
        boolean created = key.startsWith("#") && response.path("created").has(key.substring(1));
        boolean succeeded = created || response.path("updated").has(id) || contains(response.path("destroyed"), id);
        ObjectNode record = after.getOrDefault(id, before.get(id));
        return succeeded && record != null ? Optional.of(record.path("emailId").stringValue("")) : Optional.empty();
    }

    private static boolean contains(JsonNode list, String id) {
        if (list instanceof ArrayNode array) {
            for (JsonNode each : array) {
                if (each.stringValue("").equals(id)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The arguments that only {@link #set} looks at. */
    static Object options(Arguments arguments) throws MethodException {
        Optional<ObjectNode> updates = arguments.object(UPDATE);
        if (updates.isPresent()) {
            for (JsonNode patch : updates.get().values()) {
                if (!patch.isObject()) {
                    throw MethodException.invalidArguments(UPDATE + " must be a map of objects");
                }
            }
        }
        return Set.copyOf(arguments.strings(DESTROY).orElse(List.of()));
    }
}
