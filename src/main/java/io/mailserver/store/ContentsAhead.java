package io.mailserver.store;

import io.mailserver.store.Index.FileRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads small messages in groups: one question to the index and one piece of work for the pool for all of a group. */
final class ContentsAhead implements MessageContents {
    private static final int MAX_GROUP = 32;
    /** Larger ones are opened when their turn comes, and read piece by piece. */
    private static final int SMALL_OCTETS = 64 << 10;

    private static final int MAX_GROUP_OCTETS = 256 << 10;

    private final OpenAccount account;
    private final OpenMailbox mailbox;
    private final StoredMailbox messages;
    private final MessageList list;
    private final UidSet uids;
    private final Map<Integer, MessageContent> ready = new HashMap<>();
    /** Where in {@link #uids} the last group ended. */
    private int range;

    ContentsAhead(OpenAccount account, OpenMailbox mailbox, StoredMailbox messages, MessageList list, UidSet uids) {
        this.account = account;
        this.mailbox = mailbox;
        this.messages = messages;
        this.list = list;
        this.uids = uids;
    }

    @Override
    public MessageContent of(int uid) throws StoreException {
        MessageContent known = ready.remove(uid);
        if (known != null) {
            return known;
        }
        close();
        readFrom(uid);
        MessageContent read = ready.remove(uid);
        // What could not be read is tried again by itself, to be found under another name or to say what is wrong.
        return read == null ? messages.content(uid) : read;
    }

    private void readFrom(int uid) throws StoreException {
        List<Integer> group = group(uid);
        if (group.size() < 2) {
            return;
        }
        UidSet.Builder wanted = new UidSet.Builder();
        group.forEach(index -> wanted.add(list.uid(index)));
        messages.checkThere();
        List<FileRow> rows = account.index().files(mailbox.id().number(), wanted.build());
        List<Blobs.Known> files = new ArrayList<>(rows.size());
        for (FileRow row : rows) {
            files.add(new Blobs.Known(row.file(), list.size(list.indexOf(row.uid()))));
        }
        List<Optional<MessageContent>> contents = messages.open(files);
        for (int i = 0; i < contents.size(); i++) {
            if (contents.get(i).isPresent()) {
                ready.put(rows.get(i).uid(), contents.get(i).get());
            }
        }
    }

    /** The message and those after it that are wanted, as indexes. */
    private List<Integer> group(int uid) {
        List<Integer> group = new ArrayList<>();
        long octets = 0;
        for (range = rangeOf(uid); range < uids.ranges(); range++) {
            int end = uids.last(range) == -1 ? list.size() : list.indexFrom(uids.last(range) + 1);
            int begin = Integer.compareUnsigned(uids.first(range), uid) > 0 ? uids.first(range) : uid;
            for (int index = list.indexFrom(begin); index < end; index++) {
                octets += list.size(index);
                if (list.size(index) > SMALL_OCTETS || octets > MAX_GROUP_OCTETS || group.size() == MAX_GROUP) {
                    return group;
                }
                group.add(index);
            }
        }
        return group;
    }

    /** The first range that does not end before a message; mostly the one that was looked at last. */
    private int rangeOf(int uid) {
        int at = range < uids.ranges() && Integer.compareUnsigned(uids.first(range), uid) <= 0 ? range : 0;
        while (at < uids.ranges() && Integer.compareUnsigned(uids.last(at), uid) < 0) {
            at++;
        }
        return at;
    }

    @Override
    public void close() {
        ready.values().forEach(MessageContent::close);
        ready.clear();
    }
}
