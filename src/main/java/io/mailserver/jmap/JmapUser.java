package io.mailserver.jmap;

import io.mailserver.account.Account;
import io.mailserver.store.AccountKey;

/**
 * Who asks.
 *
 * @param name the address
 * @param accountId of the user's own account in JMAP
 */
public record JmapUser(String name, String accountId, AccountKey account) {
    static JmapUser of(Account account) {
        return new JmapUser(
                account.address().toString(), "a" + account.id(), new AccountKey(account.domain(), account.localPart()));
    }
}
