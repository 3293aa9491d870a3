package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.smtp.Address;

/**
 * What delivery needs to know of an account.
 *
 * @param id never given to another account, also after removal
 * @param localPart canonical: NFC, lower case
 */
public record AccountRef(long id, Domain domain, String localPart, Quota quota) {
    /** Its canonical address. */
    public Address address() {
        return Address.of(localPart, domain);
    }
}
