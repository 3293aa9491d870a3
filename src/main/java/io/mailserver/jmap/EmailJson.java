package io.mailserver.jmap;

import io.mailserver.mime.BodyText;
import io.mailserver.mime.ContentDisposition;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.mime.MimePart;
import io.mailserver.mime.TransferEncoding;
import io.mailserver.store.Flag;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoredEmail;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows messages as Email objects (RFC 8621 §4.1). Immutable. */
final class EmailJson {
    /** RFC 8621 §4.2. */
    static final List<String> DEFAULT_PROPERTIES = List.of("id", "blobId", "threadId", "mailboxIds", "keywords", "size", "receivedAt",
            "messageId", "inReplyTo", "references", "sender", "from", "to", "cc", "bcc", "replyTo", "subject", "sentAt",
            "hasAttachment", "preview", "bodyValues", "textBody", "htmlBody", "attachments");

    /** RFC 8621 §4.9. */
    static final List<String> DEFAULT_PARSED_PROPERTIES = List.of("messageId", "inReplyTo", "references", "sender", "from", "to", "cc",
            "bcc", "replyTo", "subject", "sentAt", "hasAttachment", "preview", "bodyValues", "textBody", "htmlBody", "attachments");

    static final List<String> DEFAULT_BODY_PROPERTIES =
            List.of("partId", "blobId", "size", "name", "type", "charset", "disposition", "cid", "language", "location");

    private static final Set<String> OTHER_PROPERTIES = Set.of("headers", "bodyStructure");
    private static final Set<String> OTHER_BODY_PROPERTIES = Set.of("headers", "subParts");

    /** More of a text is cut off whatever the client says: it can download it. */
    private static final long MAX_VALUE_OCTETS = 8 << 20;

    private final Set<String> properties;
    private final Body options;

    /**
     * What is wanted of bodies (RFC 8621 §4.2).
     *
     * @param maxValueOctets 0 for no limit
     */
    record Body(Set<String> properties, boolean textValues, boolean htmlValues, boolean allValues, long maxValueOctets) {
        static Body of(Arguments arguments) throws MethodException {
            List<String> properties = arguments.strings("bodyProperties").orElse(DEFAULT_BODY_PROPERTIES);
            for (String property : properties) {
                boolean known = DEFAULT_BODY_PROPERTIES.contains(property) || OTHER_BODY_PROPERTIES.contains(property)
                        || (property.startsWith("header:") && HeaderProperty.of(property).isPresent());
                if (!known) {
                    throw MethodException.invalidArguments("a body part has no property " + property);
                }
            }
            return new Body(
                    Set.copyOf(properties),
                    arguments.bool("fetchTextBodyValues", false),
                    arguments.bool("fetchHTMLBodyValues", false),
                    arguments.bool("fetchAllBodyValues", false),
                    arguments.unsigned("maxBodyValueBytes").orElse(0));
        }
    }

    EmailJson(Set<String> properties, Body options) {
        this.properties = properties;
        this.options = options;
    }

    static boolean isProperty(String name) {
        return DEFAULT_PROPERTIES.contains(name) || OTHER_PROPERTIES.contains(name) || HeaderProperty.of(name).isPresent();
    }

    /** Whether a property is known without the message's row in the index. */
    static boolean isMetadata(String name) {
        return switch (name) {
            case "id", "blobId", "threadId", "mailboxIds", "keywords", "size", "receivedAt" -> true;
            default -> false;
        };
    }

    /** What is known without looking at the message. */
    static void addMetadata(ObjectNode email, StoredEmail.State state, Set<String> properties) {
        email.put("id", state.id().toString());
        for (String property : properties) {
            switch (property) {
                case "blobId" -> email.put(property, Blob.of(state.id()));
                case "threadId" -> email.put(property, state.thread().toString());
                case "mailboxIds" -> {
                    ObjectNode ids = email.putObject(property);
                    state.places().forEach(place -> ids.put(place.mailbox().toString(), true));
                }
                case "keywords" -> email.set(property, keywords(state.keywords()));
                case "size" -> email.put(property, state.size());
                case "receivedAt" -> email.put(property, state.receivedAt().toString());
                default -> { }
            }
        }
    }

    /** RFC 8621 §4.1.1: lower case, system flags with $. */
    static ObjectNode keywords(Set<Flag> flags) {
        ObjectNode keywords = Json.object();
        flags.forEach(flag -> keywords.put(keyword(flag), true));
        return keywords;
    }

    static String keyword(Flag flag) {
        String name = flag.name().toLowerCase(Locale.ROOT);
        return flag.system() ? "$" + name.substring(1) : name;
    }

    ObjectNode show(EmailSource source) throws StoreException, IOException {
        ObjectNode email = Json.object();
        source.state().ifPresent(state -> addMetadata(email, state, properties));
        for (String property : properties) {
            JsonNode value = value(source, property);
            if (value != null) {
                email.set(property, value);
            }
        }
        return email;
    }

    private @Nullable JsonNode value(EmailSource source, String property) throws StoreException, IOException {
        return switch (property) {
            case "blobId" -> text(source.blobId());
            case "id", "threadId", "mailboxIds", "keywords", "size", "receivedAt" -> source.state().isPresent()
                    ? null
                    : property.equals("size") ? size(source) : Json.object().nullNode();
            case "headers" -> headers(source.header());
            case "hasAttachment" -> Json.object().booleanNode(source.body().hasAttachment());
            case "preview" -> text(source.preview());
            case "bodyStructure" -> part(source, source.body().root(), true);
            case "textBody" -> parts(source, source.body().text());
            case "htmlBody" -> parts(source, source.body().html());
            case "attachments" -> parts(source, source.body().attachments());
            case "bodyValues" -> bodyValues(source);
            default -> {
                HeaderProperty header = HeaderProperty.of(property).orElseThrow();
                yield header.value(source.headerWith(header.lowerField()));
            }
        };
    }

    private static JsonNode size(EmailSource source) throws StoreException, IOException {
        try (InputStream in = source.octets().from(0)) {
            return Json.object().numberNode(in.transferTo(OutputStream.nullOutputStream()));
        }
    }

    private static JsonNode text(String text) {
        return Json.object().stringNode(text);
    }

    private static ArrayNode headers(HeaderBlock header) {
        ArrayNode list = Json.array();
        for (HeaderField field : header.fields()) {
            if (!field.malformed()) {
                list.addObject().put("name", field.name()).put("value", HeaderProperty.raw(field));
            }
        }
        return list;
    }

    private ArrayNode parts(EmailSource source, List<MimePart> parts) throws StoreException, IOException {
        ArrayNode list = Json.array();
        for (MimePart part : parts) {
            list.add(part(source, part, false));
        }
        return list;
    }

    /** An EmailBodyPart (RFC 8621 §4.1.4). */
    private ObjectNode part(EmailSource source, MimePart part, boolean withParts) throws StoreException, IOException {
        ObjectNode shown = Json.object();
        String id = source.body().id(part);
        for (String property : options.properties()) {
            switch (property) {
                case "partId" -> shown.put(property, id);
                case "blobId" -> shown.put(property, id == null ? null : Blob.ofPart(source.blobId(), id));
                case "size" -> shown.put(property, id == null ? part.bodyOctets() : decodedSize(source, part));
                case "name" -> shown.put(property, part.fileName().orElse(null));
                case "type" -> shown.put(property, part.contentType().toString());
                case "charset" -> shown.put(property, charset(part).orElse(null));
                case "disposition" -> shown.put(
                        property, Optional.ofNullable(part.disposition()).map(ContentDisposition::type).orElse(null));
                case "cid" -> shown.put(property, Optional.ofNullable(part.id()).map(EmailJson::withoutBrackets).orElse(null));
                case "language" -> shown.set(
                        property, part.languages().isEmpty() ? Json.object().nullNode() : Json.array(part.languages()));
                case "location" -> shown.put(property, part.location());
                case "headers" -> shown.set(property, headers(source.header(part)));
                case "subParts" -> {
                    if (!withParts || !BodyParts.isContainer(part)) {
                        shown.putNull(property);
                    }
                }
                default -> shown.set(property, HeaderProperty.of(property).orElseThrow().value(source.header(part)));
            }
        }
        if (withParts && BodyParts.isContainer(part)) {
            ArrayNode subParts = shown.putArray("subParts");
            for (MimePart child : part.children()) {
                subParts.add(part(source, child, true));
            }
        }
        return shown;
    }

    private static String withoutBrackets(String id) {
        String stripped = id.strip();
        return stripped.startsWith("<") && stripped.endsWith(">") ? stripped.substring(1, stripped.length() - 1) : stripped;
    }

    /** RFC 8621 §4.1.4: us-ascii where a text does not say. */
    private static Optional<String> charset(MimePart part) {
        if (!part.contentType().isText()) {
            return Optional.empty();
        }
        return Optional.of(part.contentType().parameters().get("charset").orElse("us-ascii"));
    }

    private static long decodedSize(EmailSource source, MimePart part) throws StoreException, IOException {
        if (part.transferEncoding() == TransferEncoding.IDENTITY || part.transferEncoding() == TransferEncoding.UNKNOWN) {
            return part.bodyOctets();
        }
        try (InputStream in = source.octets().decodedBody(part)) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private ObjectNode bodyValues(EmailSource source) throws StoreException, IOException {
        Map<String, MimePart> wanted = new LinkedHashMap<>();
        List<MimePart> candidates = new ArrayList<>();
        if (options.textValues() || options.allValues()) {
            candidates.addAll(source.body().text());
        }
        if (options.htmlValues() || options.allValues()) {
            candidates.addAll(source.body().html());
        }
        if (options.allValues()) {
            candidates.addAll(source.body().leaves());
        }
        for (MimePart part : candidates) {
            String id = source.body().id(part);
            if (id != null && part.contentType().isText()) {
                wanted.put(id, part);
            }
        }
        long limit = options.maxValueOctets() == 0 ? MAX_VALUE_OCTETS : Math.min(MAX_VALUE_OCTETS, options.maxValueOctets());
        ObjectNode values = Json.object();
        for (Map.Entry<String, MimePart> part : wanted.entrySet()) {
            BodyText text = BodyText.of(part.getValue(), source.octets(), limit);
            values.putObject(part.getKey())
                    .put("value", text.value())
                    .put("isEncodingProblem", text.encodingProblem())
                    .put("isTruncated", text.truncated());
        }
        return values;
    }
}
