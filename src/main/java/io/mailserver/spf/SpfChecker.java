package io.mailserver.spf;

import io.mailserver.base.Time;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Resolver;
import io.mailserver.spf.SpfResult.Identity;
import java.util.List;
import java.util.Optional;

/**
 * Checks clients against the policies of the domains they name: {@code check_host()} of RFC 7208 §4.
 *
 * <pre>{@code
 * SpfChecker checker = new SpfChecker(resolver, time, SpfLimits.DEFAULTS, "mx.example.net");
 * SpfResult result = checker.checkMailFrom(new SpfRequest(client, "mail.example.com", "alice@example.com"));
 * }</pre>
 */
public final class SpfChecker {
    private final Resolver resolver;
    private final Time time;
    private final SpfLimits limits;
    private final String receiver;

    /**
     * @param receiver our host name, for explanations (the macro r); {@code unknown} where there is none
     */
    public SpfChecker(Resolver resolver, Time time, SpfLimits limits, String receiver) {
        this.resolver = resolver;
        this.time = time;
        this.limits = limits;
        this.receiver = receiver;
    }

    /** Checks the name that the client gave itself (RFC 7208 §2.3). Blocks for the DNS. */
    public SpfResult checkHelo(SpfRequest request) {
        return check(Identity.HELO, request, "postmaster", request.helo());
    }

    /** Checks the reverse-path; the null one counts as postmaster at the HELO name (RFC 7208 §2.4). Blocks for the DNS. */
    public SpfResult checkMailFrom(SpfRequest request) {
        String path = request.mailFrom();
        if (path.isEmpty()) {
            return check(Identity.MAIL_FROM, request, "postmaster", request.helo());
        }
        int at = path.lastIndexOf('@');
        String localPart = at <= 0 ? "postmaster" : path.substring(0, at); // RFC 7208 §4.3
        return check(Identity.MAIL_FROM, request, localPart, path.substring(at + 1));
    }

    private SpfResult check(Identity identity, SpfRequest request, String localPart, String domainText) {
        Optional<DnsName> domain = domainText.startsWith("[") ? Optional.empty() : DnsName.parse(domainText);
        if (domain.isEmpty() || domain.get().labels().size() < 2) {
            // RFC 7208 §4.3: an address literal, a bare word, a label too long.
            return new SpfResult(SpfVerdict.NONE, identity, domainText, Optional.empty(), Optional.empty(),
                    "not the name of a domain", List.of());
        }
        Evaluation evaluation = new Evaluation(resolver, time, limits, receiver, request, localPart, domain.get());
        return evaluation.run(identity);
    }
}
