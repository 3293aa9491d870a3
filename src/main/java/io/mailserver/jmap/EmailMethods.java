package io.mailserver.jmap;

import io.mailserver.base.Content;
import io.mailserver.base.ContentWriter;
import io.mailserver.mime.DateTimeText;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderText;
import io.mailserver.store.Flag;
import io.mailserver.store.MailboxId;
import io.mailserver.store.NewMessage;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The methods of emails that are none of the standard ones: Email/import, Email/parse, Email/copy, Blob/copy (RFC 8621 §4.7 to §4.9). */
final class EmailMethods {
    private static final int BUFFER_OCTETS = 64 << 10;

    private EmailMethods() {}

    static void addTo(MethodTable methods) {
        methods.add("Email/import", Api.MAIL, EmailMethods::importEmails);
        methods.add("Email/parse", Api.MAIL, EmailMethods::parse);
        methods.add("Email/copy", Api.MAIL, EmailMethods::copy);
        methods.add("Blob/copy", Api.CORE, EmailMethods::copy);
        methods.add("SearchSnippet/get", Api.MAIL, new SearchSnippets());
    }

    /** A user has one account only, so there is no other one to copy from (RFC 8620 §5.4, §6.3). */
    private static ObjectNode copy(MethodCall call) throws MethodException, StoreException {
        String to = call.arguments().string("accountId");
        String from = call.arguments().string("fromAccountId");
        call.exchange().account(to);
        if (from.equals(to)) {
            throw MethodException.invalidArguments("fromAccountId and accountId must be two accounts");
        }
        throw new MethodException("fromAccountNotFound", "");
    }

    /** RFC 8621 §4.8. */
    private static ObjectNode importEmails(MethodCall call) throws MethodException, StoreException {
        JmapAccount account = call.account();
        Arguments arguments = call.arguments();
        Optional<String> ifInState = arguments.optionalString("ifInState");
        ObjectNode emails = arguments.object("emails").orElseThrow(() -> MethodException.invalidArguments("emails is missing"));
        arguments.rejectOthers();
        int limit = account.services().config().maxObjectsInSet();
        if (emails.size() > limit) {
            throw new MethodException("requestTooLarge", "at most " + limit + " emails");
        }
        String oldState = new EmailType().state(account);
        if (ifInState.isPresent() && !ifInState.get().equals(oldState)) {
            throw new MethodException("stateMismatch", "the state is " + oldState);
        }
        ObjectNode created = Json.object();
        ObjectNode notCreated = Json.object();
        for (Map.Entry<String, JsonNode> email : emails.properties()) {
            try {
                ObjectNode made = importOne(account, email.getValue());
                created.set(email.getKey(), made);
                call.exchange().created(email.getKey(), made.path("id").stringValue(""));
            } catch (SetException e) {
                notCreated.set(email.getKey(), e.toJson());
            } catch (StoreException e) {
                notCreated.set(email.getKey(), SetException.of(e).toJson());
            } catch (IOException e) {
                throw new StoreException(StoreException.Cause.UNAVAILABLE, "The message cannot be read now", e);
            }
        }
        ObjectNode response = Json.object()
                .put("accountId", account.id())
                .put("oldState", oldState)
                .put("newState", new EmailType().state(account));
        response.set("created", created.isEmpty() ? Json.object().nullNode() : created);
        response.set("notCreated", notCreated.isEmpty() ? Json.object().nullNode() : notCreated);
        return response;
    }

    private static ObjectNode importOne(JmapAccount account, JsonNode email) throws SetException, StoreException, IOException {
        String blobId = email.path("blobId").stringValue("");
        List<MailboxId> mailboxes = EmailSetter.mailboxes(account, email.path("mailboxIds"));
        Set<Flag> keywords = EmailSetter.keywords(email.path("keywords"));
        Optional<Blob> found = Blob.open(account, blobId);
        if (found.isEmpty()) {
            throw SetException.invalidProperties("there is no such blob", "blobId");
        }
        try (Blob blob = found.get(); ContentWriter writer = account.services().uploads().newContent()) {
            try (InputStream in = blob.open()) {
                byte[] buffer = new byte[BUFFER_OCTETS];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    writer.write(buffer, 0, read);
                }
            }
            HeaderBlock header;
            try (InputStream in = blob.open()) {
                header = HeaderBlock.split(in, HeaderBlock.Limits.DEFAULTS).header();
            }
            if (header.fields().stream().allMatch(field -> field.malformed())) {
                throw new SetException("invalidEmail", "this is no message: it has no header");
            }
            Instant received = email.hasNonNull("receivedAt")
                    ? EmailSetter.received(account, email.path("receivedAt"))
                    : received(header).orElse(EmailSetter.received(account, email.path("receivedAt")));
            try (Content content = writer.finish()) {
                return EmailSetter.added(account, new NewMessage(content, keywords, received), mailboxes);
            }
        }
    }

    /** RFC 8621 §4.8: the time in the topmost Received field. */
    private static Optional<Instant> received(HeaderBlock header) {
        return header.first("Received")
                .map(HeaderText::raw)
                .filter(value -> value.lastIndexOf(';') >= 0)
                .flatMap(value -> DateTimeText.parse(value.substring(value.lastIndexOf(';') + 1)))
                .map(OffsetDateTime::toInstant)
                .filter(time -> time.getEpochSecond() >= 0 && time.getEpochSecond() <= 0xffff_ffffL);
    }

    /** RFC 8621 §4.9. */
    private static ObjectNode parse(MethodCall call) throws MethodException, StoreException {
        JmapAccount account = call.account();
        Arguments arguments = call.arguments();
        List<String> blobIds = arguments.strings("blobIds").orElseThrow(() -> MethodException.invalidArguments("blobIds is missing"));
        List<String> properties = arguments.strings("properties").orElse(EmailJson.DEFAULT_PARSED_PROPERTIES);
        EmailJson.Body body = EmailJson.Body.of(arguments);
        arguments.rejectOthers();
        for (String property : properties) {
            if (!EmailJson.isProperty(property)) {
                throw MethodException.invalidArguments("there is no property " + property);
            }
        }
        int limit = account.services().config().maxObjectsInGet();
        if (blobIds.size() > limit) {
            throw new MethodException("requestTooLarge", "at most " + limit + " blobs");
        }
        EmailJson json = new EmailJson(new LinkedHashSet<>(properties), body);
        Map<String, ObjectNode> parsed = new LinkedHashMap<>();
        List<String> notFound = new ArrayList<>();
        List<String> notParsable = new ArrayList<>();
        for (String blobId : new LinkedHashSet<>(blobIds)) {
            try {
                Optional<Blob> blob = Blob.open(account, call.exchange().resolve(blobId));
                if (blob.isEmpty()) {
                    notFound.add(blobId);
                    continue;
                }
                try (EmailSource source = EmailSource.of(blobId, blob.get())) {
                    if (source.header().fields().stream().allMatch(field -> field.malformed())) {
                        notParsable.add(blobId);
                    } else {
                        parsed.put(blobId, json.show(source));
                    }
                }
            } catch (IOException e) {
                throw new StoreException(StoreException.Cause.UNAVAILABLE, "The blob cannot be read now", e);
            }
        }
        ObjectNode response = Json.object().put("accountId", account.id());
        ObjectNode all = Json.object();
        parsed.forEach(all::set);
        response.set("parsed", all.isEmpty() ? Json.object().nullNode() : all);
        response.set("notParsable", notParsable.isEmpty() ? Json.object().nullNode() : Json.array(notParsable));
        response.set("notFound", notFound.isEmpty() ? Json.object().nullNode() : Json.array(notFound));
        return response;
    }
}
