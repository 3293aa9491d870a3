package io.mailserver.sharing;

import io.mailserver.account.AccountRef;
import io.mailserver.store.StoreException;
import java.util.List;
import java.util.Optional;

/** What sharing needs to know of other accounts. Any thread; calls may block. */
public interface SharingDirectory {
    /** Anyone, as a grantee of {@link #note}. */
    long ANYONE = 0;

    /**
     * The account that has just this address and is in use; no alias, no detail, no catch-all.
     *
     * @throws StoreException UNAVAILABLE
     */
    Optional<AccountRef> account(String address) throws StoreException;

    /**
     * The accounts that may have something to share with this one: all that do, perhaps more.
     *
     * @throws StoreException UNAVAILABLE
     */
    List<AccountRef> sharers(AccountRef with) throws StoreException;

    /**
     * Remembers that an owner has granted something, or that nothing is granted any more. Durable when it returns.
     *
     * @param grantee the number of an account, or {@link #ANYONE}
     * @throws StoreException UNAVAILABLE
     */
    void note(AccountRef owner, long grantee, boolean granted) throws StoreException;
}
