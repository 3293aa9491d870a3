package io.mailserver.imapserver;

import io.mailserver.imap.SequenceSet;
import io.mailserver.store.MessageList;
import io.mailserver.store.UidSet;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one session's client knows of its mailbox: the only class that knows sequence numbers. They count the messages the client was
 * told of, from 1, in order of their UIDs; they change only when an EXPUNGE is told (RFC 9051 §2.3.1.2).
 *
 * <p>The view is the shared list as of the last {@link #advance}, and besides it only the UIDs of messages that are gone and whose end
 * may not be told yet. Messages of that kind keep their numbers.
 *
 * <p>Belongs to the session's thread.
 */
final class MailboxView {
    private static final int[] NONE = {};

    private MessageList list;
    /** UIDs of messages that are gone and that the client still counts, ascending (unsigned). Not in {@link #list}. */
    private int[] gone = NONE;

    /** @param list what the client was told of the mailbox when it selected it */
    MailboxView(MessageList list) {
        this.list = list;
    }

    /**
     * What the client has to be told, in this order: expunges, the number of messages, changed flags.
     *
     * @param expunged UIDs of messages that are no longer counted
     * @param expungedNumbers their sequence numbers as they were before, ascending
     * @param exists how many messages there are now, if that is more than the expunges say
     * @param changed messages known before whose flags (or MODSEQ) changed
     * @param keywordsGrew whether the mailbox has keywords that it did not have before
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Update(UidSet expunged, int[] expungedNumbers, OptionalInt exists, UidSet changed, boolean keywordsGrew) {
        private static final Update NOTHING = new Update(UidSet.EMPTY, NONE, OptionalInt.empty(), UidSet.EMPTY, false);

        boolean isEmpty() {
            return expunged.isEmpty() && exists.isEmpty() && changed.isEmpty() && !keywordsGrew;
        }
    }

    /** The messages that are there, as of the last {@link #advance}. */
    MessageList list() {
        return list;
    }

    /** How many messages the client counts. */
    int size() {
        return list.size() + gone.length;
    }

    /** Whether the client counts messages that are gone. */
    boolean hidesExpunges() {
        return gone.length > 0;
    }

    /**
     * Takes over what the mailbox is now.
     *
     * @param now the mailbox's current list
     * @param tellExpunges whether the client may be told that messages are gone
     * @return what the client must be told for its knowledge to be what this view is from now on
     */
    Update advance(MessageList now, boolean tellExpunges) {
        if (now == list && (gone.length == 0 || !tellExpunges)) {
            return Update.NOTHING;
        }
        MessageList before = list;
        int kept = now.indexFrom(before.uidNext());
        // UIDs only grow: what has a UID of before and is missing is gone, what has none is new.
        UidSet vanished = kept == before.size() ? UidSet.EMPTY : before.uids().minus(now.uids());
        UidSet expunged = UidSet.EMPTY;
        int[] numbers = NONE;
        if (tellExpunges && (gone.length > 0 || !vanished.isEmpty())) {
            int[] all = merged(gone, vanished);
            numbers = new int[all.length];
            UidSet.Builder uids = new UidSet.Builder();
            for (int i = 0; i < all.length; i++) {
                numbers[i] = number(all[i]);
                uids.add(all[i]);
            }
            expunged = uids.build();
            gone = NONE;
        } else if (!vanished.isEmpty()) {
            gone = merged(gone, vanished);
        }
        int arrived = now.size() - kept;
        UidSet changed = changed(before, now);
        list = now;
        return new Update(
                expunged,
                numbers,
                arrived > 0 ? OptionalInt.of(size()) : OptionalInt.empty(),
                changed,
                now.keywords().size() > before.keywords().size());
    }

    private static UidSet changed(MessageList before, MessageList now) {
        if (now.highestModSeq() == before.highestModSeq() || before.uidNext() == 1) {
            return UidSet.EMPTY;
        }
        UidSet changed = now.changedSince(before.highestModSeq());
        return changed.isEmpty() ? changed : changed.intersection(UidSet.range(1, before.uidNext() - 1));
    }

    private static int[] merged(int[] ascending, UidSet more) {
        int[] all = Arrays.copyOf(ascending, ascending.length + (int) more.size());
        int[] next = {ascending.length};
        more.forEach(uid -> all[next[0]++] = uid);
        if (ascending.length > 0) {
            sortUnsigned(all);
        }
        return all;
    }

    private static void sortUnsigned(int[] uids) {
        for (int i = 0; i < uids.length; i++) {
            uids[i] ^= Integer.MIN_VALUE;
        }
        Arrays.sort(uids);
        for (int i = 0; i < uids.length; i++) {
            uids[i] ^= Integer.MIN_VALUE;
        }
    }

    /** The sequence number of the message with this UID; 0 if the client knows none. */
    int numberOf(int uid) {
        return list.indexOf(uid) >= 0 || goneIndex(uid) >= 0 ? number(uid) : 0;
    }

    /** The sequence number of the message at this index of {@link #list}. */
    int numberAt(int index) {
        return gone.length == 0 ? index + 1 : index + 1 + goneBefore(list.uid(index));
    }

    /** One more than how many counted messages have a lower UID. */
    private int number(int uid) {
        return list.indexFrom(uid) + goneBefore(uid) + 1;
    }

    private int goneBefore(int uid) {
        int found = goneIndex(uid);
        return found >= 0 ? found : -found - 1;
    }

    private int goneIndex(int uid) {
        int low = 0;
        int high = gone.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int compared = Integer.compareUnsigned(gone[middle], uid);
            if (compared == 0) {
                return middle;
            }
            if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** The UID of the message with this sequence number, gone or not. */
    int uidOf(int number) {
        if (number < 1 || number > size()) {
            throw new IllegalArgumentException("no message " + number);
        }
        // How many of those gone have lower numbers: their numbers ascend.
        int low = 0;
        int high = gone.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int its = number(gone[middle]);
            if (its == number) {
                return gone[middle];
            }
            if (its < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return list.uid(number - 1 - low);
    }

    /** The highest UID the client knows; 0 in an empty mailbox. */
    int lastUid() {
        int last = list.size() == 0 ? 0 : list.uid(list.size() - 1);
        int lastGone = gone.length == 0 ? 0 : gone[gone.length - 1];
        return Integer.compareUnsigned(last, lastGone) > 0 ? last : lastGone;
    }

    /**
     * The messages that a client means, gone ones included (a command on those is answered with EXPUNGEISSUED).
     *
     * @param numbers not {@code $}
     * @param uid whether they are UIDs; of those it does not matter whether they exist
     * @return empty if a sequence number is larger than there are messages: BAD (RFC 9051 §9, seq-number)
     */
    Optional<UidSet> resolve(SequenceSet numbers, boolean uid) {
        UidSet.Builder uids = new UidSet.Builder();
        if (uid) {
            // RFC 9051 §9: * is the largest UID in use; in an empty mailbox 1:* means nothing that is there
            numbers.forEachRange(Integer.toUnsignedLong(lastUid()), (first, last) -> uids.addRange((int) first, (int) last));
            return Optional.of(known(uids.build()));
        }
        if (numbers.largestNumber() > size() || (size() == 0 && numbers.hasStar())) {
            return Optional.empty();
        }
        numbers.forEachRange(size(), (first, last) -> {
            for (long number = first; number <= last; number++) {
                uids.add(uidOf((int) number));
            }
        });
        return Optional.of(uids.build());
    }

    private UidSet known(UidSet asked) {
        UidSet there = list.select(asked);
        if (gone.length == 0) {
            return there;
        }
        UidSet.Builder ghosts = new UidSet.Builder();
        for (int uid : gone) {
            ghosts.add(uid);
        }
        return there.union(ghosts.build().intersection(asked));
    }

    /** Those of {@code uids} that are there no more though the client counts them. */
    UidSet goneAmong(UidSet uids) {
        if (gone.length == 0) {
            return UidSet.EMPTY;
        }
        UidSet.Builder among = new UidSet.Builder();
        for (int uid : gone) {
            if (uids.contains(uid)) {
                among.add(uid);
            }
        }
        return among.build();
    }

    /** The sequence numbers of messages of this view, as a client may read a set. */
    String numbersOf(UidSet uids) {
        UidSet.Builder numbers = new UidSet.Builder();
        uids.forEach(uid -> {
            int number = numberOf(uid);
            if (number > 0) {
                numbers.add(number);
            }
        });
        return numbers.build().toString();
    }
}
