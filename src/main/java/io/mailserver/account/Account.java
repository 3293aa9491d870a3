package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.smtp.Address;
import java.time.Instant;

/**
 * A mailbox owner.
 *
 * @param id never given to another account, also after removal
 * @param localPart canonical: NFC, lower case
 * @param displayName for people; may be empty
 * @param enabled whether it may log in and gets mail
 */
public record Account(
        long id, Domain domain, String localPart, String displayName, boolean enabled, Quota quota, Instant created) {
    /** Its canonical address. */
    public Address address() {
        return Address.of(localPart, domain);
    }

    /** The part that delivery needs. */
    public AccountRef ref() {
        return new AccountRef(id, domain, localPart, quota);
    }
}
