package io.mailserver.arc;

import io.mailserver.authres.AuthenticationResults;
import io.mailserver.base.Domain;
import io.mailserver.dkim.DkimSignature;
import io.mailserver.dkim.SigningAlgorithm;
import io.mailserver.dkim.TagList;
import io.mailserver.dns.DnsName;
import io.mailserver.mime.HeaderField;
import java.util.Optional;

/**
 * What one handler added (RFC 8617 §4.2).
 *
 * @param results what it had found, where that can be read
 */
record ArcSet(int instance, HeaderField resultsField, Optional<AuthenticationResults> results, Signed<DkimSignature> message,
        Signed<Seal> seal) {
    /**
     * A field with a signature in it.
     *
     * @param tags its tags
     * @param value what they mean
     */
    record Signed<T>(HeaderField field, TagList tags, T value) {}

    /** The tags of an ARC-Seal (RFC 8617 §4.1.3). */
    record Seal(SigningAlgorithm algorithm, Signature signature, Domain domain, DnsName selector, ArcStatus status) {}

    /** The octets of a signature. */
    static final class Signature {
        private final byte[] octets;

        Signature(byte[] octets) {
            this.octets = octets;
        }

        byte[] octets() {
            return octets.clone();
        }
    }
}
