package io.mailserver.jmap;

import io.mailserver.mime.AddressList;
import io.mailserver.mime.Charsets;
import io.mailserver.mime.DateTimeText;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.mime.HeaderText;
import io.mailserver.mime.MailAddress;
import io.mailserver.mime.MessageIds;
import java.text.Normalizer;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A property that shows a header field: {@code header:NAME}, with {@code :asFORM} and {@code :all} behind it (RFC 8621 §4.1.3).
 *
 * @param field its name as asked for
 * @param all whether all fields of the name are shown, as a list
 */
record HeaderProperty(String field, Form form, boolean all) {
    private static final Set<String> ADDRESS_FIELDS = Set.of("from", "sender", "reply-to", "to", "cc", "bcc", "resent-from",
            "resent-sender", "resent-reply-to", "resent-to", "resent-cc", "resent-bcc");
    private static final Set<String> ID_FIELDS = Set.of("message-id", "in-reply-to", "references", "resent-message-id");
    private static final Set<String> DATE_FIELDS = Set.of("date", "resent-date");
    private static final Set<String> URL_FIELDS =
            Set.of("list-help", "list-unsubscribe", "list-subscribe", "list-post", "list-owner", "list-archive");
    private static final Set<String> TEXT_FIELDS = Set.of("subject", "comments", "keywords", "list-id");
    /** Defined in RFC 5322, and none of the above. */
    private static final Set<String> RAW_FIELDS = Set.of("return-path", "received");

    /** RFC 8621 §4.1.2. */
    enum Form {
        RAW("asRaw"),
        TEXT("asText"),
        ADDRESSES("asAddresses"),
        GROUPED_ADDRESSES("asGroupedAddresses"),
        MESSAGE_IDS("asMessageIds"),
        DATE("asDate"),
        URLS("asURLs");

        private final String name;

        Form(String name) {
            this.name = name;
        }
    }

    /** The properties that have names of their own (RFC 8621 §4.1.3). */
    static final Map<String, HeaderProperty> NAMED = Map.ofEntries(
            Map.entry("messageId", new HeaderProperty("Message-ID", Form.MESSAGE_IDS, false)),
            Map.entry("inReplyTo", new HeaderProperty("In-Reply-To", Form.MESSAGE_IDS, false)),
            Map.entry("references", new HeaderProperty("References", Form.MESSAGE_IDS, false)),
            Map.entry("sender", new HeaderProperty("Sender", Form.ADDRESSES, false)),
            Map.entry("from", new HeaderProperty("From", Form.ADDRESSES, false)),
            Map.entry("to", new HeaderProperty("To", Form.ADDRESSES, false)),
            Map.entry("cc", new HeaderProperty("Cc", Form.ADDRESSES, false)),
            Map.entry("bcc", new HeaderProperty("Bcc", Form.ADDRESSES, false)),
            Map.entry("replyTo", new HeaderProperty("Reply-To", Form.ADDRESSES, false)),
            Map.entry("subject", new HeaderProperty("Subject", Form.TEXT, false)),
            Map.entry("sentAt", new HeaderProperty("Date", Form.DATE, false)));

    /** The property of that name; empty if it is none of a header, or a form that the field cannot have. */
    static Optional<HeaderProperty> of(String name) {
        HeaderProperty named = NAMED.get(name);
        if (named != null) {
            return Optional.of(named);
        }
        String[] parts = name.split(":", -1);
        if (!parts[0].equals("header") || parts.length < 2 || parts.length > 4 || !isFieldName(parts[1])) {
            return Optional.empty();
        }
        boolean all = parts.length > 2 && parts[parts.length - 1].equals("all");
        int forms = parts.length - (all ? 1 : 0) - 2;
        Form form = Form.RAW;
        if (forms == 1) {
            Optional<Form> named2 = form(parts[2]);
            if (named2.isEmpty()) {
                return Optional.empty();
            }
            form = named2.get();
        } else if (forms > 1) {
            return Optional.empty();
        }
        HeaderProperty property = new HeaderProperty(parts[1], form, all);
        return property.possible() ? Optional.of(property) : Optional.empty();
    }

    private static Optional<Form> form(String name) {
        for (Form form : Form.values()) {
            if (form.name.equals(name)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    /** RFC 5322 §3.6.8. */
    static boolean isFieldName(String name) {
        return !name.isEmpty() && name.length() <= 200 && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':');
    }

    String lowerField() {
        return field.toLowerCase(Locale.ROOT);
    }

    /** Fields that standards define have the forms that fit; all others have every form. */
    private boolean possible() {
        String name = lowerField();
        return switch (form) {
            case RAW -> true;
            case TEXT -> TEXT_FIELDS.contains(name) || !isDefined(name);
            case ADDRESSES, GROUPED_ADDRESSES -> ADDRESS_FIELDS.contains(name) || !isDefined(name);
            case MESSAGE_IDS -> ID_FIELDS.contains(name) || !isDefined(name);
            case DATE -> DATE_FIELDS.contains(name) || !isDefined(name);
            case URLS -> URL_FIELDS.contains(name) || !isDefined(name);
        };
    }

    private static boolean isDefined(String name) {
        return ADDRESS_FIELDS.contains(name) || ID_FIELDS.contains(name) || DATE_FIELDS.contains(name) || URL_FIELDS.contains(name)
                || RAW_FIELDS.contains(name) || (TEXT_FIELDS.contains(name) && !name.equals("list-id"));
    }

    /** The value in a header; null where it is missing. */
    JsonNode value(HeaderBlock header) {
        List<HeaderField> fields = header.all(field);
        if (all) {
            ArrayNode values = Json.array();
            fields.forEach(each -> values.add(value(each)));
            return values;
        }
        // RFC 8621 §4.1.3: the last one.
        return fields.isEmpty() ? JsonNodeFactory.instance.nullNode() : value(fields.getLast());
    }

    private JsonNode value(HeaderField given) {
        return switch (form) {
            case RAW -> text(raw(given));
            case TEXT -> text(Normalizer.normalize(HeaderText.decode(given), Normalizer.Form.NFC).strip());
            case ADDRESSES -> addresses(AddressList.parse(given).mailboxes());
            case GROUPED_ADDRESSES -> grouped(AddressList.parse(given));
            case MESSAGE_IDS -> ids(given);
            case DATE -> DateTimeText.parse(HeaderText.raw(given)).map(HeaderProperty::date).orElse(JsonNodeFactory.instance.nullNode());
            case URLS -> urls(HeaderText.raw(given));
        };
    }

    private static JsonNode text(String text) {
        return JsonNodeFactory.instance.stringNode(text);
    }

    private static JsonNode date(OffsetDateTime date) {
        boolean shown = date.getYear() >= 0 && date.getYear() <= 9999;
        return shown ? text(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(date.withNano(0))) : JsonNodeFactory.instance.nullNode();
    }

    /** The octets behind the colon as they stand there, folds included. */
    static String raw(HeaderField given) {
        return Charsets.guess(given.valueOctets()).replace("\0", "");
    }

    private static JsonNode ids(HeaderField given) {
        List<String> ids = new ArrayList<>();
        MessageIds.parse(HeaderText.raw(given)).forEach(id -> ids.add(id.substring(1, id.length() - 1)));
        return ids.isEmpty() ? JsonNodeFactory.instance.nullNode() : Json.array(ids);
    }

    /** RFC 2369 §2: in angle brackets. */
    private static JsonNode urls(String value) {
        List<String> urls = new ArrayList<>();
        int open = value.indexOf('<');
        while (open >= 0) {
            int close = value.indexOf('>', open);
            if (close < 0) {
                break;
            }
            urls.add(value.substring(open + 1, close).strip());
            open = value.indexOf('<', close);
        }
        return urls.isEmpty() ? JsonNodeFactory.instance.nullNode() : Json.array(urls);
    }

    static ArrayNode addresses(List<MailAddress.Mailbox> mailboxes) {
        ArrayNode list = Json.array();
        for (MailAddress.Mailbox mailbox : mailboxes) {
            ObjectNode address = list.addObject();
            String name = Normalizer.normalize(mailbox.displayName(), Normalizer.Form.NFC).strip();
            if (name.isEmpty()) {
                address.putNull("name");
            } else {
                address.put("name", name);
            }
            address.put("email", mailbox.address());
        }
        return list;
    }

    /** RFC 8621 §4.1.2.4: mailboxes outside groups are in one without a name. */
    private static ArrayNode grouped(AddressList given) {
        ArrayNode groups = Json.array();
        List<MailAddress.Mailbox> loose = new ArrayList<>();
        for (MailAddress entry : given.entries()) {
            switch (entry) {
                case MailAddress.Mailbox mailbox -> loose.add(mailbox);
                case MailAddress.Group group -> {
                    addLoose(groups, loose);
                    groups.addObject().put("name", group.displayName()).set("addresses", addresses(group.members()));
                }
            }
        }
        addLoose(groups, loose);
        return groups;
    }

    private static void addLoose(ArrayNode groups, List<MailAddress.Mailbox> loose) {
        if (!loose.isEmpty()) {
            groups.addObject().putNull("name").set("addresses", addresses(loose));
            loose.clear();
        }
    }
}
