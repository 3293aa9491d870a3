package io.mailserver.app;

import io.mailserver.admin.ServerStatus;
import io.mailserver.base.Domain;
import io.mailserver.config.ListenerConfig;
import io.mailserver.log.EventLog;
import io.mailserver.metrics.Metrics;
import io.mailserver.net.ConnectionHandler;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.Listener;
import io.mailserver.net.ListenerSpec;
import io.mailserver.net.ListenerStatistics;
import io.mailserver.net.Reaper;
import io.mailserver.net.Refusal;
import io.mailserver.net.ServerTls;
import io.mailserver.web.MailServices;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The mail listeners of the configuration: bound together, started together, drained together. Closed by whoever bound them. */
final class Listeners implements AutoCloseable {
    private static final String LABEL = "listener";

    private final List<Open> open = new ArrayList<>();

    /** A listener and what it was configured as. */
    record Open(ListenerConfig config, Listener listener) {
        String name() {
            return ListenerNames.of(config);
        }
    }

    private Listeners() {}

    /**
     * Binds all or none.
     *
     * @throws io.mailserver.base.OperatorException if one cannot be bound
     */
    static Listeners bind(List<ListenerConfig> configs, ServerTls tls, Reaper reaper, ConnectionLimits limits, EventLog log) {
        Listeners listeners = new Listeners();
        boolean all = false;
        try {
            for (ListenerConfig config : configs) {
                if (!config.service().isHttp()) {
                    listeners.open.add(new Open(config, Listener.bind(spec(config, tls), reaper, limits, log)));
                }
            }
            all = true;
            return listeners;
        } finally {
            if (!all) {
                listeners.close();
            }
        }
    }

    private static ListenerSpec spec(ListenerConfig config, ServerTls tls) {
        InetAddress address = config.address();
        return new ListenerSpec(
                ListenerNames.of(config),
                address.isAnyLocalAddress() ? Optional.empty() : Optional.of(address),
                config.port(),
                config.tls() == ListenerConfig.Tls.IMPLICIT ? Optional.of(tls) : Optional.empty(),
                config.proxyFrom(),
                ListenerSpec.DEFAULT_HANDSHAKE_TIMEOUT);
    }

    /** Begins to accept everywhere. */
    void start(Function<ListenerConfig, ConnectionHandler> handlers) {
        open.forEach(each -> each.listener().start(handlers.apply(each.config())));
    }

    List<Open> all() {
        return List.copyOf(open);
    }

    /** What mail programs connect to: TLS from the first octet before STARTTLS (RFC 8314 §3). */
    MailServices forUsers(Domain host) {
        List<MailServices.Service> services = new ArrayList<>();
        for (Open each : open) {
            Optional<MailServices.Protocol> protocol = switch (each.config().service()) {
                case IMAP, IMAPS -> Optional.of(MailServices.Protocol.IMAP);
                case SUBMISSION, SUBMISSIONS -> Optional.of(MailServices.Protocol.SMTP);
                case POP3, POP3S, SMTP, LMTP, HTTP, HTTPS -> Optional.empty();
            };
            boolean implicit = each.config().tls() == ListenerConfig.Tls.IMPLICIT;
            protocol.filter(p -> each.config().tls() != ListenerConfig.Tls.NONE)
                    .ifPresent(p -> services.add(new MailServices.Service(p, each.listener().port(), implicit)));
        }
        services.sort(Comparator.comparing(service -> !service.implicitTls()));
        return new MailServices(host, services);
    }

    /** For {@code status}, in the order of the configuration. */
    List<ServerStatus.Listener> status() {
        return open.stream()
                .map(each -> new ServerStatus.Listener(
                        each.name(), address(each.config().address()), each.listener().port(), each.listener().open()))
                .toList();
    }

    /** Names the listeners' figures, each with the label {@code listener}; those of the same name together. */
    void measure(Metrics metrics) {
        metrics.gauges("connections", "Open connections for mail.", LABEL, () -> {
            Map<String, Double> figures = new TreeMap<>();
            open.forEach(each -> figures.merge(each.config().name(), (double) each.listener().open(), Double::sum));
            return figures;
        });
        counter(metrics, "connections_accepted", "Connections taken, whatever became of them.", ListenerStatistics::accepted);
        counter(metrics, "connections_broken", "Connections ended by the network or a TLS handshake.", ListenerStatistics::broken);
        counter(metrics, "connections_failed", "Sessions ended by a bug.", ListenerStatistics::failed);
        counter(metrics, "accept_failures", "Failures to take a connection.", ListenerStatistics::acceptFailures);
        metrics.counters("connections_refused", "Connections refused at once.", List.of(LABEL, "reason"), () -> {
            Map<List<String>, Long> figures = new HashMap<>();
            for (Open each : open) {
                ListenerStatistics statistics = each.listener().statistics();
                figures.merge(List.of(each.config().name(), "proxy"), statistics.proxyRefused(), Long::sum);
                for (Refusal reason : Refusal.values()) {
                    String word = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
                    figures.merge(List.of(each.config().name(), word), statistics.refused(reason), Long::sum);
                }
            }
            return figures;
        });
    }

    private void counter(Metrics metrics, String name, String help, ToLongFunction<ListenerStatistics> figure) {
        metrics.counters(name, help, List.of(LABEL), () -> {
            Map<List<String>, Long> figures = new HashMap<>();
            open.forEach(each -> figures.merge(
                    List.of(each.config().name()), figure.applyAsLong(each.listener().statistics()), Long::sum));
            return figures;
        });
    }

    /** As the configuration has it: the wildcard means IPv4 and IPv6, which 0.0.0.0 would not say. */
    static String address(InetAddress address) {
        return address.isAnyLocalAddress() ? "*" : address.getHostAddress();
    }

    /**
     * Ends all sessions as {@link Listener#drain}, side by side.
     *
     * @return whether all ended by themselves
     */
    boolean drain(Duration atMost) throws InterruptedException {
        boolean orderly = true;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var drained : threads.invokeAll(
                    open.stream().map(each -> (Callable<Boolean>) () -> each.listener().drain(atMost)).toList())) {
                orderly &= drained.resultNow();
            }
        }
        return orderly;
    }

    @Override
    public void close() {
        open.forEach(each -> each.listener().close());
    }
}
