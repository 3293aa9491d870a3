package io.mailserver.store;

import io.mailserver.store.Index.Event;
import io.mailserver.store.Index.Write;
import java.util.Arrays;
import java.util.List;

/**
 * The account's log in its index: changes of mailboxes are written by this, those of emails by the index itself with the commit that makes
 * them. Guarded by the account's lock.
 */
final class AccountLog {
    private final OpenAccount account;
    private long treeModSeq;

    AccountLog(OpenAccount account) {
        this.account = account;
    }

    /**
     * Notes that mailboxes are being made or changed, and has it told. Before the change: then no crash leaves one that the log does not
     * know.
     *
     * @return the number of the change
     */
    long tree(Event event, int... mailboxes) throws StoreException {
        long modSeq = account.nextModSeq();
        long[] numbers = Arrays.stream(mailboxes).asLongStream().toArray();
        account.index().commit(List.of(new Write.Log(modSeq, event, numbers)), true);
        treeModSeq = modSeq;
        account.announce(new Change.MailboxTree(modSeq));
        return modSeq;
    }

    /** The number of the last change that was none of messages, since the account was opened; else 0. */
    long treeModSeq() {
        return treeModSeq;
    }

    /** Has nobody rely on what the log says of changes until now: some are not in it. Takes the lock. */
    void forget() throws StoreException {
        account.exclusively(() -> {
            account.index().commit(List.of(new Write.PutLogFloor(account.nextModSeq())), true);
            return account;
        });
    }

    /** Where nobody has asked for changes yet, the log is good from {@code state} on. Takes the lock. */
    void begin(long state) throws StoreException {
        account.exclusively(() -> {
            if (account.index().logFloor().isEmpty()) {
                account.index().commit(List.of(new Write.PutLogFloor(state)), false);
            }
            return account;
        });
    }
}
