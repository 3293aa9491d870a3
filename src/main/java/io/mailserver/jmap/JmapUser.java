package io.mailserver.jmap;

import io.mailserver.account.Account;
import io.mailserver.store.AccountKey;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param name the address
 * @param number of the user's own account in {@code system.db}
 * @param device where the user signed in; empty for a name and password with the request
 * @param client where the request comes from
 */
public record JmapUser(String name, long number, AccountKey account, Optional<Long> device, InetAddress client) {
    static JmapUser of(Account account, Optional<Long> device, InetAddress client) {
        AccountKey key = new AccountKey(account.domain(), account.localPart());
        return new JmapUser(account.address().toString(), account.id(), key, device, client);
    }

    /** The id of the user's own account in JMAP. */
    public String accountId() {
        return "a" + number;
    }
}
