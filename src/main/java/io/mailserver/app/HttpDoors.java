package io.mailserver.app;

import io.mailserver.admin.ServerStatus;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.config.ListenerConfig;
import io.mailserver.log.EventLog;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.HttpListenerSpec;
import io.mailserver.net.HttpMount;
import io.mailserver.net.HttpServer;
import io.mailserver.net.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The HTTP listeners of the configuration, and which front doors are mounted on which: what people use on https, on loopback and behind
 * configured proxies; metrics on loopback only; elsewhere in plain only the way to https. Closed by whoever bound them.
 */
final class HttpDoors implements AutoCloseable {
    private final List<ListenerConfig> configs;
    private final HttpServer server;

    private HttpDoors(List<ListenerConfig> configs, HttpServer server) {
        this.configs = configs;
        this.server = server;
    }

    /**
     * Binds all or none.
     *
     * @throws OperatorException if one cannot be bound
     */
    static HttpDoors bind(List<ListenerConfig> listeners, ServerTls tls, ConnectionLimits limits, Time time, EventLog log) {
        List<ListenerConfig> configs = listeners.stream().filter(config -> config.service().isHttp()).toList();
        List<HttpListenerSpec> specs = configs.stream().map(config -> spec(config, tls)).toList();
        return new HttpDoors(configs, HttpServer.bind(specs, limits, time, log));
    }

    private static HttpListenerSpec spec(ListenerConfig config, ServerTls tls) {
        InetAddress address = config.address();
        return new HttpListenerSpec(
                ListenerNames.of(config),
                address.isAnyLocalAddress() ? Optional.empty() : Optional.of(address),
                config.port(),
                config.tls() == ListenerConfig.Tls.IMPLICIT ? Optional.of(tls) : Optional.empty(),
                config.proxyFrom(),
                config.forwardedFrom());
    }

    /**
     * Accepts from now on.
     *
     * @param administration for loopback only
     * @param open for everybody, in plain too
     * @param offered for users
     */
    void start(List<HttpMount> administration, List<HttpMount> open, List<HttpMount> offered) throws IOException {
        server.start(configs.stream().map(config -> {
            List<HttpMount> all = mounts(config, administration, offered);
            all.addAll(open);
            return all;
        }).toList());
    }

    private List<HttpMount> mounts(ListenerConfig config, List<HttpMount> administration, List<HttpMount> offered) {
        boolean local = config.service() == ListenerConfig.Service.HTTP && config.address().isLoopbackAddress();
        List<HttpMount> mounts = new ArrayList<>();
        if (config.service() == ListenerConfig.Service.HTTPS || local) {
            mounts.addAll(offered);
        } else {
            HttpsOnly way = new HttpsOnly(httpsPort());
            offered.forEach(mount -> mounts.add(way.before(mount)));
            mounts.add(new HttpMount("/", 0, way));
        }
        if (local) {
            mounts.addAll(administration);
        }
        return mounts;
    }

    private OptionalInt httpsPort() {
        List<Integer> ports = server.ports();
        return IntStream.range(0, configs.size())
                .filter(i -> configs.get(i).service() == ListenerConfig.Service.HTTPS)
                .map(ports::get)
                .findFirst();
    }

    /** For {@code status}, in the order of the configuration. */
    List<ServerStatus.Listener> status() {
        List<Integer> ports = server.ports();
        List<Integer> connections = server.connections();
        return IntStream.range(0, configs.size())
                .mapToObj(i -> new ServerStatus.Listener(
                        ListenerNames.of(configs.get(i)),
                        Listeners.address(configs.get(i).address()),
                        ports.get(i),
                        connections.get(i)))
                .toList();
    }

    @Override
    public void close() {
        server.close();
    }
}
