package io.mailserver.simulation;

import io.mailserver.imap.BodyStructure;
import io.mailserver.imap.Envelope;
import io.mailserver.mime.MimeMessage;
import io.mailserver.mime.MimeParser;
import io.mailserver.mime.MimeStructure;
import io.mailserver.store.AppendOutcome;
import io.mailserver.store.Changes;
import io.mailserver.store.CopyOutcome;
import io.mailserver.store.EmailParts;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxStatus;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageField;
import io.mailserver.store.MessageList;
import io.mailserver.store.MessageLists;
import io.mailserver.store.MessageRow;
import io.mailserver.store.NewMessage;
import io.mailserver.store.StoreException;
import io.mailserver.store.StoreOutcome;
import io.mailserver.store.ThreadId;
import io.mailserver.store.UidSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** One mailbox of {@link MemoryMail}. Any thread: one lock, held for memory work only. */
public final class MemoryMailbox implements Mailbox {
    private final MemoryMail mail;
    private final MailboxInfo info;
    private final Map<Integer, Stored> messages = new LinkedHashMap<>();
    private final Map<Integer, Long> vanished = new TreeMap<>();
    private final List<Flag> keywords = new ArrayList<>();
    private int uidNext = 1;
    private int recentFrom = 1;
    private long highest = 1;
    private boolean deleted;
    private MessageList list;

    private static final class Stored {
        final byte[] octets;
        final Instant date;
        final long email;
        long flags;
        long modSeq;

        Stored(byte[] octets, Instant date, long email, long flags, long modSeq) {
            this.octets = octets;
            this.date = date;
            this.email = email;
            this.flags = flags;
            this.modSeq = modSeq;
        }
    }

    MemoryMailbox(MemoryMail mail, MailboxInfo info) {
        this.mail = mail;
        this.info = info;
        list = build();
    }

    private MessageList build() {
        List<MessageLists.Message> all = new ArrayList<>();
        messages.forEach((uid, stored) -> all.add(new MessageLists.Message(
                uid, stored.flags, stored.modSeq, stored.email, stored.octets.length, (int) stored.date.getEpochSecond())));
        return MessageLists.of(info.uidValidity(), all, uidNext, highest, List.copyOf(keywords));
    }

    private void check() throws StoreException {
        mail.mayFail();
        if (deleted) {
            throw MemoryMail.noSuchMailbox();
        }
    }

    synchronized void delete() {
        deleted = true;
    }

    synchronized MailboxStatus status() {
        return new MailboxStatus(list.size(), list.unseen(), list.deleted(), uidNext - recentFrom, uidNext, info.uidValidity(),
                highest, list.octets());
    }

    /** A message with these octets arrives. */
    public void arrive(byte[] octets, Instant date) {
        synchronized (this) {
            put(octets, date, 0, uidNext);
            list = build();
        }
        mail.changed(id());
    }

    /** The octets of the last message. */
    synchronized byte[] last() {
        byte[] last = new byte[0];
        for (Stored stored : messages.values()) {
            last = stored.octets;
        }
        return last;
    }

    private int put(byte[] octets, Instant date, long flags, long email) {
        highest = mail.nextModSeq();
        messages.put(uidNext, new Stored(octets, date, email, flags, highest));
        return uidNext++;
    }

    @Override
    public MailboxId id() {
        return info.id();
    }

    @Override
    public synchronized MessageList messages() throws StoreException {
        check();
        return list;
    }

    @Override
    public <X extends Exception> void read(MessageList from, UidSet uids, Set<MessageField> fields, RowConsumer<X> consumer)
            throws StoreException, X {
        check();
        for (int index = 0; index < from.size(); index++) {
            int uid = from.uid(index);
            Stored stored;
            synchronized (this) {
                stored = messages.get(uid);
            }
            if (stored != null && uids.contains(uid)) {
                consumer.accept(new MessageRow(uid, index, new ThreadId(stored.email), stored.date, parts(stored.octets)));
            }
        }
    }

    private static EmailParts parts(byte[] octets) {
        MimeMessage message = MimeParser.parse(octets, MimeParser.Limits.DEFAULTS);
        StringBuilder headers = new StringBuilder();
        message.header().fields().stream()
                .filter(field -> EmailParts.HEADER_FIELDS.contains(field.name().toLowerCase(java.util.Locale.ROOT)))
                .forEach(field -> headers.append(new String(field.octets(), StandardCharsets.ISO_8859_1)));
        return new EmailParts(
                Envelope.render(message.header()),
                BodyStructure.render(message),
                new byte[0],
                headers.toString().getBytes(StandardCharsets.ISO_8859_1),
                "preview".getBytes(StandardCharsets.UTF_8),
                MimeStructure.encode(message.root()));
    }

    @Override
    public synchronized MessageContent content(int uid) throws StoreException {
        check();
        Stored stored = messages.get(uid);
        if (stored == null) {
            throw new StoreException(StoreException.Cause.EXPUNGED, "The message is gone");
        }
        return new Served(stored.octets);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Served(byte[] octets) implements MessageContent {
        @Override
        public long size() {
            return octets.length;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) {
            int count = (int) Math.min(length, octets.length - position);
            System.arraycopy(octets, (int) position, into, offset, count);
            return count;
        }

        @Override
        public InputStream open(long position, long length) {
            return new ByteArrayInputStream(octets, (int) position, (int) length);
        }

        @Override
        public void close() {
            // Memory.
        }
    }

    @Override
    public StoreOutcome store(UidSet uids, FlagChange change, OptionalLong unchangedSince) throws StoreException {
        UidSet.Builder changed = new UidSet.Builder();
        UidSet.Builder modified = new UidSet.Builder();
        synchronized (this) {
            check();
            long mask = 0;
            for (Flag flag : change.flags()) {
                mask |= bit(flag);
            }
            long now = mail.nextModSeq();
            for (Map.Entry<Integer, Stored> entry : messages.entrySet()) {
                Stored stored = entry.getValue();
                if (!uids.contains(entry.getKey())) {
                    continue;
                }
                if (unchangedSince.isPresent() && stored.modSeq > unchangedSince.getAsLong()) {
                    modified.add(entry.getKey());
                    continue;
                }
                long flags = switch (change.kind()) {
                    case ADD -> stored.flags | mask;
                    case REMOVE -> stored.flags & ~mask;
                    case REPLACE -> mask;
                };
                if (flags != stored.flags) {
                    stored.flags = flags;
                    stored.modSeq = now;
                    highest = now;
                    changed.add(entry.getKey());
                }
            }
            list = build();
        }
        mail.changed(id());
        return new StoreOutcome(changed.build(), modified.build(), highest);
    }

    private long bit(Flag flag) {
        if (!flag.system() && !keywords.contains(flag)) {
            keywords.add(flag);
        }
        return flag.system() ? 1L << Flag.SYSTEM.indexOf(flag) : 1L << (MessageList.FIRST_KEYWORD + keywords.indexOf(flag));
    }

    @Override
    public UidSet expunge(Optional<UidSet> uids) throws StoreException {
        UidSet gone;
        synchronized (this) {
            check();
            UidSet.Builder found = new UidSet.Builder();
            messages.forEach((uid, stored) -> {
                if ((stored.flags & MessageList.DELETED) != 0 && (uids.isEmpty() || uids.get().contains(uid))) {
                    found.add(uid);
                }
            });
            gone = found.build();
            remove(gone);
        }
        mail.changed(id());
        return gone;
    }

    private void remove(UidSet gone) {
        if (gone.isEmpty()) {
            return;
        }
        highest = mail.nextModSeq();
        gone.forEach(uid -> {
            messages.remove(uid);
            vanished.put(uid, highest);
        });
        list = build();
    }

    @Override
    public AppendOutcome append(List<NewMessage> all) throws StoreException {
        UidSet.Builder uids = new UidSet.Builder();
        synchronized (this) {
            check();
            for (NewMessage message : all) {
                try (InputStream in = message.content().open()) {
                    long flags = 0;
                    for (Flag flag : message.flags()) {
                        flags |= bit(flag);
                    }
                    uids.add(put(in.readAllBytes(), message.date(), flags, uidNext));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            list = build();
        }
        mail.changed(id());
        return new AppendOutcome(info.uidValidity(), uids.build());
    }

    @Override
    public CopyOutcome copy(UidSet uids, MailboxId target) throws StoreException {
        return transfer(uids, mail.mailbox(target), false);
    }

    @Override
    public CopyOutcome move(UidSet uids, MailboxId target) throws StoreException {
        return transfer(uids, mail.mailbox(target), true);
    }

    private CopyOutcome transfer(UidSet uids, MemoryMailbox target, boolean move) throws StoreException {
        Map<Integer, Stored> taken = new LinkedHashMap<>();
        List<Flag> names;
        synchronized (this) {
            check();
            messages.forEach((uid, stored) -> {
                if (uids.contains(uid)) {
                    taken.put(uid, stored);
                }
            });
            names = List.copyOf(keywords);
            if (move) {
                UidSet.Builder gone = new UidSet.Builder();
                taken.keySet().forEach(gone::add);
                remove(gone.build());
            }
        }
        UidSet.Builder source = new UidSet.Builder();
        UidSet.Builder copies = new UidSet.Builder();
        synchronized (target) {
            taken.forEach((uid, stored) -> {
                source.add(uid);
                long flags = stored.flags & ((1L << MessageList.FIRST_KEYWORD) - 1);
                for (int i = 0; i < names.size(); i++) {
                    if ((stored.flags & (1L << (MessageList.FIRST_KEYWORD + i))) != 0) {
                        flags |= target.bit(names.get(i));
                    }
                }
                copies.add(target.put(stored.octets, stored.date, flags, stored.email));
            });
            target.list = target.build();
        }
        mail.changed(target.id());
        mail.changed(id());
        return new CopyOutcome(target.info.uidValidity(), source.build(), copies.build(), move ? source.build() : UidSet.EMPTY);
    }

    @Override
    public synchronized Changes changesSince(long modSeq) throws StoreException {
        check();
        UidSet.Builder gone = new UidSet.Builder();
        vanished.forEach((uid, when) -> {
            if (when > modSeq) {
                gone.add(uid);
            }
        });
        return new Changes(list.changedSince(modSeq), gone.build(), highest);
    }

    @Override
    public synchronized int claimRecent(boolean examine) {
        int from = recentFrom;
        if (!examine) {
            recentFrom = uidNext;
        }
        return from;
    }
}
