package io.mailserver.dkim;

import io.mailserver.base.Domain;
import io.mailserver.dns.DnsName;
import java.security.PrivateKey;

/**
 * A key that signs for a domain.
 *
 * @param domain {@code d=}
 * @param selector {@code s=}: its public half is published at {@code selector._domainkey.domain}
 * @param key RSA or Ed25519; never shown
 */
public record SigningKey(Domain domain, DnsName selector, PrivateKey key) {
    public SigningKey {
        SigningAlgorithm.forKey(key); // Refuses other keys at once.
    }

    /** The algorithm that the key is for. */
    public SigningAlgorithm algorithm() {
        return SigningAlgorithm.forKey(key);
    }

    @Override
    public String toString() {
        return selector + "._domainkey." + domain;
    }
}
