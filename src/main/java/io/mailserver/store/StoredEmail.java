package io.mailserver.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One email of an account with all its copies (RFC 8474 §5.1), as {@link AccountEmails.View} shows it: looked at only while the view is
 * open, except for what {@link #state} copies. Copies with \Deleted are not shown (RFC 8621 §4.1.1).
 */
public final class StoredEmail extends Numbered {
    /** Marks places whose message has \Deleted. */
    private static final long DELETED_BIT = Long.MIN_VALUE;

    private final EmailThread thread;
    /** Mailbox in the upper half, UID in the lower; those that are shown first. */
    private long[] places = {};

    private int shown;
    private int date;
    private int size;
    private Set<Flag> keywords = Set.of();

    StoredEmail(long number, EmailThread thread) {
        super(number);
        this.thread = thread;
    }

    /**
     * What is known of an email at one moment.
     *
     * @param keywords flags that any copy has, but \Seen only if all have it; never \Deleted
     * @param places where its copies are; at least one
     */
    public record State(EmailId id, ThreadId thread, Set<Flag> keywords, Instant receivedAt, long size, List<Place> places) {}

    /** A copy. */
    public record Place(MailboxId mailbox, int uid) {}

    /** A copy of all that is known, good for ever. */
    public State state() {
        List<Place> copies = new ArrayList<>(shown);
        for (int i = 0; i < shown; i++) {
            copies.add(place(places[i]));
        }
        return new State(id(), new ThreadId(thread.number()), keywords, receivedAt(), size(), List.copyOf(copies));
    }

    /** Which email it is. */
    public EmailId id() {
        return new EmailId(number());
    }

    /** The conversation it belongs to. */
    public EmailThread thread() {
        return thread;
    }

    /** Whether a copy is in that mailbox. */
    public boolean isIn(MailboxId mailbox) {
        for (int i = 0; i < shown; i++) {
            if ((int) (places[i] >>> Integer.SIZE) == mailbox.number()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a copy is in a mailbox that is none of these. */
    public boolean isOutside(Set<MailboxId> mailboxes) {
        for (int i = 0; i < shown; i++) {
            if (!mailboxes.contains(place(places[i]).mailbox())) {
                return true;
            }
        }
        return false;
    }

    /** As {@link State#keywords}. */
    public boolean has(Flag keyword) {
        return keywords.contains(keyword);
    }

    /** When it arrived: seconds since 1970. */
    public long receivedSeconds() {
        return Integer.toUnsignedLong(date);
    }

    /** When it arrived. */
    public Instant receivedAt() {
        return Instant.ofEpochSecond(receivedSeconds());
    }

    /** Octets as served. */
    public long size() {
        return Integer.toUnsignedLong(size);
    }

    // What follows is for the owner of the view.

    boolean visible() {
        return shown > 0;
    }

    boolean placed() {
        return places.length > 0;
    }

    boolean unread() {
        return !keywords.contains(Flag.SEEN) && !keywords.contains(Flag.DRAFT);
    }

    private static Place place(long packed) {
        return new Place(new MailboxId((int) ((packed & ~DELETED_BIT) >>> Integer.SIZE)), (int) packed);
    }

    /** All copies, also those with \Deleted. */
    List<Place> allPlaces() {
        return Arrays.stream(places).mapToObj(StoredEmail::place).toList();
    }

    /** The mailboxes of the copies that are shown; one may come twice. */
    int[] mailboxes() {
        int[] numbers = new int[shown];
        for (int i = 0; i < shown; i++) {
            numbers[i] = (int) (places[i] >>> Integer.SIZE);
        }
        return numbers;
    }

    void add(int mailbox, int uid) {
        places = Arrays.copyOf(places, places.length + 1);
        places[places.length - 1] = packed(mailbox, uid);
    }

    void remove(int mailbox, int uid) {
        long wanted = packed(mailbox, uid);
        places = Arrays.stream(places).filter(place -> (place & ~DELETED_BIT) != wanted).toArray();
    }

    private static long packed(int mailbox, int uid) {
        return ((long) mailbox << Integer.SIZE) | Integer.toUnsignedLong(uid);
    }

    /** Looks at a message in a list. */
    interface Lists {
        MessageList of(int mailbox);
    }

    /** Reads flags, date and size from the messages anew. */
    void look(Lists lists, KeywordSets sets) {
        long[] kept = new long[places.length];
        int front = 0;
        int back = places.length;
        boolean allSeen = true;
        Set<Flag> union = Set.of();
        for (long place : places) {
            int mailbox = (int) ((place & ~DELETED_BIT) >>> Integer.SIZE);
            MessageList list = lists.of(mailbox);
            int index = list.indexOf((int) place);
            long flags = list.flags(index);
            if ((flags & MessageList.DELETED) != 0) {
                kept[--back] = place | DELETED_BIT;
                continue;
            }
            if (front == 0) {
                date = (int) list.internalDate(index).getEpochSecond();
                size = (int) list.size(index);
            }
            kept[front++] = place & ~DELETED_BIT;
            allSeen &= (flags & MessageList.SEEN) != 0;
            union = sets.union(union, sets.of(mailbox, list, flags & ~MessageList.SEEN));
        }
        places = kept;
        shown = front;
        keywords = allSeen && shown > 0 ? sets.union(union, KeywordSets.SEEN) : union;
    }
}
