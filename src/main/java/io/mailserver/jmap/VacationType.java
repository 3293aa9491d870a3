package io.mailserver.jmap;

import io.mailserver.account.VacationResponses;
import io.mailserver.account.VacationResponses.Response;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** VacationResponse (RFC 8621 §8): the one automatic answer of an account. */
public final class VacationType implements JmapType.Setter {
    static final String CAPABILITY = "urn:ietf:params:jmap:vacationresponse";

    private static final String SINGLETON = "singleton";
    private static final List<String> PROPERTIES =
            List.of("id", "isEnabled", "fromDate", "toDate", "subject", "textBody", "htmlBody");
    /** RFC 8620 §1.4 has years of four digits. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private final VacationResponses responses;
    /** So that of two patches at once none is lost. */
    private final ReentrantLock changing = new ReentrantLock();

    private VacationType(VacationResponses responses) {
        this.responses = responses;
    }

    /** Adds it. */
    public static void addTo(Jmap jmap, VacationResponses responses) {
        VacationType type = new VacationType(responses);
        jmap.methods().add(new JmapType("VacationResponse", CAPABILITY,
                new ComputedRecords(PROPERTIES, account -> Map.of(SINGLETON, type.read(account))), null, null, type));
        jmap.sessions().add(CAPABILITY, Json::object, Json::object);
    }

    private ObjectNode read(JmapAccount account) throws StoreException {
        try {
            Response response = responses.of(account.exchange().user().number());
            return Json.object()
                    .put("isEnabled", response.isEnabled())
                    .put("fromDate", response.from().map(VacationType::text).orElse(null))
                    .put("toDate", response.to().map(VacationType::text).orElse(null))
                    .put("subject", response.subject().orElse(null))
                    .put("textBody", response.text().orElse(null))
                    .put("htmlBody", response.html().orElse(null));
        } catch (IOException e) {
            throw Owner.unavailable(e);
        }
    }

    private static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Override
    public ObjectNode create(SetCall call, ObjectNode record) throws SetException {
        throw singleton();
    }

    @Override
    public void update(SetCall call, Map<String, ObjectNode> patches) throws StoreException {
        for (Map.Entry<String, ObjectNode> patch : patches.entrySet()) {
            try {
                if (!patch.getKey().equals(SINGLETON)) {
                    throw SetException.notFound();
                }
                change(call.account(), patch.getValue());
                call.updated(SINGLETON, null);
            } catch (SetException e) {
                call.notUpdated(patch.getKey(), e);
            }
        }
    }

    private void change(JmapAccount account, ObjectNode patch) throws SetException, StoreException {
        changing.lock();
        try {
            Response response = response(Patch.apply(read(account), patch));
            responses.set(account.exchange().user().number(), response);
        } catch (IOException e) {
            throw Owner.unavailable(e);
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void destroy(SetCall call, List<String> ids) {
        ids.forEach(id -> call.notDestroyed(id, id.equals(SINGLETON) ? singleton() : SetException.notFound()));
    }

    private static SetException singleton() {
        return new SetException("singleton", "there is one automatic answer, which is always there");
    }

    private static Response response(ObjectNode record) throws SetException {
        for (String name : record.propertyNames()) {
            if (!PROPERTIES.contains(name) || (name.equals("id") && !SINGLETON.equals(record.path(name).stringValue("")))) {
                throw SetException.invalidProperties(name + " cannot be set", name);
            }
        }
        if (!record.path("isEnabled").isBoolean()) {
            throw SetException.invalidProperties("isEnabled must be a Boolean", "isEnabled");
        }
        Optional<String> subject = string(record, "subject");
        if (subject.isPresent() && (subject.get().length() > Response.MAX_SUBJECT
                || subject.get().chars().anyMatch(Character::isISOControl))) {
            throw SetException.invalidProperties("subject is one line of at most " + Response.MAX_SUBJECT + " characters", "subject");
        }
        Optional<Instant> from = date(record, "fromDate");
        Optional<Instant> to = date(record, "toDate");
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            throw SetException.invalidProperties("toDate must be after fromDate", "fromDate", "toDate");
        }
        return new Response(record.path("isEnabled").booleanValue(), from, to, subject,
                body(record, "textBody"), body(record, "htmlBody"));
    }

    private static Optional<String> body(ObjectNode record, String name) throws SetException {
        Optional<String> body = string(record, name);
        if (body.orElse("").length() > Response.MAX_BODY) {
            throw SetException.invalidProperties(name + " has at most " + Response.MAX_BODY + " characters", name);
        }
        return body;
    }

    private static Optional<String> string(ObjectNode record, String name) throws SetException {
        JsonNode value = record.path(name);
        if (!value.isNull() && !value.isString()) {
            throw SetException.invalidProperties(name + " must be a string or null", name);
        }
        return value.stringValueOpt();
    }

    private static Optional<Instant> date(ObjectNode record, String name) throws SetException {
        Optional<String> text = string(record, name);
        try {
            Optional<Instant> date = text.filter(each -> each.endsWith("Z")).map(Instant::parse)
                    .filter(each -> !each.isBefore(Instant.EPOCH) && !each.isAfter(LAST));
            if (date.isPresent() == text.isPresent()) {
                return date;
            }
        } catch (DateTimeException e) {
            // Told below.
        }
        throw SetException.invalidProperties(name + " must be a date in UTC such as 2026-11-30T12:00:00Z, or null", name);
    }
}
