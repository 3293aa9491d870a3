package io.mailserver.store;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Tells who looks at an account that it has changed. {@link LocalChangeFeed} within this process today; between processes by
 * LISTEN/NOTIFY later (DESIGN §7). What is told is a hint: it may come late, twice, or not at all when a process dies.
 *
 * <p>Safe for use by any thread.
 */
interface ChangeFeed {
    /** Tells all listeners of the account, on this thread or soon after; whoever calls holds no lock that a listener could need. */
    void publish(AccountKey account, Change change);

    /** Has {@code listener} told until the result is closed. */
    AccountMail.Watch subscribe(AccountKey account, Consumer<Change> listener);

    /** Has {@code listener} told of changes of all accounts, until the result is closed; it counts for no account as being watched. */
    AccountMail.Watch subscribeAll(BiConsumer<AccountKey, Change> listener);

    /** Whether anybody listens here. */
    boolean watched(AccountKey account);
}
