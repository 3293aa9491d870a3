package io.mailserver.jmap;

import io.mailserver.store.AccountKey;

/**
 * Who asks.
 *
 * @param name the address
 * @param accountId of the user's own account in JMAP
 */
public record JmapUser(String name, String accountId, AccountKey account) {}
