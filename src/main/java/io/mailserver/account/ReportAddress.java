package io.mailserver.account;

import java.util.Optional;

/**
 * Addresses every domain has for the reports of other servers, from its creation on. What comes there is read by the server and stored in
 * no mailbox, unless an account or alias of that name says otherwise.
 */
public enum ReportAddress {
    /** Aggregate reports on DMARC (RFC 9990). */
    DMARC("dmarc-reports"),
    /** Reports on TLS (RFC 8460). */
    TLS("tls-reports");

    private final String localPart;

    ReportAddress(String localPart) {
        this.localPart = localPart;
    }

    /** In canonical form. */
    public String localPart() {
        return localPart;
    }

    static Optional<ReportAddress> of(String canonicalLocalPart) {
        for (ReportAddress address : values()) {
            if (address.localPart.equals(canonicalLocalPart)) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }
}
