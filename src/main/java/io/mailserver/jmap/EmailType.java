package io.mailserver.jmap;

import io.mailserver.store.AccountEmails;
import io.mailserver.store.EmailId;
import io.mailserver.store.EmailParts;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoredEmail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Email/get and Email/changes (RFC 8621 §4.2, §4.3). */
final class EmailType implements JmapType.Getter, JmapType.ChangeLog {
    /** What of the index is in memory at once. */
    private static final int BATCH = 200;

    static JmapType type() {
        EmailType email = new EmailType();
        return new JmapType("Email", Api.MAIL, email, email, new EmailQuery(), new EmailSetter());
    }

    @Override
    public String state(JmapAccount account) throws StoreException {
        return account.emails().read(view -> State.of(view.emailState()).toString());
    }

    @Override
    public List<String> defaultProperties() {
        return EmailJson.DEFAULT_PROPERTIES;
    }

    @Override
    public boolean isProperty(String name) {
        return EmailJson.isProperty(name);
    }

    @Override
    public Optional<List<String>> allIds(JmapAccount account, int limit) throws StoreException {
        List<String> ids = new ArrayList<>();
        account.emails().read(view -> {
            view.forEach(email -> {
                if (ids.size() <= limit) {
                    ids.add(email.id().toString());
                }
            });
            return ids;
        });
        return ids.size() > limit ? Optional.empty() : Optional.of(ids);
    }

    @Override
    public Object options(Arguments arguments) throws MethodException {
        return EmailJson.Body.of(arguments);
    }

    @Override
    public Map<String, ObjectNode> get(JmapAccount account, List<String> ids, Set<String> properties, Object options)
            throws StoreException {
        List<StoredEmail.State> states = states(account.emails(), ids);
        Map<String, ObjectNode> found = LinkedHashMap.newLinkedHashMap(states.size());
        if (properties.stream().allMatch(EmailJson::isMetadata)) {
            for (StoredEmail.State state : states) {
                ObjectNode email = Json.object();
                EmailJson.addMetadata(email, state, properties);
                found.put(state.id().toString(), email);
            }
            return found;
        }
        EmailJson json = new EmailJson(properties, (EmailJson.Body) options);
        for (int from = 0; from < states.size(); from += BATCH) {
            List<StoredEmail.State> some = states.subList(from, Math.min(states.size(), from + BATCH));
            Map<EmailId, EmailParts> parts = account.emails().parts(some);
            for (StoredEmail.State state : some) {
                EmailParts known = parts.get(state.id());
                if (known != null) {
                    shown(account, state, known, json::show).ifPresent(email -> found.put(state.id().toString(), email));
                }
            }
        }
        return found;
    }

    /** Makes a record of a message. */
    @FunctionalInterface
    interface Shower {
        ObjectNode show(EmailSource source) throws StoreException, IOException;
    }

    /** Records of another type that are made of emails, by the emails' ids. */
    static Map<String, ObjectNode> each(JmapAccount account, List<String> ids, Set<String> properties, Shower shower)
            throws StoreException {
        Map<String, ObjectNode> found = new LinkedHashMap<>();
        List<StoredEmail.State> states = states(account.emails(), ids);
        Map<EmailId, EmailParts> parts = account.emails().parts(states);
        for (StoredEmail.State state : states) {
            String id = state.id().toString();
            EmailParts known = parts.get(state.id());
            if (known != null) {
                shown(account, state, known, shower).ifPresent(record -> found.put(id, AccountRecords.shown(id, record, properties)));
            }
        }
        return found;
    }

    /** A record of an email; empty if the email is gone meanwhile. */
    static Optional<ObjectNode> shown(JmapAccount account, StoredEmail.State state, EmailParts parts, Shower shower)
            throws StoreException {
        try (EmailSource source = EmailSource.of(account, state, parts)) {
            return Optional.of(shower.show(source));
        } catch (StoreException e) {
            if (e.reason() == StoreException.Cause.EXPUNGED) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new StoreException(StoreException.Cause.UNAVAILABLE, "The message cannot be read now", e);
        }
    }

    static List<StoredEmail.State> states(AccountEmails emails, List<String> ids) throws StoreException {
        return emails.read(view -> {
            List<StoredEmail.State> states = new ArrayList<>(ids.size());
            for (String id : ids) {
                EmailId.parse(id).flatMap(view::email).map(StoredEmail::state).ifPresent(states::add);
            }
            return states;
        });
    }

    @Override
    public Optional<JmapType.Changes> since(JmapAccount account, long state) throws StoreException {
        return account.emails().read(view -> view.emailChanges(state).map(changes -> new JmapType.Changes(
                view.emailState(),
                changes.stream()
                        .map(change -> new JmapType.Change(change.email().toString(), change.modSeq(), change.made(), change.shown()))
                        .toList())));
    }
}
