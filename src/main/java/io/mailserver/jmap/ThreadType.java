package io.mailserver.jmap;

import io.mailserver.store.AccountEmails.EmailChange;
import io.mailserver.store.EmailThread;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoredEmail;
import io.mailserver.store.ThreadId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Thread/get and Thread/changes (RFC 8621 §3). */
final class ThreadType implements JmapType.Getter, JmapType.ChangeLog {
    static JmapType type() {
        ThreadType thread = new ThreadType();
        return new JmapType("Thread", Api.MAIL, thread, thread, null, null);
    }

    @Override
    public String state(JmapAccount account) throws StoreException {
        return account.emails().read(view -> State.of(view.threadState()).toString());
    }

    @Override
    public List<String> defaultProperties() {
        return List.of("id", "emailIds");
    }

    @Override
    public Optional<List<String>> allIds(JmapAccount account, int limit) throws StoreException {
        Set<String> ids = new LinkedHashSet<>();
        account.emails().read(view -> {
            view.forEach(email -> {
                if (ids.size() <= limit) {
                    ids.add(email.thread().id().toString());
                }
            });
            return ids;
        });
        return ids.size() > limit ? Optional.empty() : Optional.of(List.copyOf(ids));
    }

    @Override
    public Map<String, ObjectNode> get(JmapAccount account, List<String> ids, Set<String> properties, Object options)
            throws StoreException {
        return account.emails().read(view -> {
            Map<String, ObjectNode> found = new LinkedHashMap<>();
            for (String id : ids) {
                ThreadId.parse(id).flatMap(view::thread).ifPresent(thread -> found.put(id, show(thread, properties)));
            }
            return found;
        });
    }

    private static ObjectNode show(EmailThread thread, Set<String> properties) {
        ObjectNode shown = Json.object().put("id", thread.id().toString());
        if (properties.contains("emailIds")) {
            shown.set("emailIds", Json.array(thread.emails().stream().map(email -> email.id().toString()).toList()));
        }
        return shown;
    }

    @Override
    public Optional<JmapType.Changes> since(JmapAccount account, long state) throws StoreException {
        return account.emails().read(view -> {
            Optional<List<EmailChange>> emails = state > view.threadState() ? Optional.empty() : view.emailChanges(state);
            if (emails.isEmpty()) {
                return Optional.empty();
            }
            Map<ThreadId, Long> touched = new LinkedHashMap<>();
            Map<ThreadId, Set<String>> added = new HashMap<>();
            for (EmailChange change : emails.get()) {
                boolean otherFlagsOnly = change.shown() && !change.made();
                if (!otherFlagsOnly && change.thread().number() != 0) {
                    touched.merge(change.thread(), change.modSeq(), Math::max);
                    if (change.shown()) {
                        added.computeIfAbsent(change.thread(), _ -> new HashSet<>()).add(change.email().toString());
                    }
                }
            }
            List<JmapType.Change> changes = new ArrayList<>();
            touched.forEach((id, at) -> {
                List<StoredEmail> now = view.thread(id).map(EmailThread::emails).orElse(List.of());
                Set<String> fresh = added.getOrDefault(id, Set.of());
                // A thread that has none of its emails left may have been told of all the same.
                boolean made = !now.isEmpty() && now.stream().allMatch(email -> fresh.contains(email.id().toString()));
                changes.add(new JmapType.Change(id.toString(), at, made, !now.isEmpty()));
            });
            return Optional.of(new JmapType.Changes(view.threadState(), changes));
        });
    }
}
