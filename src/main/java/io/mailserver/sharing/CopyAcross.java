package io.mailserver.sharing;

import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.store.AppendOutcome;
import io.mailserver.store.CopyOutcome;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageList;
import io.mailserver.store.NewMessage;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Copies or moves messages to a mailbox of another account, or to one where not all their flags may be set: they are read and appended,
 * some at a time, and are other emails there. A move removes each lot from the source when it is in the target, so a power cut leaves a
 * message in the source, in both, or in the target.
 */
final class CopyAcross {
    /** They are held together, large ones in files of the spool. */
    private static final int BATCH = 20;

    private static final int BUFFER_OCTETS = 32 << 10;

    private final Mailbox source;
    private final SharedMailbox target;
    private final ContentSpool spool;
    private final UidSet.Builder copied = new UidSet.Builder();
    private final UidSet.Builder copies = new UidSet.Builder();
    private final UidSet.Builder expunged = new UidSet.Builder();

    CopyAcross(Mailbox source, SharedMailbox target, ContentSpool spool) {
        this.source = source;
        this.target = target;
        this.spool = spool;
    }

    CopyOutcome run(UidSet uids, boolean move) throws StoreException {
        MessageList list = source.messages();
        boolean done = false;
        try {
            List<Integer> batch = new ArrayList<>();
            UidSet there = list.select(uids);
            for (int range = 0; range < there.ranges(); range++) {
                for (long uid = Integer.toUnsignedLong(there.first(range)); uid <= Integer.toUnsignedLong(there.last(range)); uid++) {
                    batch.add((int) uid);
                    if (batch.size() == BATCH) {
                        batch(list, batch, move);
                        batch.clear();
                    }
                }
            }
            batch(list, batch, move);
            done = true;
        } finally {
            if (!done && !move) {
                remove(target.inner(), copies.build()); // RFC 9051 §6.4.7: a COPY that fails leaves nothing behind
            }
        }
        int uidValidity = target.inner().messages().uidValidity();
        return new CopyOutcome(uidValidity, copied.build(), copies.build(), expunged.build());
    }

    private void batch(MessageList list, List<Integer> uids, boolean move) throws StoreException {
        List<Content> held = new ArrayList<>();
        UidSet.Builder taken = new UidSet.Builder();
        try {
            List<NewMessage> messages = new ArrayList<>();
            for (int uid : uids) {
                Optional<Content> content = content(uid);
                if (content.isPresent()) {
                    int index = list.indexOf(uid);
                    held.add(content.get());
                    messages.add(new NewMessage(content.get(), list.flagsOf(list.flags(index)), list.internalDate(index)));
                    taken.add(uid);
                }
            }
            if (messages.isEmpty()) {
                return;
            }
            AppendOutcome appended = target.append(messages);
            copied.addAll(taken.build());
            copies.addAll(appended.uids());
        } finally {
            held.forEach(Content::close);
        }
        if (move) {
            expunged.addAll(remove(source, taken.build()));
        }
    }

    /** Empty where the message is gone. */
    private Optional<Content> content(int uid) throws StoreException {
        try (MessageContent stored = source.content(uid);
                InputStream in = stored.open(0, stored.size());
                ContentWriter writer = spool.newContent()) {
            byte[] buffer = new byte[BUFFER_OCTETS];
            for (int read = in.read(buffer, 0, buffer.length); read >= 0; read = in.read(buffer, 0, buffer.length)) {
                writer.write(buffer, 0, read);
            }
            return Optional.of(writer.finish());
        } catch (StoreException e) {
            if (e.reason() == StoreException.Cause.EXPUNGED) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new StoreException(StoreException.Cause.UNAVAILABLE, "The message cannot be read now; try again later", e);
        }
    }

    private static UidSet remove(Mailbox from, UidSet uids) throws StoreException {
        if (uids.isEmpty()) {
            return uids;
        }
        from.store(uids, new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.DELETED)), OptionalLong.empty());
        return from.expunge(Optional.of(uids));
    }
}
