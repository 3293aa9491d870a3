package io.mailserver.smtpserver;

import io.mailserver.base.Domain;
import io.mailserver.config.AuthConfig;
import io.mailserver.config.SmtpConfig;
import io.mailserver.net.ServerTls;
import io.mailserver.smtp.Client;
import java.util.Optional;
import java.util.Set;

/**
 * How one listener's sessions behave; a session keeps those it began with, a reload gives new ones to the next.
 *
 * @param service which door it is
 * @param hostname the name of this host, for the greeting, EHLO and Received
 * @param limits sizes, counts, times
 * @param auth when passwords are taken
 * @param startTls where present, STARTTLS is offered in plaintext
 * @param requireTls whether mail is refused in plaintext
 * @param requireTlsFrom sender domains whose mail is refused in plaintext
 * @param dsn whether wishes for notices of delivery are honoured, and said to be
 */
public record SmtpSettings(
        Client.Service service,
        String hostname,
        SmtpConfig limits,
        AuthConfig auth,
        Optional<ServerTls> startTls,
        boolean requireTls,
        Set<Domain> requireTlsFrom,
        boolean dsn) {
    public SmtpSettings {
        requireTlsFrom = Set.copyOf(requireTlsFrom);
    }

    /** Defaults, in plaintext. */
    public static SmtpSettings of(Client.Service service, String hostname) {
        return new SmtpSettings(
                service, hostname, SmtpConfig.defaults(), AuthConfig.defaults(), Optional.empty(), false, Set.of(), false);
    }

    /** These with other limits. */
    public SmtpSettings with(SmtpConfig newLimits) {
        return new SmtpSettings(service, hostname, newLimits, auth, startTls, requireTls, requireTlsFrom, dsn);
    }

    /** These with other rules for logging in. */
    public SmtpSettings with(AuthConfig newAuth) {
        return new SmtpSettings(service, hostname, limits, newAuth, startTls, requireTls, requireTlsFrom, dsn);
    }

    /** These with STARTTLS. */
    public SmtpSettings offering(ServerTls tls) {
        return new SmtpSettings(service, hostname, limits, auth, Optional.of(tls), requireTls, requireTlsFrom, dsn);
    }

    /** These with mail refused in plaintext: all of it, or that of some sender domains. */
    public SmtpSettings requiringTls(boolean always, Set<Domain> from) {
        return new SmtpSettings(service, hostname, limits, auth, startTls, always, from, dsn);
    }

    /** These with DSN. */
    public SmtpSettings notifying() {
        return new SmtpSettings(service, hostname, limits, auth, startTls, requireTls, requireTlsFrom, true);
    }
}
