package io.mailserver.search;

import io.mailserver.base.Time;
import io.mailserver.store.AccountMail;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageContents;
import io.mailserver.store.MessageField;
import io.mailserver.store.MessageList;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adds to an account's index what it lacks, for a bounded time, and takes out what is gone when that is much. By one thread. */
final class IndexingPass {
    private static final Set<MessageField> STRUCTURE = Set.of(MessageField.PARTS);
    /** Between looks at the clock. */
    private static final int STEP_MESSAGES = 50;

    private static final int WRITE_OCTETS = 1 << 20;
    /** Fewer texts of expunged messages, and fewer than one in so many, are not worth writing the file anew. */
    private static final int MIN_GONE = 16;

    private final AccountMail mail;
    private final TextFile file;
    private final Progress progress;
    private final Time time;
    private final long deadlineNanos;
    private final List<TextFile.Text> batch = new ArrayList<>();
    private long batchOctets;

    /** What was indexed: up to which MODSEQ each mailbox. */
    static final class Progress {
        private final Map<MailboxId, Long> done = new HashMap<>();
    }

    IndexingPass(AccountMail mail, TextFile file, Progress progress, Time time, Duration atMost) {
        this.mail = mail;
        this.file = file;
        this.progress = progress;
        this.time = time;
        this.deadlineNanos = time.nanos() + atMost.toNanos();
    }

    /** Whether there is more to do. */
    boolean run() throws StoreException, IOException {
        if (file.damaged()) {
            file.compact(email -> true);
            progress.done.clear();
        }
        long messages = 0;
        for (MailboxInfo info : mail.mailboxes().all()) {
            Mailbox mailbox = mail.mailbox(info.id());
            MessageList list = mailbox.known();
            messages += list.size();
            if (!index(mailbox, list, progress.done.getOrDefault(info.id(), 0L))) {
                return true;
            }
            progress.done.put(info.id(), list.highestModSeq());
        }
        if (file.count() > messages + messages / MIN_GONE + MIN_GONE) {
            removeGone();
        }
        return false;
    }

    /** False if the time was over before all was done. */
    private boolean index(Mailbox mailbox, MessageList list, long sinceModSeq) throws StoreException, IOException {
        if (list.highestModSeq() <= sinceModSeq) {
            return true;
        }
        UidSet missing = missing(list, sinceModSeq);
        UidSet.Builder step = new UidSet.Builder();
        int stepSize = 0;
        for (int range = 0; range < missing.ranges(); range++) {
            int index = list.indexOf(missing.first(range));
            int end = list.indexOf(missing.last(range));
            for (; index <= end; index++) {
                step.add(list.uid(index));
                if (++stepSize == STEP_MESSAGES) {
                    add(mailbox, list, step.build());
                    if (time.nanos() - deadlineNanos > 0) {
                        write();
                        return false;
                    }
                    step = new UidSet.Builder();
                    stepSize = 0;
                }
            }
        }
        add(mailbox, list, step.build());
        write();
        return true;
    }

    private UidSet missing(MessageList list, long sinceModSeq) {
        UidSet.Builder missing = new UidSet.Builder();
        list.changedSince(sinceModSeq).forEach(uid -> {
            if (!file.contains(list.emailId(list.indexOf(uid)).number())) {
                missing.add(uid);
            }
        });
        return missing.build();
    }

    private void add(Mailbox mailbox, MessageList list, UidSet uids) throws StoreException, IOException {
        if (!uids.isEmpty()) {
            try (MessageContents contents = mailbox.contents(list, uids)) {
                mailbox.<IOException>read(list, uids, STRUCTURE, row -> {
                    long email = list.emailId(list.indexOf(row.uid())).number();
                    read(contents, row.uid(), email, row.cached().structure());
                });
            }
        }
    }

    private void read(MessageContents contents, int uid, long email, byte[] structure) throws IOException {
        try (MessageContent content = contents.of(uid)) {
            TextFile.Text text = MessageReader.text(email, content, structure);
            batch.add(text);
            batchOctets += text.octets().length;
        } catch (StoreException e) {
            if (e.reason() != StoreException.Cause.EXPUNGED) {
                throw new IOException("message " + Integer.toUnsignedString(uid) + " cannot be read: " + e.getMessage(), e);
            }
        }
        if (batchOctets >= WRITE_OCTETS) {
            write();
        }
    }

    private void write() throws IOException {
        file.append(batch);
        batch.clear();
        batchOctets = 0;
    }

    private void removeGone() throws StoreException, IOException {
        LongSet there = new LongSet();
        for (MailboxInfo info : mail.mailboxes().all()) {
            MessageList list = mail.mailbox(info.id()).known();
            for (int i = 0; i < list.size(); i++) {
                there.add(list.emailId(i).number());
            }
        }
        file.compact(there::contains);
    }
}
