package io.mailserver.jmap;

import io.mailserver.mime.HeaderBlock;
import io.mailserver.search.SortOrder;
import io.mailserver.store.EmailId;
import io.mailserver.store.EmailParts;
import io.mailserver.store.Flag;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoredEmail;
import io.mailserver.store.ThreadId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How Email/query sorts (RFC 8621 §4.4.2). For one query. */
final class EmailOrder {
    static final List<String> PROPERTIES = List.of("receivedAt", "size", "sentAt", "from", "to", "subject", "hasKeyword",
            "allInThreadHaveKeyword", "someInThreadHaveKeyword");

    /** Rows of the index that are in memory at once. */
    private static final int BATCH = 500;

    private final List<Key> keys;

    /**
     * @param look a number that the email itself shows; null where the index's row is needed
     * @param by what of the row
     */
    private record Key(@Nullable ToLongFunction<StoredEmail> look, SortOrder.@Nullable By by, boolean ascending, boolean mutable) {}

    private EmailOrder(List<Key> keys) {
        this.keys = keys;
    }

    /** @throws MethodException unsupportedSort, invalidArguments */
    static EmailOrder of(List<JsonNode> sort) throws MethodException {
        List<Key> keys = new ArrayList<>();
        for (JsonNode comparator : sort) {
            JsonNode ascending = comparator.path("isAscending");
            if (!ascending.isMissingNode() && !ascending.isBoolean()) {
                throw MethodException.invalidArguments("isAscending must be a Boolean");
            }
            String collation = comparator.path("collation").stringValue("i;unicode-casemap");
            if (!collation.equals("i;unicode-casemap")) {
                throw new MethodException("unsupportedSort", "there is no collation " + collation);
            }
            keys.add(key(comparator, ascending.booleanValue(true)));
        }
        return new EmailOrder(keys);
    }

    private static Key key(JsonNode comparator, boolean ascending) throws MethodException {
        String property = comparator.path("property").stringValue("");
        return switch (property) {
            case "receivedAt" -> new Key(StoredEmail::receivedSeconds, null, ascending, false);
            case "size" -> new Key(StoredEmail::size, null, ascending, false);
            case "sentAt" -> new Key(null, SortOrder.By.DATE, ascending, false);
            case "from" -> new Key(null, SortOrder.By.DISPLAYFROM, ascending, false);
            case "to" -> new Key(null, SortOrder.By.DISPLAYTO, ascending, false);
            case "subject" -> new Key(null, SortOrder.By.SUBJECT, ascending, false);
            case "hasKeyword", "allInThreadHaveKeyword", "someInThreadHaveKeyword" -> {
                String keyword = comparator.path("keyword").stringValue(null);
                if (keyword == null) {
                    throw MethodException.invalidArguments(property + " needs a keyword");
                }
                yield new Key(keyword(property, EmailFilter.flag(keyword).orElse(null)), null, ascending, true);
            }
            default -> throw new MethodException("unsupportedSort", "nothing can be sorted by " + property);
        };
    }

    /** What has the keyword comes behind what has not. */
    private static ToLongFunction<StoredEmail> keyword(String property, @Nullable Flag flag) {
        if (flag == null) {
            return _ -> 0;
        }
        return switch (property) {
            case "hasKeyword" -> email -> email.has(flag) ? 1 : 0;
            case "allInThreadHaveKeyword" -> email -> email.thread().emails().stream().allMatch(each -> each.has(flag)) ? 1 : 0;
            default -> email -> email.thread().emails().stream().anyMatch(each -> each.has(flag)) ? 1 : 0;
        };
    }

    boolean mutable() {
        return keys.stream().anyMatch(Key::mutable);
    }

    /** Whether the rows of emails are needed. */
    boolean needsRows() {
        return keys.stream().anyMatch(key -> key.by() != null);
    }

    /** What rows say of emails, by their ids: one value a key that needs it. */
    Map<EmailId, Object[]> rows(JmapAccount account, List<StoredEmail.State> emails) throws StoreException {
        Map<EmailId, Object[]> values = HashMap.newHashMap(emails.size());
        for (int from = 0; from < emails.size(); from += BATCH) {
            List<StoredEmail.State> some = emails.subList(from, Math.min(emails.size(), from + BATCH));
            Map<EmailId, EmailParts> parts = account.emails().parts(some);
            for (StoredEmail.State state : some) {
                EmailParts known = parts.get(state.id());
                HeaderBlock header = HeaderBlock.parse(known == null ? new byte[0] : known.headers(), HeaderBlock.Limits.DEFAULTS);
                values.put(state.id(), values(header, state));
            }
        }
        return values;
    }

    private Object[] values(HeaderBlock header, StoredEmail.State state) {
        Object[] values = new Object[keys.size()];
        Arrays.setAll(values, i -> {
            SortOrder.By by = keys.get(i).by();
            return by == null ? (Object) 0L : SortOrder.value(by, state.receivedAt(), state.size(), header);
        });
        return values;
    }

    /**
     * Sorts; equals stay in a stable order. Within a view.
     *
     * @param rows as of {@link #rows}; for emails that are missing, nothing is known
     */
    void sort(List<StoredEmail> emails, Map<EmailId, Object[]> rows) {
        if (keys.size() == 1 && keys.getFirst().look() != null) {
            sortByNumber(emails, keys.getFirst());
            return;
        }
        Object[] nothing = values(HeaderBlock.parse(new byte[0], HeaderBlock.Limits.DEFAULTS), NOTHING);
        emails.sort((one, other) -> {
            for (int i = 0; i < keys.size(); i++) {
                Key key = keys.get(i);
                ToLongFunction<StoredEmail> look = key.look();
                int order = look != null
                        ? Long.compare(look.applyAsLong(one), look.applyAsLong(other))
                        : compare(rows.getOrDefault(one.id(), nothing)[i], rows.getOrDefault(other.id(), nothing)[i]);
                if (order != 0) {
                    return key.ascending() ? order : -order;
                }
            }
            return compareIds(one, other);
        });
    }

    private static final StoredEmail.State NOTHING = new StoredEmail.State(
            new EmailId(0), new ThreadId(0), Set.of(), Instant.EPOCH, 0, List.of());

    private static int compare(Object one, Object other) {
        return one instanceof Long number ? number.compareTo((Long) other) : Arrays.compareUnsigned((byte[]) one, (byte[]) other);
    }

    /** Newest first among equals: where many arrive in one second, the last is on top. */
    private static int compareIds(StoredEmail one, StoredEmail other) {
        return Long.compareUnsigned(other.id().number(), one.id().number());
    }

    /** The usual case, without comparing objects: the numbers are taken once. */
    private static void sortByNumber(List<StoredEmail> emails, Key key) {
        record Numbered(long number, StoredEmail email) {}
        ToLongFunction<StoredEmail> look = Objects.requireNonNull(key.look());
        Numbered[] numbered = new Numbered[emails.size()];
        Arrays.setAll(numbered, i -> new Numbered(look.applyAsLong(emails.get(i)), emails.get(i)));
        Arrays.sort(numbered, (one, other) -> {
            int order = key.ascending() ? Long.compare(one.number(), other.number()) : Long.compare(other.number(), one.number());
            return order != 0 ? order : compareIds(one.email(), other.email());
        });
        for (int i = 0; i < numbered.length; i++) {
            emails.set(i, numbered[i].email());
        }
    }
}
