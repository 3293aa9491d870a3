package io.mailserver.jmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A part of a message that a client composes (RFC 8621 §4.6): a text, a blob, or a multipart.
 *
 * @param type such as {@code text/plain}
 * @param fields header fields of its own, with line ends
 * @param text null: a blob or a multipart
 * @param blobId null: a text or a multipart
 */
record DraftPart(String type, String fields, @Nullable String text, @Nullable String blobId, List<DraftPart> children) {
    private static final int MAX_PARTS = 1_000;
    private static final int MAX_DEPTH = 50;

    DraftPart {
        children = List.copyOf(children);
    }

    static DraftPart multipart(String subtype, List<DraftPart> children) {
        return new DraftPart("multipart/" + subtype, "", null, null, children);
    }

    boolean isMultipart() {
        return type.startsWith("multipart/");
    }

    /** Reads the body of an email as a client wants it. */
    static DraftPart of(ObjectNode email) throws SetException {
        JsonNode values = email.path("bodyValues");
        boolean lists = email.hasNonNull("textBody") || email.hasNonNull("htmlBody") || email.hasNonNull("attachments");
        int[] count = {0};
        if (email.hasNonNull("bodyStructure")) {
            if (lists) {
                throw SetException.invalidProperties("bodyStructure and lists of parts are given", "bodyStructure");
            }
            return part(email.get("bodyStructure"), values, "bodyStructure", 0, count);
        }
        Optional<DraftPart> text = single(email, "textBody", "text/plain", values, count);
        Optional<DraftPart> html = single(email, "htmlBody", "text/html", values, count);
        List<DraftPart> embedded = new ArrayList<>();
        List<DraftPart> attached = new ArrayList<>();
        for (JsonNode given : email.path("attachments")) {
            DraftPart part = part(given, values, "attachments", 1, count);
            boolean inline = html.isPresent() && given.hasNonNull("cid")
                    && given.path("disposition").stringValue("inline").equals("inline");
            (inline ? embedded : attached).add(part);
        }
        Optional<DraftPart> shown = html;
        if (html.isPresent() && !embedded.isEmpty()) {
            embedded.addFirst(html.get());
            shown = Optional.of(multipart("related", embedded));
        }
        DraftPart body = text.isPresent() && shown.isPresent()
                ? multipart("alternative", List.of(text.get(), shown.get()))
                : text.or(() -> html.isEmpty() ? Optional.empty() : Optional.of(html.get())).orElse(null);
        if (text.isEmpty() && shown.isPresent()) {
            body = shown.get();
        }
        if (attached.isEmpty()) {
            return body == null ? new DraftPart("text/plain", "", "", null, List.of()) : body;
        }
        if (body != null) {
            attached.addFirst(body);
        }
        return multipart("mixed", attached);
    }

    private static Optional<DraftPart> single(ObjectNode email, String name, String type, JsonNode values, int[] count)
            throws SetException {
        JsonNode given = email.path(name);
        if (given.isMissingNode() || given.isNull()) {
            return Optional.empty();
        }
        if (!given.isArray() || given.size() != 1) {
            throw SetException.invalidProperties(name + " must be a list of one part", name);
        }
        DraftPart part = part(given.get(0), values, name, 1, count);
        if (!part.type().equals(type)) {
            throw SetException.invalidProperties(name + " must be of type " + type, name);
        }
        return Optional.of(part);
    }

    private static DraftPart part(JsonNode given, JsonNode values, String name, int depth, int[] count) throws SetException {
        if (!given.isObject() || depth > MAX_DEPTH || ++count[0] > MAX_PARTS) {
            throw SetException.invalidProperties("not a part, or too many or too deep", name);
        }
        boolean hasParts = given.hasNonNull("subParts");
        String type = given.path("type").stringValue(hasParts ? "multipart/mixed" : null);
        if (type == null) {
            type = given.hasNonNull("blobId") && !name.equals("textBody") ? "application/octet-stream" : "text/plain";
            type = name.equals("htmlBody") ? "text/html" : type;
        }
        type = type.toLowerCase(Locale.ROOT);
        boolean valid = type.matches("[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}") && type.startsWith("multipart/") == hasParts;
        if (!valid) {
            throw SetException.invalidProperties("not a type that the part can have", name + "/type");
        }
        if (hasParts) {
            List<DraftPart> children = new ArrayList<>();
            for (JsonNode child : given.get("subParts")) {
                children.add(part(child, values, name, depth + 1, count));
            }
            return new DraftPart(type, ownFields(given, name), null, null, children);
        }
        String blobId = given.path("blobId").stringValue(null);
        String partId = given.path("partId").stringValue(null);
        if ((blobId == null) == (partId == null)) {
            throw SetException.invalidProperties("a part has either a partId or a blobId", name);
        }
        String fields = fields(given, type, name, partId != null);
        return new DraftPart(type, fields, partId == null ? null : value(values, partId), blobId, List.of());
    }

    private static String value(JsonNode values, String partId) throws SetException {
        JsonNode value = values.path(partId);
        boolean whole = !value.path("isTruncated").booleanValue(false) && !value.path("isEncodingProblem").booleanValue(false);
        if (!value.path("value").isString() || !whole) {
            throw SetException.invalidProperties("bodyValues has no whole text for part " + partId, "bodyValues");
        }
        return value.get("value").stringValue();
    }

    private static String fields(JsonNode given, String type, String name, boolean isText) throws SetException {
        List<String> typeField = new ArrayList<>();
        String fileName = HeaderWriter.single(given.path("name").stringValue(""), name + "/name");
        String charset = given.path("charset").stringValue(null);
        if (charset != null && (isText || !charset.matches("[A-Za-z0-9_.:-]{1,60}"))) {
            throw SetException.invalidProperties("a text's charset is the server's to choose", name + "/charset");
        }
        typeField.add(type);
        if (isText) {
            typeField.add("charset=utf-8");
        } else if (charset != null) {
            typeField.add("charset=" + charset);
        }
        if (!fileName.isEmpty()) {
            typeField.add(HeaderWriter.parameter("name", fileName));
        }
        StringBuilder fields = new StringBuilder(HeaderWriter.fold("Content-Type:", separated(typeField)));
        String disposition = given.path("disposition").stringValue(fileName.isEmpty() ? null : "attachment");
        if (disposition != null) {
            if (!disposition.matches("[A-Za-z0-9_-]{1,40}")) {
                throw SetException.invalidProperties("not a disposition", name + "/disposition");
            }
            List<String> pieces = new ArrayList<>(List.of(disposition));
            if (!fileName.isEmpty()) {
                pieces.add(HeaderWriter.parameter("filename", fileName));
            }
            fields.append(HeaderWriter.fold("Content-Disposition:", separated(pieces)));
        }
        return fields.append(ownFields(given, name)).toString();
    }

    private static List<String> separated(List<String> pieces) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            all.add(pieces.get(i) + (i + 1 < pieces.size() ? ";" : ""));
        }
        return all;
    }

    /** Content-ID and the like, and fields that the client names itself. */
    private static String ownFields(JsonNode given, String name) throws SetException {
        StringBuilder fields = new StringBuilder();
        String cid = given.path("cid").stringValue(null);
        if (cid != null) {
            if (cid.isEmpty() || cid.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '<' || c == '>')) {
                throw SetException.invalidProperties("not a Content-Id", name + "/cid");
            }
            fields.append("Content-ID: <").append(cid).append(">\r\n");
        }
        String location = given.path("location").stringValue(null);
        if (location != null) {
            fields.append(HeaderWriter.fold("Content-Location:", HeaderWriter.words(HeaderWriter.single(location, name + "/location"))));
        }
        if (given.path("language").isArray()) {
            List<String> languages = new ArrayList<>();
            for (JsonNode language : given.get("language")) {
                if (!language.stringValue("").matches("[A-Za-z0-9-]{1,60}")) {
                    throw SetException.invalidProperties("not a language", name + "/language");
                }
                languages.add(language.stringValue());
            }
            fields.append("Content-Language: ").append(String.join(", ", languages)).append("\r\n");
        }
        if (given.hasNonNull("headers")) {
            throw SetException.invalidProperties("fields are set one by one", name + "/headers");
        }
        for (Map.Entry<String, JsonNode> property : given.asObject().properties()) {
            if (property.getKey().startsWith("header:")) {
                HeaderProperty header = HeaderProperty.of(property.getKey())
                        .filter(found -> !found.lowerField().equals("content-transfer-encoding"))
                        .orElseThrow(() -> SetException.invalidProperties("not to be set", name + "/" + property.getKey()));
                fields.append(HeaderWriter.field(header, property.getValue(), name + "/" + property.getKey()));
            }
        }
        return fields.toString();
    }
}
