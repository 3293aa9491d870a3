package io.mailserver.app;

import io.mailserver.admin.ServerStatus;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.config.DnsConfig;
import io.mailserver.dns.CachingResolver;
import io.mailserver.dns.ResolverSettings;
import io.mailserver.dns.ResolverSettings.NameServer;
import io.mailserver.dns.SystemResolvers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** The process's resolver, made from its configuration. */
final class Dns {
    private static final NameServer ON_THIS_MACHINE = NameServer.at(InetAddress.ofLiteral("127.0.0.1"), NameServer.PORT);
    /** Two rounds of one and of two parts fit a question with one server, and some of those of a second one. */
    private static final int ATTEMPTS_IN_A_QUESTION = 4;

    private Dns() {}

    /**
     * The resolver; nothing is asked yet.
     *
     * @param warn told when the machine names no resolver: mail is taken all the same, so this is no reason not to start
     */
    static CachingResolver resolver(DnsConfig config, Time time, Consumer<ServerStatus.Warning> warn) {
        ResolverSettings.Limits plain = ResolverSettings.Limits.DEFAULTS;
        Duration attempt = config.timeout().dividedBy(ATTEMPTS_IN_A_QUESTION);
        ResolverSettings.Limits limits = new ResolverSettings.Limits(config.timeout(), attempt, config.cache().octets(),
                plain.questionsInFlight(), plain.maxTtl(), plain.maxNegativeTtl(), plain.failureTtl(), plain.cnames());
        return new CachingResolver(new ResolverSettings(servers(config, warn), config.dnssec(), limits), time);
    }

    private static List<NameServer> servers(DnsConfig config, Consumer<ServerStatus.Warning> warn) {
        if (!config.servers().isEmpty()) {
            return config.servers();
        }
        try {
            return SystemResolvers.read(SystemResolvers.RESOLV_CONF);
        } catch (OperatorException e) {
            warn.accept(new ServerStatus.Warning(e.getMessage() + ": asking 127.0.0.1", "set dns.servers"));
            return List.of(ON_THIS_MACHINE); // As glibc does.
        }
    }
}
