package io.mailserver.app;

import io.mailserver.admin.HttpEndpoints;
import io.mailserver.admin.ServerStatus;
import io.mailserver.base.OperatorException;
import io.mailserver.config.ListenerConfig;
import io.mailserver.log.EventLog;
import io.mailserver.net.HttpListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The HTTP listeners of the configuration: bound together, started together. Closed by whoever bound them. */
final class HttpDoors implements AutoCloseable {
    /** Nothing that is offered today takes a body. */
    private static final long MAX_BODY_OCTETS = 64 << 10;

    private final List<Door> doors = new ArrayList<>();

    private record Door(ListenerConfig config, HttpListener listener) {}

    private HttpDoors() {}

    /**
     * Binds all or none.
     *
     * @throws OperatorException if one cannot be bound
     */
    static HttpDoors bind(List<ListenerConfig> configs, HttpEndpoints endpoints, EventLog log) {
        HttpDoors bound = new HttpDoors();
        boolean all = false;
        try {
            for (ListenerConfig config : configs) {
                if (config.service() == ListenerConfig.Service.HTTP) {
                    bound.doors.add(new Door(config, bind(config, endpoints, log)));
                }
            }
            all = true;
            return bound;
        } finally {
            if (!all) {
                bound.close();
            }
        }
    }

    private static HttpListener bind(ListenerConfig config, HttpEndpoints endpoints, EventLog log) {
        if (config.tls() != ListenerConfig.Tls.NONE) {
            throw new OperatorException("HTTP over TLS is not there yet: listener " + config.name(), "set tls: none, on loopback");
        }
        if (!config.proxyFrom().isEmpty()) {
            throw new OperatorException("HTTP behind a proxy is not there yet: listener " + config.name(), "remove proxy-from from it");
        }
        return HttpListener.bind(
                ListenerNames.of(config),
                new InetSocketAddress(config.address(), config.port()),
                endpoints.routes(),
                MAX_BODY_OCTETS,
                (path, failure) -> log.error("http.failed", failure, "path", path));
    }

    void start() throws IOException {
        for (Door door : doors) {
            door.listener().start();
        }
    }

    /** For {@code status}, in the order of the configuration; connections are short here and not counted. */
    List<ServerStatus.Listener> status() {
        return doors.stream()
                .map(door -> new ServerStatus.Listener(
                        ListenerNames.of(door.config()), Listeners.address(door.config().address()), door.listener().port(), 0))
                .toList();
    }

    @Override
    public void close() {
        doors.forEach(door -> door.listener().close());
    }
}
