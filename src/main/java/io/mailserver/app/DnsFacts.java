package io.mailserver.app;

import io.mailserver.account.Domains;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.config.Config;
import io.mailserver.config.ListenerConfig;
import io.mailserver.doctor.ServerFacts;
import io.mailserver.mtasts.OwnPolicy;
import io.mailserver.mtasts.Policy;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** This server as the DNS should describe it. */
final class DnsFacts {
    private static final Domain LOCALHOST = new Domain("localhost");

    private DnsFacts() {}

    /** Where no server runs: as the configuration says. */
    static ServerFacts of(Config config, Domains domains) {
        try {
            Optional<Domain> usual = domains.first().map(first -> new Domain("mail." + first.name()));
            return of(config.hostname().or(() -> usual).orElse(LOCALHOST), config.listeners(), config);
        } catch (IOException e) {
            throw new OperatorException("cannot read the domains: " + e.getMessage(), "look at the disk", e);
        }
    }

    /** Where a server runs: as it is. */
    static ServerFacts of(String host, List<Listeners.Open> open, Config config) {
        List<ListenerConfig> listeners = open.stream().map(each -> each.config().at(each.listener().port())).toList();
        return of(new Domain(host), listeners, config);
    }

    /** @param listeners with the ports that are really open, where a server runs */
    private static ServerFacts of(Domain host, List<ListenerConfig> listeners, Config config) {
        List<ServerFacts.Service> services = listeners.stream()
                .map(listener -> new ServerFacts.Service(
                        listener.service().name().toLowerCase(Locale.ROOT), listener.port(),
                        listener.tls() == ListenerConfig.Tls.IMPLICIT))
                .toList();
        return new ServerFacts(host, services, ServerFacts.publicAddresses(), policy(config, host).map(OwnPolicy::id));
    }

    /** What other servers are told of mail to our domains; empty where they could not ask. */
    static Optional<OwnPolicy> policy(Config config, Domain host) {
        boolean https = config.listeners().stream()
                .filter(listener -> listener.service() == ListenerConfig.Service.HTTPS)
                .anyMatch(listener -> listener.port() == config.sending().httpsPort());
        return https && config.tls().mtaSts() != Policy.Mode.NONE
                ? Optional.of(new OwnPolicy(config.tls().mtaSts(), host))
                : Optional.empty();
    }
}
