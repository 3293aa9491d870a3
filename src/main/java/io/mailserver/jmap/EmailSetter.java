package io.mailserver.jmap;

import io.mailserver.base.Content;
import io.mailserver.base.ContentWriter;
import io.mailserver.store.EmailId;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.MailboxId;
import io.mailserver.store.NewMessage;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoredEmail;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Email/set (RFC 8621 §4.6): writes messages, changes keywords and mailboxes, destroys. */
final class EmailSetter implements JmapType.Setter {
    private static final Set<String> BODY =
            Set.of("bodyStructure", "textBody", "htmlBody", "attachments", "bodyValues");
    private static final Set<String> PLACING = Set.of("mailboxIds", "keywords", "receivedAt");

    @Override
    public Set<String> references() {
        return Set.of("mailboxIds");
    }

    @Override
    public ObjectNode create(SetCall call, ObjectNode record) throws SetException, StoreException {
        JmapAccount account = call.account();
        List<MailboxId> mailboxes = mailboxes(account, record.path("mailboxIds"));
        Set<Flag> keywords = keywords(record.path("keywords"));
        Instant received = received(account, record.path("receivedAt"));
        String header = header(account, record);
        DraftPart body = DraftPart.of(record);
        try (ContentWriter writer = account.services().uploads().newContent()) {
            new MessageWriter(account, writer, "=_" + UUID.randomUUID()).write(header, body);
            long limit = account.services().config().maxSizeUpload().octets();
            if (writer.size() > limit) {
                throw new SetException("tooLarge", "at most " + limit + " octets");
            }
            try (Content content = writer.finish()) {
                return added(account, new NewMessage(content, keywords, received), mailboxes);
            }
        } catch (IOException e) {
            throw new StoreException(StoreException.Cause.UNAVAILABLE, "The message cannot be written now", e);
        }
    }

    /** Adds a message; what the server sets. */
    static ObjectNode added(JmapAccount account, NewMessage message, List<MailboxId> mailboxes) throws StoreException, SetException {
        try {
            StoredEmail.State state = account.emails().add(message, mailboxes);
            return Json.object()
                    .put("id", state.id().toString())
                    .put("blobId", Blob.of(state.id()))
                    .put("threadId", state.thread().toString())
                    .put("size", state.size());
        } catch (StoreException e) {
            if (e.reason() == StoreException.Cause.LIMIT) {
                throw new SetException("tooManyKeywords", String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    private static String header(JmapAccount account, ObjectNode record) throws SetException {
        StringBuilder header = new StringBuilder();
        Set<String> fields = new HashSet<>();
        for (Map.Entry<String, JsonNode> property : record.properties()) {
            String name = property.getKey();
            if (BODY.contains(name) || PLACING.contains(name)) {
                continue;
            }
            HeaderProperty field = HeaderProperty.of(name).orElseThrow(() -> SetException.invalidProperties(name + " cannot be set", name));
            boolean content = field.lowerField().startsWith("content-") || field.lowerField().equals("mime-version");
            if (content || !fields.add(field.lowerField())) {
                throw SetException.invalidProperties(content ? "fields of parts are set with the parts" : "a field is set twice", name);
            }
            header.append(HeaderWriter.field(field, property.getValue(), name));
        }
        if (!has(header, "date:")) {
            Instant now = account.services().time().now();
            header.append("Date: ").append(HeaderWriter.DATE.format(now.atOffset(ZoneOffset.UTC))).append("\r\n");
        }
        if (!has(header, "message-id:")) {
            header.append("Message-ID: <").append(UUID.randomUUID()).append('@').append(account.key().domain().ascii()).append(">\r\n");
        }
        return header.toString();
    }

    /** RFC 5322 §3.6: what a message cannot lack; a property that is null gives no field. */
    private static boolean has(StringBuilder header, String start) {
        return header.toString().toLowerCase(Locale.ROOT).lines().anyMatch(line -> line.startsWith(start));
    }

    /** The mailboxes that a map of ids names; at least one. */
    static List<MailboxId> mailboxes(JmapAccount account, JsonNode ids) throws SetException, StoreException {
        List<MailboxId> mailboxes = new ArrayList<>();
        if (ids.isObject()) {
            for (Map.Entry<String, JsonNode> each : ids.asObject().properties()) {
                Optional<MailboxId> id = MailboxId.parse(account.exchange().resolve(each.getKey()));
                boolean there = id.isPresent() && account.mail().mailboxes().find(id.get()).isPresent();
                if (!there || !each.getValue().booleanValue(false)) {
                    throw SetException.invalidProperties("there is no mailbox " + each.getKey(), "mailboxIds");
                }
                mailboxes.add(id.get());
            }
        }
        if (mailboxes.isEmpty()) {
            throw SetException.invalidProperties("an email is in one mailbox at least", "mailboxIds");
        }
        return mailboxes;
    }

    /** RFC 8621 §4.1.1. */
    static Set<Flag> keywords(JsonNode given) throws SetException {
        Set<Flag> flags = new LinkedHashSet<>();
        if (given.isMissingNode() || given.isNull()) {
            return flags;
        }
        if (!given.isObject()) {
            throw SetException.invalidProperties("keywords must be a map", "keywords");
        }
        for (Map.Entry<String, JsonNode> keyword : given.asObject().properties()) {
            Optional<Flag> flag = EmailFilter.flag(keyword.getKey());
            boolean reserved = keyword.getKey().equalsIgnoreCase("$deleted") || keyword.getKey().equalsIgnoreCase("$recent");
            if (flag.isEmpty() || reserved || !keyword.getValue().booleanValue(false)) {
                throw SetException.invalidProperties(keyword.getKey() + " cannot be set to this", "keywords");
            }
            flags.add(flag.get());
        }
        return flags;
    }

    static Instant received(JmapAccount account, JsonNode given) throws SetException {
        if (given.isMissingNode() || given.isNull()) {
            return account.services().time().now().truncatedTo(ChronoUnit.SECONDS);
        }
        try {
            Instant received = Instant.parse(given.stringValue(""));
            long seconds = received.getEpochSecond();
            if (seconds < 0 || seconds > 0xffff_ffffL) {
                throw SetException.invalidProperties("receivedAt is from 1970 to 2106", "receivedAt");
            }
            return received.truncatedTo(ChronoUnit.SECONDS);
        } catch (DateTimeException e) {
            throw SetException.invalidProperties("receivedAt is a date such as 2026-11-30T12:00:00Z", "receivedAt");
        }
    }

    /** What emails shall get; those that shall get the same are changed together. */
    private record Wanted(Set<Flag> added, Set<Flag> removed) {}

    @Override
    public void update(SetCall call, Map<String, ObjectNode> patches) throws StoreException {
        JmapAccount account = call.account();
        Map<String, StoredEmail.State> states = new HashMap<>();
        EmailType.states(account.emails(), List.copyOf(patches.keySet())).forEach(state -> states.put(state.id().toString(), state));
        Map<EmailId, Set<MailboxId>> placed = new LinkedHashMap<>();
        Map<Wanted, List<EmailId>> flagged = new LinkedHashMap<>();
        Set<String> accepted = new LinkedHashSet<>();
        for (Map.Entry<String, ObjectNode> patch : patches.entrySet()) {
            StoredEmail.State state = states.get(patch.getKey());
            try {
                if (state == null) {
                    throw SetException.notFound();
                }
                plan(account, state, patch.getValue(), placed, flagged);
                accepted.add(patch.getKey());
            } catch (SetException e) {
                call.notUpdated(patch.getKey(), e);
            }
        }
        Map<EmailId, SetException> failed = new HashMap<>();
        // Keywords first: then none is lost with a copy that goes, whenever this ends.
        flagged.forEach((wanted, ids) -> flag(account, wanted, ids, failed));
        place(account, placed, failed);
        for (String id : accepted) {
            SetException why = failed.get(EmailId.parse(id).orElseThrow());
            if (why == null) {
                call.updated(id, null);
            } else {
                call.notUpdated(id, why);
            }
        }
    }

    private static void plan(
            JmapAccount account,
            StoredEmail.State state,
            ObjectNode patch,
            Map<EmailId, Set<MailboxId>> placed,
            Map<Wanted, List<EmailId>> flagged) throws SetException, StoreException {
        for (String path : patch.propertyNames()) {
            String top = path.split("/", 2)[0];
            if (!top.equals("keywords") && !top.equals("mailboxIds")) {
                throw SetException.invalidProperties(top + " never changes", top);
            }
        }
        ObjectNode before = Json.object();
        EmailJson.addMetadata(before, state, Set.of("keywords", "mailboxIds"));
        ObjectNode after = Patch.apply(before, patch);
        boolean elsewhere = !after.path("mailboxIds").equals(before.path("mailboxIds"));
        if (elsewhere) {
            placed.put(state.id(), new LinkedHashSet<>(mailboxes(account, after.path("mailboxIds"))));
        }
        Set<Flag> wanted = keywords(after.path("keywords"));
        // Of copies that differ some may go: what only they have stays with the email, and it is not read by their going.
        boolean copiesGo = elsewhere && state.places().size() > 1;
        Set<Flag> added = new LinkedHashSet<>(wanted);
        if (!copiesGo) {
            added.removeAll(state.keywords());
        }
        Set<Flag> removed = new LinkedHashSet<>(state.keywords());
        removed.removeAll(wanted);
        // Some copy may be read where others are not: then the email is not, and who says that it is unread means all.
        if (!wanted.contains(Flag.SEEN) && (copiesGo || patch.has("keywords/$seen"))) {
            removed.add(Flag.SEEN);
        }
        if (!added.isEmpty() || !removed.isEmpty()) {
            flagged.computeIfAbsent(new Wanted(added, removed), _ -> new ArrayList<>()).add(state.id());
        }
    }

    private static void place(JmapAccount account, Map<EmailId, Set<MailboxId>> placed, Map<EmailId, SetException> failed) {
        try {
            account.emails().place(placed);
        } catch (StoreException e) {
            // Which of them got there is looked at one by one.
            placed.forEach((id, wanted) -> {
                if (!isPlaced(account, id, wanted)) {
                    failed.put(id, SetException.of(e));
                }
            });
        }
    }

    private static boolean isPlaced(JmapAccount account, EmailId id, Set<MailboxId> wanted) {
        try {
            Set<MailboxId> now = new HashSet<>();
            account.emails().read(view -> view.email(id).map(StoredEmail::state))
                    .ifPresent(state -> state.places().forEach(place -> now.add(place.mailbox())));
            return now.equals(wanted);
        } catch (StoreException e) {
            return false; // The client asks again.
        }
    }

    private static void flag(JmapAccount account, Wanted wanted, List<EmailId> ids, Map<EmailId, SetException> failed) {
        try {
            if (!wanted.added().isEmpty()) {
                account.emails().flag(ids, new FlagChange(FlagChange.Kind.ADD, wanted.added()));
            }
            if (!wanted.removed().isEmpty()) {
                account.emails().flag(ids, new FlagChange(FlagChange.Kind.REMOVE, wanted.removed()));
            }
        } catch (StoreException e) {
            SetException why = e.reason() == StoreException.Cause.LIMIT
                    ? new SetException("tooManyKeywords", String.valueOf(e.getMessage()))
                    : SetException.of(e);
            ids.forEach(id -> failed.putIfAbsent(id, why));
        }
    }

    @Override
    public void destroy(SetCall call, List<String> ids) throws StoreException {
        List<StoredEmail.State> there = EmailType.states(call.account().emails(), ids);
        Set<String> known = new HashSet<>();
        there.forEach(state -> known.add(state.id().toString()));
        SetException trouble = null;
        try {
            call.account().emails().destroy(there.stream().map(StoredEmail.State::id).toList());
        } catch (StoreException e) {
            trouble = SetException.of(e);
        }
        Set<String> left = new HashSet<>();
        EmailType.states(call.account().emails(), List.copyOf(known)).forEach(state -> left.add(state.id().toString()));
        for (String id : ids) {
            if (!known.contains(id)) {
                call.notDestroyed(id, SetException.notFound());
            } else if (left.contains(id)) {
                call.notDestroyed(id, trouble == null ? new SetException("forbidden", "it came back meanwhile") : trouble);
            } else {
                call.destroyed(id);
            }
        }
    }
}
