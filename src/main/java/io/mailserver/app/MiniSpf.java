package io.mailserver.app;

import io.mailserver.authres.AuthenticationResults;
import io.mailserver.authres.MethodResult;
import io.mailserver.base.Time;
import io.mailserver.dns.Resolver;
import io.mailserver.log.EventLog;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Reply;
import io.mailserver.spf.SpfChecker;
import io.mailserver.spf.SpfLimits;
import io.mailserver.spf.SpfRequest;
import io.mailserver.spf.SpfResult;
import io.mailserver.spf.SpfVerdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What mini-smtp makes of SPF: a fail is refused at MAIL, everything else is taken and marked. Blocks for the DNS; safe for use by any
 * thread.
 */
final class MiniSpf {
    private final SpfChecker checker;
    private final String hostname;
    private final EventLog log;

    MiniSpf(Resolver resolver, String hostname, Time time, EventLog log) {
        this.checker = new SpfChecker(resolver, time, SpfLimits.DEFAULTS, hostname);
        this.hostname = hostname;
        this.log = log;
    }

    /** What MAIL is told: empty means go on. */
    Optional<Reply> refuse(Envelope envelope) {
        SpfResult result = check(envelope);
        if (result.verdict() != SpfVerdict.FAIL) {
            return Optional.empty();
        }
        say(result);
        // RFC 7372 §3.2. What the domain's owner says may be anything: it is told as his words (RFC 7208 §6.2).
        String text = "SPF validation failed: " + envelope.client().address().getHostAddress() + " may not send for " + result.domain()
                + result.explanation().map(words -> "; " + result.domain() + " explained: " + words).orElse("");
        return Optional.of(Reply.of(550, "5.7.23", text));
    }

    /** The field for a message that is taken; says the result. */
    String mark(Envelope envelope) {
        SpfResult result = check(envelope);
        say(result);
        MethodResult found = MethodResult.of("spf", result.verdict().word()).withReason(result.problem());
        MethodResult of = envelope.sender().isEmpty() ? found.with("smtp", "helo", envelope.client().helo())
                : found.with("smtp", "mailfrom", envelope.sender());
        return new AuthenticationResults(hostname, List.of(of)).toField();
    }

    private SpfResult check(Envelope envelope) {
        return checker.checkMailFrom(new SpfRequest(envelope.client().address(), envelope.client().helo(), envelope.sender()));
    }

    private void say(SpfResult result) {
        log.say("[AUTH] SPF: " + result.verdict().word().toUpperCase(Locale.ROOT), "mini.spf", "spf", result.verdict().word(), "domain",
                result.domain());
    }
}
