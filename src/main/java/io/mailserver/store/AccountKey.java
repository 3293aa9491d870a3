package io.mailserver.store;

import io.mailserver.base.Domain;

/**
 * Which account.
 *
 * @param localPart canonical: NFC, lower case
 */
public record AccountKey(Domain domain, String localPart) {
    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
