package io.mailserver.account;

import io.mailserver.smtp.Address;
import java.util.List;

/**
 * An address whose mail goes to other addresses.
 *
 * @param address canonical
 * @param targets accounts or further aliases, canonical, in the order they were given, at least one
 * @param automatic postmaster or abuse of a domain where nobody pointed them elsewhere (RFC 2142 §2, §5); {@code targets} are then
 *     the accounts that get the mail
 */
public record Alias(Address address, List<Address> targets, boolean enabled, boolean automatic) {
    public Alias {
        targets = List.copyOf(targets);
    }
}
