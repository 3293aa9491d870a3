package io.mailserver.store;

import io.mailserver.store.Index.Figures;
import io.mailserver.store.Index.Write;
import io.mailserver.store.OpenMailbox.Prepared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Has changed flags reach the disk: one synced write a second for each index that has some. Before a mailbox tells of the first change,
 * it is marked as dirty by a synced write; the mark goes when nothing has changed for a second. A mark that is there after a power cut
 * means that flags may have been told and lost (DESIGN §5).
 *
 * <p>Guarded by the account's lock.
 */
final class FlagSync {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final OpenAccount account;
    private boolean planned;
    private boolean unsynced;

    FlagSync(OpenAccount account) {
        this.account = account;
    }

    /** Commits a change of flags: durable within a second, and marked as doubtful until then. */
    void commit(Prepared prepared, boolean alreadyDirty) throws StoreException {
        account.commit(prepared, !alreadyDirty);
        unsynced |= alreadyDirty;
        plan();
    }

    /** Mailboxes were found dirty whose changes are not lost. */
    void resume() {
        unsynced = true;
        plan();
    }

    private void plan() {
        if (!planned) {
            planned = true;
            account.parts().time().schedule(INTERVAL, this::syncNow);
        }
    }

    private void syncNow() {
        if (account.isClosed()) {
            return;
        }
        try {
            account.exclusively(() -> {
                planned = false;
                run(!unsynced);
                return null;
            });
        } catch (StoreException e) {
            if (!account.isClosed()) {
                account.parts().log().error("store.sync-failed", e, "account", account.key());
                account.parts().time().schedule(INTERVAL, this::syncNow);
            }
        }
    }

    /** @param quiet whether nothing was changed since the last time: then nothing is in doubt any more */
    void run(boolean quiet) throws StoreException {
        List<Prepared> prepared = new ArrayList<>();
        List<Write> writes = new ArrayList<>();
        for (OpenMailbox mailbox : account.mailboxes()) {
            if (mailbox.figures().dirty()) {
                Figures f = mailbox.figures();
                Prepared same = mailbox.figures(new Figures(
                        f.mailbox(), f.uidValidity(), f.messages(), f.unseen(), f.deleted(), f.octets(), f.uidNext(), f.highestModSeq(),
                        f.recentFrom(), !quiet, f.stamp(), f.goneFloor()));
                prepared.add(same);
                writes.addAll(same.writes());
            }
        }
        if (writes.isEmpty()) {
            return;
        }
        account.index().commit(writes, true);
        prepared.forEach(Prepared::accept);
        unsynced = false;
        if (!quiet) {
            plan();
        }
    }
}
