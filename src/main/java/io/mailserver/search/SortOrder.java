package io.mailserver.search;

import io.mailserver.mime.AddressList;
import io.mailserver.mime.BaseSubject;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderText;
import io.mailserver.mime.MailAddress;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MessageField;
import io.mailserver.store.MessageList;
import io.mailserver.store.MessageRow;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/** How messages are ordered (RFC 5256 §3, RFC 5957 §4): by a property, among equals by the next, at last by their place. */
public final class SortOrder {
    private static final Set<By> IN_LIST = EnumSet.of(By.ARRIVAL, By.RELEVANCY, By.SIZE);

    private final List<Key> keys;

    /** A property of messages. */
    public enum By {
        /** The time of receipt. */
        ARRIVAL,
        /** The local part of the first address. */
        CC,
        /** The sent date in UTC; that of receipt where there is none (RFC 5256 §2.2). */
        DATE,
        /** The name of the first address, or else the address. */
        DISPLAYFROM,
        DISPLAYTO,
        FROM,
        /** How well it fits the search, the best first (RFC 6203 §6). */
        RELEVANCY,
        SIZE,
        /** The base subject (RFC 5256 §2.1). */
        SUBJECT,
        TO
    }

    /** @param reverse the highest first */
    public record Key(By by, boolean reverse) {}

    public SortOrder(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /** Whether it depends on how well messages fit a search. */
    public boolean byRelevancy() {
        return keys.stream().anyMatch(key -> key.by == By.RELEVANCY);
    }

    /** The values of one message, one for each key: numbers, or texts in the form of {@link UnicodeCasemap}. */
    record Values(int uid, List<Object> values) {}

    /**
     * The messages of {@code uids} that are in the mailbox, in this order.
     *
     * @param relevancy of each UID, as {@link MailboxSearch#relevancy} says
     * @return their UIDs
     */
    public int[] sort(Mailbox mailbox, MessageList list, UidSet uids, IntUnaryOperator relevancy) throws StoreException {
        boolean byList = keys.stream().allMatch(key -> IN_LIST.contains(key.by));
        Set<MessageField> fields = byList ? EnumSet.noneOf(MessageField.class) : EnumSet.of(MessageField.PARTS);
        List<Values> messages = new ArrayList<>();
        mailbox.read(list, uids, fields, row -> messages.add(values(list, row, relevancy)));
        return sorted(messages);
    }

    /** @param messages in the order of the mailbox */
    int[] sorted(List<Values> messages) {
        List<Values> ordered = new ArrayList<>(messages);
        ordered.sort(this::compare); // Stable: equals stay in the order of the mailbox.
        return ordered.stream().mapToInt(Values::uid).toArray();
    }

    private int compare(Values one, Values other) {
        for (int i = 0; i < keys.size(); i++) {
            int order = compareValues(one.values.get(i), other.values.get(i));
            if (order != 0) {
                return keys.get(i).reverse ? -order : order;
            }
        }
        return 0;
    }

    private static int compareValues(Object one, Object other) {
        return one instanceof Long number ? number.compareTo((Long) other) : Arrays.compareUnsigned((byte[]) one, (byte[]) other);
    }

    private Values values(MessageList list, MessageRow row, IntUnaryOperator relevancy) {
        HeaderBlock header = row.parts() == null
                ? HeaderBlock.parse(new byte[0], HeaderBlock.Limits.DEFAULTS)
                : HeaderBlock.parse(row.cached().headers(), HeaderBlock.Limits.DEFAULTS);
        int index = list.indexOf(row.uid());
        return new Values(row.uid(), keys.stream().map(key -> key.by == By.RELEVANCY
                ? -(long) relevancy.applyAsInt(row.uid())
                : value(key.by, list, index, header)).toList());
    }

    static Object value(By by, MessageList list, int index, HeaderBlock header) {
        return value(by, list.internalDate(index), list.size(index), header);
    }

    /**
     * What a message is sorted by: a {@link Long}, or the octets of a text that are compared as unsigned ones.
     *
     * @param header with the fields of {@link io.mailserver.store.EmailParts#HEADER_FIELDS}
     */
    public static Object value(By by, Instant arrival, long size, HeaderBlock header) {
        return switch (by) {
            case ARRIVAL -> arrival.getEpochSecond();
            case SIZE -> size;
            case RELEVANCY -> throw new IllegalArgumentException("it is no property of a message");
            case DATE -> SentDate.of(header).map(OffsetDateTime::toEpochSecond).orElseGet(arrival::getEpochSecond);
            case SUBJECT -> UnicodeCasemap.octets(subject(header).text());
            case FROM -> localPart(header, "From");
            case TO -> localPart(header, "To");
            case CC -> localPart(header, "Cc");
            case DISPLAYFROM -> display(header, "From");
            case DISPLAYTO -> display(header, "To");
        };
    }

    static BaseSubject subject(HeaderBlock header) {
        return BaseSubject.of(header.first("Subject").map(HeaderText::decode).orElse(""));
    }

    /** RFC 5256 §3: the addr-mailbox of the first address, as ENVELOPE has it: of a group that is its name. */
    private static byte[] localPart(HeaderBlock header, String field) {
        return AddressList.of(header, field).entries().stream().findFirst()
                .map(address -> UnicodeCasemap.octets(switch (address) {
                    case MailAddress.Mailbox mailbox -> mailbox.localPart();
                    case MailAddress.Group group -> group.name();
                })).orElse(new byte[0]);
    }

    /** RFC 5957 §3. */
    private static byte[] display(HeaderBlock header, String field) {
        return AddressList.of(header, field).entries().stream().findFirst()
                .map(address -> UnicodeCasemap.octets(switch (address) {
                    case MailAddress.Mailbox mailbox -> mailbox.displayName().isEmpty() ? mailbox.address() : mailbox.displayName();
                    case MailAddress.Group group -> group.displayName();
                })).orElse(new byte[0]);
    }
}
