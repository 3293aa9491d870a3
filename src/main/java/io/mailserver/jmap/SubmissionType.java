package io.mailserver.jmap;

import io.mailserver.account.ReturnedMail;
import io.mailserver.queue.QueueAdmin;
import io.mailserver.queue.QueueFilter;
import io.mailserver.queue.QueueId;
import io.mailserver.queue.RecipientStatus;
import io.mailserver.store.EmailId;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoredEmail;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * EmailSubmission (RFC 8621 §7). What was sent is remembered for the last 200 submissions of an account; where it stands is asked of the
 * queue. A submission can be taken back while the queue holds all of it for its time (HOLDFOR, HOLDUNTIL).
 */
final class SubmissionType implements JmapType.Getter, JmapType.ChangeLog, JmapType.Setter {
    private static final int MAX_SUBMISSIONS = 200;
    private static final int MAX_QUEUED = 100_000;
    private static final List<String> PROPERTIES = List.of("id", "identityId", "emailId", "threadId", "envelope", "sendAt", "undoStatus",
            "deliveryStatus", "dsnBlobIds", "mdnBlobIds");
    private static final Set<String> SETTABLE = Set.of("identityId", "emailId", "envelope");
    private static final String TRACE = "_trace";

    private final AccountRecords records = new AccountRecords("submission", "s", MAX_SUBMISSIONS);
    private final SendingServices sending;
    private final IdentityType identities;
    private final Outgoing outgoing;

    SubmissionType(SendingServices sending, IdentityType identities) {
        this.sending = sending;
        this.identities = identities;
        this.outgoing = new Outgoing(sending);
    }

    JmapType type() {
        return new JmapType("EmailSubmission", Submissions.CAPABILITY, this, this, new SubmissionQuery(this), this);
    }

    AccountRecords records() {
        return records;
    }

    /** As they are stored, the oldest first. */
    Map<String, ObjectNode> records(JmapAccount account) throws StoreException {
        return records.all(account);
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
        return AccountRecords.ids(records(account), limit);
    }

    @Override
    public Map<String, ObjectNode> get(JmapAccount account, List<String> ids, Set<String> properties, Object options)
            throws StoreException {
        Map<String, ObjectNode> all = records(account);
        boolean asksQueue = properties.contains("deliveryStatus") || properties.contains("undoStatus");
        Map<String, Map<String, QueueAdmin.Item>> queued = asksQueue ? queued(account) : Map.of();
        Map<String, Map<String, ReturnedMail.Returned>> reported = asksQueue ? reported(account) : Map.of();
        Map<String, ObjectNode> found = new LinkedHashMap<>();
        for (String id : ids) {
            ObjectNode record = all.get(id);
            if (record != null) {
                String trace = record.path(TRACE).stringValue("");
                complete(account, record, queued.getOrDefault(trace, Map.of()), reported.getOrDefault(trace, Map.of()));
                found.put(id, AccountRecords.shown(id, record, properties));
            }
        }
        return found;
    }

    /** What is queued of the account's messages, by transaction and recipient. */
    private Map<String, Map<String, QueueAdmin.Item>> queued(JmapAccount account) throws StoreException {
        String user = account.exchange().user().name();
        QueueFilter filter = new QueueFilter(
                Set.of(), Optional.of(user), Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO);
        Map<String, Map<String, QueueAdmin.Item>> found = new HashMap<>();
        try {
            for (QueueAdmin.Item item : sending.queue().get().list(filter, MAX_QUEUED).items()) {
                if (item.message().envelope().account().equals(user)) {
                    found.computeIfAbsent(item.message().envelope().traceId(), key -> new HashMap<>())
                            .put(item.recipient().address().toString(), item);
                }
            }
        } catch (IOException e) {
            throw new StoreException(StoreException.Cause.UNAVAILABLE, "the queue cannot be read now", e);
        }
        return found;
    }

    /** What other servers reported of the account's messages after they had taken them, by transaction and recipient in lower case. */
    private Map<String, Map<String, ReturnedMail.Returned>> reported(JmapAccount account) throws StoreException {
        Map<String, Map<String, ReturnedMail.Returned>> found = new HashMap<>();
        try {
            for (ReturnedMail.Returned each : sending.reports().of(account.exchange().user().name())) {
                found.computeIfAbsent(each.message(), key -> new HashMap<>()).put(each.address(), each);
            }
        } catch (IOException e) {
            throw new StoreException(StoreException.Cause.UNAVAILABLE, "reports cannot be read now", e);
        }
        return found;
    }

    private static void complete(JmapAccount account, ObjectNode record, Map<String, QueueAdmin.Item> queued,
            Map<String, ReturnedMail.Returned> reported) {
        Instant sendAt = Instant.parse(record.path("sendAt").stringValue("1970-01-01T00:00:00Z"));
        boolean canceled = record.path("undoStatus").stringValue("").equals("canceled");
        if (!canceled) {
            boolean held = !queued.isEmpty() && account.services().time().now().isBefore(sendAt);
            record.put("undoStatus", held ? "pending" : "final");
        }
        ObjectNode status = Json.object();
        for (JsonNode recipient : record.path("envelope").path("rcptTo")) {
            String address = recipient.path("email").stringValue("");
            status.set(address, canceled
                    ? status("no", "550 5.7.0 Canceled by its sender")
                    : status(queued.get(address), reported.get(address.toLowerCase(Locale.ROOT))));
        }
        record.set("deliveryStatus", status);
        record.putArray("dsnBlobIds");
        record.putArray("mdnBlobIds");
    }

    private static ObjectNode status(QueueAdmin.@Nullable Item item, ReturnedMail.@Nullable Returned report) {
        if (item == null && report != null) {
            return switch (report.fate()) {
                case DELIVERED -> status("yes", reply(report, "250"));
                case FAILED -> status("no", reply(report, "550"));
                case DELAYED, RELAYED -> status("unknown", reply(report, "250"));
            };
        }
        if (item == null) {
            return status("unknown", "250 2.0.0 Delivered here, or taken by the next server");
        }
        String last = item.state().lastReply();
        boolean failed = item.state().status() == RecipientStatus.FAILED;
        String reply = last.isEmpty() ? "250 2.0.0 Queued" : last;
        return status(failed ? "no" : "queued", reply);
    }

    /** RFC 8621 §7: in the form of a reply, also where the report has a status alone. */
    private static String reply(ReturnedMail.Returned report, String code) {
        return report.reply().matches("[245][0-9]{2}[ -].*") ? report.reply() : code + " " + report.reply();
    }

    private static ObjectNode status(String delivered, String reply) {
        return Json.object().put("smtpReply", reply).put("delivered", delivered).put("displayed", "unknown");
    }

    @Override
    public Optional<JmapType.Changes> since(JmapAccount account, long state) throws StoreException {
        return records.since(account, state);
    }

    @Override
    public Object options(Arguments arguments) throws MethodException {
        return Submissions.options(arguments);
    }

    @Override
    public Set<String> references() {
        return Set.of("emailId", "identityId");
    }

    @Override
    public ObjectNode create(SetCall call, ObjectNode record) throws SetException, StoreException {
        for (String property : record.propertyNames()) {
            if (!SETTABLE.contains(property)) {
                throw SetException.invalidProperties(property + " cannot be set", property);
            }
        }
        JmapAccount account = call.account();
        ObjectNode identity = identities.find(account, record.path("identityId").stringValue(""))
                .orElseThrow(() -> SetException.invalidProperties("there is no such identity", "identityId"));
        StoredEmail email = EmailId.parse(record.path("emailId").stringValue(""))
                .flatMap(id -> email(account, id))
                .orElseThrow(() -> SetException.invalidProperties("there is no such email", "emailId"));
        Outgoing.Sent sent = outgoing.send(account, email.id(), identity, record.path("envelope"));
        ObjectNode stored = Json.object()
                .put("identityId", record.path("identityId").stringValue(""))
                .put("emailId", email.id().toString())
                .put("threadId", email.thread().id().toString())
                .put("sendAt", sent.at().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("undoStatus", "pending")
                .put(TRACE, sent.traceId());
        stored.set("envelope", sent.envelope());
        // The message is on its way: what fails from here on must not look as if it were not.
        String id = remember(account, stored);
        ObjectNode serverSet = Json.object()
                .put("id", id)
                .put("threadId", email.thread().id().toString())
                .put("sendAt", stored.path("sendAt").stringValue(""))
                .put("undoStatus", sent.held() ? "pending" : "final");
        if (!record.has("envelope") || record.path("envelope").isNull()) {
            serverSet.set("envelope", sent.envelope());
        }
        return serverSet;
    }

    private static Optional<StoredEmail> email(JmapAccount account, EmailId id) {
        try {
            return account.emails().read(view -> view.email(id));
        } catch (StoreException e) {
            return Optional.empty();
        }
    }

    private String remember(JmapAccount account, ObjectNode stored) throws SetException {
        try {
            return records.change(account, edit -> {
                while (edit.all().size() >= MAX_SUBMISSIONS) {
                    edit.remove(edit.all().keySet().iterator().next());
                }
                return edit.create(stored);
            });
        } catch (StoreException e) {
            account.services().log().error("jmap.submission-not-remembered", e, "account", account.key());
            return "s0";
        }
    }

    @Override
    public void update(SetCall call, Map<String, ObjectNode> patches) throws StoreException {
        for (Map.Entry<String, ObjectNode> patch : patches.entrySet()) {
            try {
                update(call.account(), patch.getKey(), patch.getValue());
                call.updated(patch.getKey(), null);
            } catch (SetException e) {
                call.notUpdated(patch.getKey(), e);
            }
        }
    }

    /** Only undoStatus can change, and only to canceled. */
    private void update(JmapAccount account, String id, ObjectNode patch) throws SetException, StoreException {
        ObjectNode record = Optional.ofNullable(records(account).get(id)).orElseThrow(SetException::notFound);
        if (patch.size() != 1 || !patch.path("undoStatus").stringValue("").equals("canceled")) {
            throw SetException.invalidProperties("only undoStatus can be set, and only to canceled",
                    patch.propertyNames().toArray(String[]::new));
        }
        if (record.path("undoStatus").stringValue("").equals("canceled")) {
            return;
        }
        cancel(account, record);
        records.change(account, edit -> {
            ObjectNode stored = edit.find(id).orElseThrow(SetException::notFound);
            edit.put(id, stored.put("undoStatus", "canceled"));
            return id;
        });
    }

    /** All recipients of a message whose time has not come are in the queue, and none was tried. */
    private void cancel(JmapAccount account, ObjectNode record) throws SetException, StoreException {
        Map<String, QueueAdmin.Item> queued = queued(account).getOrDefault(record.path(TRACE).stringValue(""), Map.of());
        Instant sendAt = Instant.parse(record.path("sendAt").stringValue("1970-01-01T00:00:00Z"));
        if (queued.isEmpty() || !account.services().time().now().isBefore(sendAt)) {
            throw new SetException("cannotUnsend", "it is on its way already");
        }
        Set<QueueId> ids = new HashSet<>();
        queued.values().forEach(item -> ids.add(item.message().id()));
        QueueFilter these = new QueueFilter(
                ids, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO);
        try {
            if (sending.queue().get().delete(these) < queued.size()) {
                throw new SetException("cannotUnsend", "a part of it is on its way already");
            }
        } catch (IOException e) {
            throw new StoreException(StoreException.Cause.UNAVAILABLE, "the queue cannot be changed now", e);
        }
    }

    /** The record goes; what is on its way is not touched (RFC 8621 §7.5). */
    @Override
    public void destroy(SetCall call, List<String> ids) throws StoreException {
        for (String id : ids) {
            try {
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
}
