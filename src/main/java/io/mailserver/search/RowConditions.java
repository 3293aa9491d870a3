package io.mailserver.search;

import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.mime.HeaderText;
import io.mailserver.store.EmailParts;
import io.mailserver.store.MessageField;
import io.mailserver.store.MessageList;
import io.mailserver.store.MessageRow;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides conditions by what the index of the store has of a message: its list and its row. For one thread. */
final class RowConditions {
    private static final byte[] ENCODED_WORD = {'=', '?'};

    private final MessageList list;
    private final Map<String, Needle> needles = new HashMap<>();
    private final OctetBuffer mapped = new OctetBuffer(1 << 10);

    RowConditions(MessageList list) {
        this.list = list;
    }

    /** What a condition costs to decide. */
    enum Cost {
        /** By the list in memory. */
        LIST,
        /** By the message's row in the store's index. */
        ROW,
        /** By its text. */
        TEXT
    }

    static Cost cost(Query query) {
        return switch (query) {
            case Query.And and -> most(and.parts());
            case Query.Or or -> most(or.parts());
            case Query.Not not -> cost(not.part());
            case Query.Header header -> isUsual(header.name()) ? Cost.ROW : Cost.TEXT;
            case Query.Body _ -> Cost.TEXT;
            case Query.Fuzzy _ -> Cost.TEXT;
            case Query.Text _ -> Cost.TEXT;
            case Query.Saved _ -> Cost.ROW;
            case Query.Sent _ -> Cost.ROW;
            case Query.InThread _ -> Cost.ROW;
            default -> Cost.LIST;
        };
    }

    private static Cost most(Iterable<Query> parts) {
        Cost cost = Cost.LIST;
        for (Query part : parts) {
            Cost one = cost(part);
            cost = one.compareTo(cost) > 0 ? one : cost;
        }
        return cost;
    }

    private static boolean isUsual(String name) {
        return EmailParts.HEADER_FIELDS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Whether the fields that the search index has apart decide a condition, with the list. */
    static boolean byFields(Query query) {
        return switch (query) {
            case Query.And and -> and.parts().stream().allMatch(RowConditions::byFields);
            case Query.Or or -> or.parts().stream().allMatch(RowConditions::byFields);
            case Query.Not not -> byFields(not.part());
            case Query.Header header -> TextTerms.FIELDS.contains(header.name().toLowerCase(Locale.ROOT));
            default -> cost(query) == Cost.LIST;
        };
    }

    /** What has to be read of a row for a condition. */
    static Set<MessageField> fields(Query query) {
        Set<MessageField> fields = EnumSet.noneOf(MessageField.class);
        addFields(query, fields);
        return fields;
    }

    private static void addFields(Query query, Set<MessageField> fields) {
        switch (query) {
            case Query.And and -> and.parts().forEach(part -> addFields(part, fields));
            case Query.Or or -> or.parts().forEach(part -> addFields(part, fields));
            case Query.Not not -> addFields(not.part(), fields);
            case Query.Header _ -> fields.add(MessageField.PARTS);
            case Query.Sent _ -> fields.add(MessageField.PARTS);
            case Query.Saved _ -> fields.add(MessageField.SAVE_DATE);
            case Query.InThread _ -> fields.add(MessageField.THREAD_ID);
            default -> { }
        }
    }

    /** Decides a condition by the list alone. */
    boolean test(Query query, int index) {
        return switch (query) {
            case Query.And and -> and.parts().stream().allMatch(part -> test(part, index));
            case Query.Or or -> or.parts().stream().anyMatch(part -> test(part, index));
            case Query.Not not -> !test(not.part(), index);
            case Query.All _ -> true;
            case Query.Uids uids -> uids.uids().contains(list.uid(index));
            case Query.HasFlag flag -> (list.flags(index) & list.bitOf(flag.flag())) != 0;
            case Query.Larger larger -> list.size(index) > larger.octets();
            case Query.Smaller smaller -> list.size(index) < smaller.octets();
            case Query.Internal range -> within(list.internalDate(index), range.from(), range.before());
            case Query.ModSeq modSeq -> list.modSeq(index) >= modSeq.atLeast();
            case Query.Email email -> list.emailId(index).toString().equals(email.id());
            case Query.Header header -> throw needsMore(header);
            case Query.Body body -> throw needsMore(body);
            case Query.Text text -> throw needsMore(text);
            case Query.Fuzzy fuzzy -> throw needsMore(fuzzy);
            case Query.Saved saved -> throw needsMore(saved);
            case Query.Sent sent -> throw needsMore(sent);
            case Query.InThread thread -> throw needsMore(thread);
        };
    }

    private static IllegalArgumentException needsMore(Query query) {
        return new IllegalArgumentException("not to be decided by the list: " + query.getClass().getSimpleName());
    }

    /** Decides a condition by a row with its {@link #fields}. */
    boolean test(Query query, MessageRow row) {
        return switch (query) {
            case Query.And and -> {
                boolean all = true;
                for (Query part : and.parts()) {
                    all = all && test(part, row);
                }
                yield all;
            }
            case Query.Or or -> {
                boolean any = false;
                for (Query part : or.parts()) {
                    any = any || test(part, row);
                }
                yield any;
            }
            case Query.Not not -> !test(not.part(), row);
            case Query.Header header -> hasField(row.cached().headers(), header);
            case Query.Sent sent -> within(sentDay(row), sent.from(), sent.before());
            case Query.Saved saved -> row.saveDate() != null && within(row.saveDate(), saved.from(), saved.before());
            case Query.InThread thread -> row.threadId() != null && row.threadId().toString().equals(thread.id());
            default -> test(query, row.index());
        };
    }

    private static <T extends Comparable<? super T>> boolean within(T value, @Nullable T from, @Nullable T before) {
        return (from == null || value.compareTo(from) >= 0) && (before == null || value.compareTo(before) < 0);
    }

    private LocalDate sentDay(MessageRow row) {
        HeaderBlock header = HeaderBlock.parse(row.cached().headers(), HeaderBlock.Limits.DEFAULTS);
        return SentDate.of(header).map(OffsetDateTime::toLocalDate)
                .orElseGet(() -> LocalDate.ofInstant(internalDate(row), ZoneOffset.UTC));
    }

    private Instant internalDate(MessageRow row) {
        return list.internalDate(row.index());
    }

    /** Works on octets: most rows are passed without a text being made of them. */
    private boolean hasField(byte[] headers, Query.Header wanted) {
        Needle needle = needles.computeIfAbsent(wanted.text(), Needle::new);
        for (HeaderField field : HeaderBlock.parse(headers, HeaderBlock.Limits.DEFAULTS).fields()) {
            if (field.is(wanted.name()) && (needle.length() == 0 || contains(headers, field, needle))) {
                return true;
            }
        }
        return false;
    }

    private boolean contains(byte[] headers, HeaderField field, Needle needle) {
        mapped.clear();
        if (!mapPlain(headers, field.valueStart(), field.end())) {
            mapped.clear();
            UnicodeCasemap.append(HeaderText.decode(field), mapped);
        }
        return needle.find(mapped.array(), 0, mapped.length()) >= 0;
    }

    /** Maps a value of ASCII without encoded words, unfolds and strips it; false if it is something else. */
    private boolean mapPlain(byte[] octets, int valueStart, int valueEnd) {
        int from = valueStart;
        int to = valueEnd;
        while (from < to && octets[from] <= ' ' && octets[from] > 0) {
            from++;
        }
        while (to > from && octets[to - 1] <= ' ' && octets[to - 1] > 0) {
            to--;
        }
        for (int i = from; i < to; i++) {
            byte octet = octets[i];
            boolean word = octet == ENCODED_WORD[0] && i + 1 < to && octets[i + 1] == ENCODED_WORD[1];
            if (octet <= 0 || word) {
                return false;
            }
            boolean lineEnd = octet == '\n' || (octet == '\r' && i + 1 < to && octets[i + 1] == '\n');
            if (!lineEnd) {
                mapped.add(octet >= 'a' && octet <= 'z' ? octet - ('a' - 'A') : octet);
            }
        }
        return true;
    }
}
