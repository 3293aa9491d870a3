package io.mailserver.sharing;

import io.mailserver.account.AccountRef;
import java.util.Optional;

/**
 * Who an entry of a list is about (RFC 4314 §2). Stored as {@code 17:bob@example.com}, {@code anyone}, and with {@code -} in front where
 * the entry takes rights away.
 *
 * @param account the number of the account; 0 for anyone
 * @param address for people to read; where the account is another since, its number tells
 * @param negative whether these rights are taken away
 */
record Grantee(long account, String address, boolean negative) {
    static final String ANYONE = "anyone";

    static Grantee anyone(boolean negative) {
        return new Grantee(0, ANYONE, negative);
    }

    static Grantee of(AccountRef account, boolean negative) {
        return new Grantee(account.id(), account.address().toString(), negative);
    }

    /** Of what {@link #stored} made; empty for what it did not. */
    static Optional<Grantee> parse(String stored) {
        boolean negative = stored.startsWith("-");
        String rest = negative ? stored.substring(1) : stored;
        if (rest.equals(ANYONE)) {
            return Optional.of(anyone(negative));
        }
        int colon = rest.indexOf(':');
        if (colon < 1 || colon > 18 || !rest.substring(0, colon).chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(new Grantee(Long.parseLong(rest.substring(0, colon)), rest.substring(colon + 1), negative));
    }

    boolean isAnyone() {
        return account == 0;
    }

    String stored() {
        return (negative ? "-" : "") + (isAnyone() ? ANYONE : account + ":" + address);
    }

    /** As clients read it. */
    @Override
    public String toString() {
        return (negative ? "-" : "") + address;
    }
}
