package io.mailserver.queue;

import io.mailserver.base.Domain;
import io.mailserver.smtpclient.TlsFailure;
import io.mailserver.tlsrpt.AppliedPolicy;
import java.util.Optional;

/** Told how connections to the servers of domains fared, to be reported to these (RFC 8460). Does not block; any thread. */
@FunctionalInterface
public interface TlsResults {
    /** For those who send no reports. */
    TlsResults NONE = (domain, policy, host, failure) -> {};

    /**
     * A connection was made, or not made because of its TLS.
     *
     * @param domain of recipients
     * @param host the server
     * @param failure empty for one that is as it should be
     */
    void seen(Domain domain, AppliedPolicy policy, String host, Optional<TlsFailure.Found> failure);
}
