package io.mailserver.jmap;

import io.mailserver.search.Query;
import io.mailserver.store.EmailThread;
import io.mailserver.store.Flag;
import io.mailserver.store.MailboxId;
import io.mailserver.store.StoredEmail;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A filter of Email/query (RFC 8621 §4.4.1): a tree of conditions. What a look at the email decides is told apart from what must be looked
 * for in texts, so that only emails in question are.
 */
sealed interface EmailFilter {
    /** More conditions than anybody's interface can make. */
    int MAX_CONDITIONS = 500;

    /** What is known before texts were looked at. */
    enum Answer {
        YES,
        NO,
        UNKNOWN
    }

    /** All hold. */
    record And(List<EmailFilter> parts) implements EmailFilter {}

    /** One holds. */
    record Or(List<EmailFilter> parts) implements EmailFilter {}

    /** It does not hold. */
    record Not(EmailFilter part) implements EmailFilter {}

    /** @param mutable whether it can change for an email */
    record Look(Test test, boolean mutable) implements EmailFilter {}

    /** Something to look for; found in the end by {@link Texts}. Compared by identity. */
    final class Text implements EmailFilter {
        private final Query query;

        Text(Query query) {
            this.query = query;
        }

        Query query() {
            return query;
        }
    }

    /** Has attachments or not; the index's row of an email tells. */
    final class Attachment implements EmailFilter {
        private final boolean wanted;

        Attachment(boolean wanted) {
            this.wanted = wanted;
        }

        boolean wanted() {
            return wanted;
        }
    }

    /** Looks at an email. */
    @FunctionalInterface
    interface Test {
        boolean holds(StoredEmail email);
    }

    /** What was found in texts. */
    @FunctionalInterface
    interface Texts {
        /** Empty where nobody has looked. */
        Optional<Boolean> holds(EmailFilter condition, StoredEmail email);
    }

    /** Decides as far as it can. */
    default Answer answer(StoredEmail email, Texts texts) {
        return switch (this) {
            case And and -> {
                Answer all = Answer.YES;
                for (EmailFilter part : and.parts()) {
                    Answer one = part.answer(email, texts);
                    if (one == Answer.NO) {
                        yield Answer.NO;
                    }
                    all = one == Answer.UNKNOWN ? one : all;
                }
                yield all;
            }
            case Or or -> {
                Answer any = Answer.NO;
                for (EmailFilter part : or.parts()) {
                    Answer one = part.answer(email, texts);
                    if (one == Answer.YES) {
                        yield Answer.YES;
                    }
                    any = one == Answer.UNKNOWN ? one : any;
                }
                yield any;
            }
            case Not not -> switch (not.part().answer(email, texts)) {
                case YES -> Answer.NO;
                case NO -> Answer.YES;
                case UNKNOWN -> Answer.UNKNOWN;
            };
            case Look look -> look.test().holds(email) ? Answer.YES : Answer.NO;
            case Text text -> of(texts.holds(text, email));
            case Attachment attachment -> of(texts.holds(attachment, email));
        };
    }

    private static Answer of(Optional<Boolean> found) {
        return found.map(holds -> holds ? Answer.YES : Answer.NO).orElse(Answer.UNKNOWN);
    }

    /** The conditions that no look at the email decides. */
    default void addUndecided(List<EmailFilter> found) {
        switch (this) {
            case And and -> and.parts().forEach(part -> part.addUndecided(found));
            case Or or -> or.parts().forEach(part -> part.addUndecided(found));
            case Not not -> not.part().addUndecided(found);
            case Look _ -> { }
            case Text text -> found.add(text);
            case Attachment attachment -> found.add(attachment);
        }
    }

    /** Whether the answer for an email may change. */
    default boolean mutable() {
        return switch (this) {
            case And and -> and.parts().stream().anyMatch(EmailFilter::mutable);
            case Or or -> or.parts().stream().anyMatch(EmailFilter::mutable);
            case Not not -> not.part().mutable();
            case Look look -> look.mutable();
            case Text _, Attachment _ -> false;
        };
    }

    /** @throws MethodException unsupportedFilter, invalidArguments */
    static EmailFilter of(@Nullable JsonNode filter) throws MethodException {
        int[] conditions = {0};
        return filter == null ? new And(List.of()) : parse(filter, conditions);
    }

    private static EmailFilter parse(JsonNode filter, int[] conditions) throws MethodException {
        if (!filter.isObject() || ++conditions[0] > MAX_CONDITIONS) {
            throw MethodException.invalidArguments("a filter must be an object, with at most " + MAX_CONDITIONS + " conditions");
        }
        if (filter.has("operator")) {
            List<EmailFilter> parts = new ArrayList<>();
            if (!filter.path("conditions").isArray()) {
                throw MethodException.invalidArguments("conditions must be a list");
            }
            for (JsonNode part : filter.get("conditions")) {
                parts.add(parse(part, conditions));
            }
            return switch (filter.path("operator").stringValue("")) {
                case "AND" -> new And(parts);
                case "OR" -> new Or(parts);
                case "NOT" -> new Not(new Or(parts));
                default -> throw MethodException.invalidArguments("an operator is AND, OR or NOT");
            };
        }
        List<EmailFilter> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> condition : filter.asObject().properties()) {
            if (!condition.getValue().isNull()) {
                all.add(condition(condition.getKey(), condition.getValue()));
            }
        }
        return all.size() == 1 ? all.getFirst() : new And(all);
    }

    private static EmailFilter condition(String name, JsonNode value) throws MethodException {
        return switch (name) {
            case "inMailbox" -> {
                Optional<MailboxId> mailbox = MailboxId.parse(text(name, value));
                yield new Look(email -> mailbox.isPresent() && email.isIn(mailbox.get()), true);
            }
            case "inMailboxOtherThan" -> {
                Set<MailboxId> mailboxes = new HashSet<>();
                if (!value.isArray()) {
                    throw MethodException.invalidArguments(name + " must be a list of ids");
                }
                for (JsonNode id : value) {
                    MailboxId.parse(text(name, id)).ifPresent(mailboxes::add);
                }
                yield new Look(email -> email.isOutside(mailboxes), true);
            }
            case "before" -> {
                long before = date(name, value).getEpochSecond();
                yield new Look(email -> email.receivedSeconds() < before, false);
            }
            case "after" -> {
                long after = date(name, value).getEpochSecond();
                yield new Look(email -> email.receivedSeconds() >= after, false);
            }
            case "minSize" -> {
                long size = number(name, value);
                yield new Look(email -> email.size() >= size, false);
            }
            case "maxSize" -> {
                long size = number(name, value);
                yield new Look(email -> email.size() < size, false);
            }
            case "allInThreadHaveKeyword", "someInThreadHaveKeyword", "noneInThreadHaveKeyword", "hasKeyword", "notKeyword" ->
                    keyword(name, value);
            case "hasAttachment" -> {
                if (!value.isBoolean()) {
                    throw MethodException.invalidArguments(name + " must be a Boolean");
                }
                yield new Attachment(value.booleanValue());
            }
            case "text" -> words(text(name, value), Query.Text::new);
            case "body" -> words(text(name, value), Query.Body::new);
            case "from", "to", "cc", "bcc", "subject" -> words(text(name, value), word -> new Query.Header(name, word));
            case "header" -> header(value);
            default -> throw new MethodException("unsupportedFilter", "there is no condition " + name);
        };
    }

    private static EmailFilter keyword(String name, JsonNode value) throws MethodException {
        Flag flag = flag(text(name, value)).orElse(null);
        if (flag == null) {
            // What cannot be a keyword nobody has.
            return new Look(_ -> name.startsWith("no"), false);
        }
        return new Look(switch (name) {
            case "hasKeyword" -> email -> email.has(flag);
            case "notKeyword" -> email -> !email.has(flag);
            case "allInThreadHaveKeyword" -> email -> thread(email).stream().allMatch(each -> each.has(flag));
            case "someInThreadHaveKeyword" -> email -> thread(email).stream().anyMatch(each -> each.has(flag));
            default -> email -> thread(email).stream().noneMatch(each -> each.has(flag));
        }, true);
    }

    private static List<StoredEmail> thread(StoredEmail email) {
        EmailThread thread = email.thread();
        return thread.emails();
    }

    /** The flag of a keyword of JMAP (RFC 8621 §4.1.1); empty for what cannot be one. */
    static Optional<Flag> flag(String keyword) {
        Optional<Flag> system = switch (keyword.toLowerCase(Locale.ROOT)) {
            case "$seen" -> Optional.of(Flag.SEEN);
            case "$flagged" -> Optional.of(Flag.FLAGGED);
            case "$answered" -> Optional.of(Flag.ANSWERED);
            case "$draft" -> Optional.of(Flag.DRAFT);
            default -> Optional.empty();
        };
        return system.isPresent() || keyword.startsWith("\\") ? system : Flag.parse(keyword.toLowerCase(Locale.ROOT));
    }

    /** Makes a query of a word. */
    @FunctionalInterface
    interface Words {
        Query of(String word);
    }

    /** RFC 8621 §4.4.1: all words must be there; what stands in quotes is one. */
    private static EmailFilter words(String text, Words words) {
        List<EmailFilter> all = new ArrayList<>();
        for (String word : split(text)) {
            all.add(new Text(words.of(word)));
        }
        return all.size() == 1 ? all.getFirst() : new And(all);
    }

    /** The words and phrases of a text; a backslash takes the meaning from the character after it. */
    static List<String> split(String text) {
        List<String> found = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean atStart = word.isEmpty() && quote == 0;
            boolean escaped = c == '\\' && i + 1 < text.length() && "\\\"'".indexOf(text.charAt(i + 1)) >= 0;
            if (escaped) {
                word.append(text.charAt(++i));
            } else if (quote != 0 ? c == quote : atStart && (c == '"' || c == '\'')) {
                quote = quote == 0 ? c : 0;
                if (quote == 0 && !word.isEmpty()) {
                    found.add(word.toString());
                    word.setLength(0);
                }
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (!word.isEmpty()) {
                    found.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(c);
            }
        }
        if (!word.isEmpty()) {
            found.add(word.toString());
        }
        return found;
    }

    private static EmailFilter header(JsonNode value) throws MethodException {
        boolean valid = value.isArray() && (value.size() == 1 || value.size() == 2) && value.get(0).isString()
                && (value.size() == 1 || value.get(1).isString()) && HeaderProperty.isFieldName(value.get(0).stringValue());
        if (!valid) {
            throw MethodException.invalidArguments("header must be a list of a field's name, and a text or not");
        }
        String text = value.size() == 1 ? "" : value.get(1).stringValue();
        return new Text(new Query.Header(value.get(0).stringValue(), text));
    }

    private static String text(String name, JsonNode value) throws MethodException {
        if (!value.isString()) {
            throw MethodException.invalidArguments(name + " must be a string");
        }
        return value.stringValue();
    }

    private static long number(String name, JsonNode value) throws MethodException {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw MethodException.invalidArguments(name + " must be an integer of 0 or more");
        }
        return value.longValue();
    }

    /** RFC 8620 §1.4 */
    private static Instant date(String name, JsonNode value) throws MethodException {
        try {
            String text = text(name, value);
            if (!text.endsWith("Z")) {
                throw MethodException.invalidArguments(name + " must be in UTC, with a Z");
            }
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw MethodException.invalidArguments(name + " must be a date such as 2026-11-30T12:00:00Z");
        }
    }
}
