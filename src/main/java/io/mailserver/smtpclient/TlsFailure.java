package io.mailserver.smtpclient;

import java.util.Locale;

/** Why a connection was not as secure as it should be, in the words of RFC 8460 §4.3. */
public enum TlsFailure {
    STARTTLS_NOT_SUPPORTED,
    CERTIFICATE_HOST_MISMATCH,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_NOT_TRUSTED,
    TLSA_INVALID,
    DNSSEC_INVALID,
    STS_POLICY_FETCH_ERROR,
    STS_POLICY_INVALID,
    STS_WEBPKI_INVALID,
    VALIDATION_FAILURE;

    /** As a report says it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @param text for people */
    public record Found(TlsFailure failure, String text) {}
}
