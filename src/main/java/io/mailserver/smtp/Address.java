package io.mailserver.smtp;

import io.mailserver.base.Domain;
import java.util.Optional;

/**
 * A mailbox as SMTP names it, {@code local-part@domain} (RFC 5321 §4.1.2, RFC 6531 §3.3). The local part is held without quoting and
 * exactly as the client wrote it; what it means is for the host named by the domain alone (RFC 5321 §2.4). Only {@code <postmaster>}
 * (RFC 5321 §4.5.1) has no host.
 *
 * @param localPart 1 to 256 octets of UTF-8, unquoted
 * @param host the part after the at sign
 */
public record Address(String localPart, Host host) {
    /** What follows the at sign. */
    public sealed interface Host {
        /** A domain name. */
        record Named(Domain domain) implements Host {
            @Override
            public String toString() {
                return domain.ascii();
            }
        }

        /**
         * An address literal with its brackets (RFC 5321 §4.1.3), checked and in canonical form, such as {@code [192.0.2.1]} or
         * {@code [IPv6:2001:db8::1]}.
         */
        record Literal(String text) implements Host {
            @Override
            public String toString() {
                return text;
            }
        }

        /** No host: {@code <postmaster>}. */
        record None() implements Host {
            @Override
            public String toString() {
                return "";
            }
        }
    }

    /** {@code localPart@domain}; the caller has checked both. */
    public static Address of(String localPart, Domain domain) {
        return new Address(localPart, new Host.Named(domain));
    }

    /** The domain, where the host is one. */
    public Optional<Domain> domain() {
        return host instanceof Host.Named named ? Optional.of(named.domain()) : Optional.empty();
    }

    /** The form to write into SMTP and header fields, the local part quoted where it must be. Holds no CR, LF or NUL. */
    @Override
    public String toString() {
        String local = AddressSyntax.quoteIfNeeded(localPart);
        return host instanceof Host.None ? local : local + "@" + host;
    }
}
