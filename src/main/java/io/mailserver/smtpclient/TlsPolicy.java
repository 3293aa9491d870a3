package io.mailserver.smtpclient;

import java.security.cert.X509Certificate;
import java.util.List;

/** What a connection must be to carry mail. */
public sealed interface TlsPolicy {
    /** In the clear, even where the server offers TLS. */
    record None() implements TlsPolicy {}

    /** Encrypted where the server can, whoever it is (RFC 7435); its name is looked at for the log only. */
    record Opportunistic() implements TlsPolicy {}

    /** Encrypted, whoever the server is. */
    record Encrypted() implements TlsPolicy {}

    /**
     * Encrypted, with a certificate that a trusted authority issued for one of the names.
     *
     * @param names DNS names of the server, without stars
     */
    record Verified(List<String> names) implements TlsPolicy {
        public Verified {
            names = List.copyOf(names);
        }
    }

    /**
     * Encrypted, with a certificate that a check of the caller's accepts, such as DANE's (RFC 7672).
     *
     * @param name what to call it in messages
     */
    record Checked(String name, ChainCheck check) implements TlsPolicy {}

    /** Says whether a certificate chain, the server's own first, is the one that was expected. */
    interface ChainCheck {
        boolean accepts(List<X509Certificate> chain);
    }

    /** Whether mail goes in the clear where TLS cannot be had. */
    default boolean mayBeClear() {
        return this instanceof None || this instanceof Opportunistic;
    }
}
