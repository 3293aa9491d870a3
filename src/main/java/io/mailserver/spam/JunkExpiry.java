package io.mailserver.spam;

import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MessageField;
import io.mailserver.store.MessageList;
import io.mailserver.store.SpecialUse;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Empties Junk of what has lain there for long: expunged as a client would, so that a power cut leaves each message whole or gone.
 * Counted is from when a message came into Junk, or from when it was received if that is later. No other mailbox is ever touched.
 *
 * <p>For a thread that may block; one account after the other.
 */
public final class JunkExpiry {
    /** Expunged together: what a session waits for behind it stays short. */
    private static final int BATCH = 200;

    private final JunkTraining.MailOpener opener;
    private final Time time;
    private final EventLog log;

    public JunkExpiry(JunkTraining.MailOpener opener, Time time, EventLog log) {
        this.opener = opener;
        this.time = time;
        this.log = log;
    }

    /**
     * Expunges what is too old in one account's Junk.
     *
     * @param keep zero or less for ever
     * @return how many messages are gone
     */
    public int empty(AccountKey account, Duration keep) throws StoreException {
        if (!keep.isPositive()) {
            return 0;
        }
        try (AccountMail mail = opener.open(account)) {
            Optional<MailboxInfo> junk = mail.mailboxes().find(SpecialUse.JUNK);
            if (junk.isEmpty()) {
                return 0;
            }
            int gone = empty(mail.mailbox(junk.get().id()), time.now().minus(keep));
            if (gone > 0) {
                log.info("spam.junk-emptied", "account", account, "messages", gone);
            }
            return gone;
        }
    }

    private static int empty(Mailbox junk, Instant limit) throws StoreException {
        MessageList list = junk.messages();
        UidSet.Builder received = new UidSet.Builder();
        int candidates = 0;
        for (int i = 0; i < list.size(); i++) {
            if (list.internalDate(i).isBefore(limit)) {
                received.add(list.uid(i));
                candidates++;
            }
        }
        if (candidates == 0) {
            return 0;
        }
        Batch batch = new Batch(junk);
        junk.read(list, received.build(), Set.of(MessageField.SAVE_DATE), row -> {
            Instant saved = row.saveDate();
            if (saved != null && saved.isBefore(limit)) {
                batch.add(row.uid());
            }
        });
        batch.expunge();
        return batch.gone;
    }

    private static final class Batch {
        private final Mailbox junk;
        private UidSet.Builder uids = new UidSet.Builder();
        private int size;
        private int gone;

        Batch(Mailbox junk) {
            this.junk = junk;
        }

        void add(int uid) throws StoreException {
            uids.add(uid);
            size++;
            if (size == BATCH) {
                expunge();
            }
        }

        void expunge() throws StoreException {
            if (size > 0) {
                UidSet old = uids.build();
                junk.store(old, new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.DELETED)), OptionalLong.empty());
                junk.expunge(Optional.of(old));
                gone += size;
                uids = new UidSet.Builder();
                size = 0;
            }
        }
    }
}
