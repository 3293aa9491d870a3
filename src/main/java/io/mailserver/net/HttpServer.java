package io.mailserver.net;

import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * All HTTP listeners of the process (Jetty): what the front doors that speak HTTP are mounted on. Each request runs on a virtual thread of
 * its own and may block.
 *
 * <p>Life: {@link #bind} (while the process may be root), {@link #start}, {@link #close}. Safe for use by any thread.
 */
public final class HttpServer implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final int MAX_HEADER_OCTETS = 16 << 10;
    private static final int MAX_PLATFORM_THREADS = 8;

    /** A front door that needs less strictness replaces them. */
    private static final List<HttpField> USUAL_HEADERS = List.of(
            new HttpField(HttpHeader.CACHE_CONTROL, "no-store"),
            new HttpField("X-Content-Type-Options", "nosniff"),
            new HttpField("Referrer-Policy", "no-referrer"),
            new HttpField("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"));

    private final Server server;
    private final List<HttpConnector> connectors = new ArrayList<>();
    private final EventLog log;

    private HttpServer(Server server, EventLog log) {
        this.server = server;
        this.log = log;
    }

    /**
     * Binds all listeners or none; nothing is accepted before {@link #start}.
     *
     * @param limits shared with the mail listeners
     * @throws OperatorException a port cannot be bound
     */
    public static HttpServer bind(List<HttpListenerSpec> specs, ConnectionLimits limits, Time time, EventLog log) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_PLATFORM_THREADS, 1);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-request-"));
        HttpServer bound = new HttpServer(new Server(threads), log);
        bound.server.setStopTimeout(STOP.toMillis());
        bound.server.setErrorHandler(HttpServer::shortError);
        boolean all = false;
        try {
            for (HttpListenerSpec spec : specs) {
                bound.open(spec, limits, new RefusalLog(spec.name(), time, log));
            }
            all = true;
            return bound;
        } finally {
            if (!all) {
                bound.close();
            }
        }
    }

    private void open(HttpListenerSpec spec, ConnectionLimits limits, RefusalLog refusals) {
        HttpConnector connector = HttpConnector.of(server, spec, configuration(), limits, refusals);
        connector.setIdleTimeout(IDLE.toMillis());
        server.addConnector(connector);
        try {
            connector.open();
        } catch (IOException e) {
            throw BindFailure.of(spec.name(), spec.address(), spec.port(), e);
        }
        connectors.add(connector);
    }

    /** The real ports, in the order of the listeners. */
    public List<Integer> ports() {
        return connectors.stream().map(HttpConnector::getLocalPort).toList();
    }

    /** How many connections are open, in the order of the listeners. */
    public List<Integer> connections() {
        return connectors.stream().map(each -> each.getConnectedEndPoints().size()).toList();
    }

    /**
     * Accepts from now on.
     *
     * @param mounts what is offered, in the order of the listeners
     */
    public void start(List<List<HttpMount>> mounts) throws IOException {
        Router router = new Router(log);
        for (int i = 0; i < connectors.size(); i++) {
            router.offer(connectors.get(i), mounts.get(i));
        }
        server.setHandler(router);
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the HTTP listeners did not start", e);
        }
    }

    /** Lets running requests finish for up to 2 s. */
    @Override
    public void close() {
        try {
            server.stop();
            connectors.forEach(HttpConnector::close);
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP listeners did not stop", e);
        }
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_OCTETS);
        http.setOutputBufferSize(16 << 10);
        http.addCustomizer((request, responseHeaders) -> {
            USUAL_HEADERS.forEach(responseHeaders::put);
            return request;
        });
        return http;
    }

    /** The status and its name, and nothing of what went wrong inside. */
    private static boolean shortError(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        byte[] text = (HttpStatus.getMessage(status) + "\n").getBytes(StandardCharsets.UTF_8);
        response.write(true, ByteBuffer.wrap(text), callback);
        return true;
    }

    /** Asks the mount with the longest prefix that fits; each keeps its own limit of bodies. */
    private static final class Router extends Handler.Sequence {
        private final EventLog log;
        private final Map<Connector, List<Place>> places = new HashMap<>();

        private record Place(HttpMount mount, Handler handler) {}

        Router(EventLog log) {
            this.log = log;
        }

        void offer(Connector connector, List<HttpMount> mounts) {
            List<Place> here = mounts.stream()
                    .sorted(Comparator.comparingInt((HttpMount mount) -> mount.prefix().length()).reversed())
                    .map(this::place)
                    .toList();
            here.forEach(place -> addHandler(place.handler()));
            places.put(connector, here);
        }

        private Place place(HttpMount mount) {
            SizeLimitHandler limited = new SizeLimitHandler(mount.maxBodyOctets(), -1);
            limited.setHandler(new Handler.Abstract() {
                @Override
                public boolean handle(Request request, Response response, Callback callback) throws Exception {
                    return mount.handler().handle(request, response, callback);
                }
            });
            return new Place(mount, limited);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String path = Request.getPathInContext(request);
            for (Place place : places.getOrDefault(request.getConnectionMetaData().getConnector(), List.of())) {
                if (place.mount().covers(path)) {
                    return ask(place, request, response, callback);
                }
            }
            return false;
        }

        private boolean ask(Place place, Request request, Response response, Callback callback) {
            try {
                return place.handler().handle(request, response, callback);
            } catch (Exception e) {
                int status = statusOf(e);
                if (status == HttpStatus.INTERNAL_SERVER_ERROR_500 && !QuietException.isQuiet(e)) {
                    log.error("http.failed", e, "mount", place.mount().prefix());
                }
                Response.writeError(request, response, callback, status);
                return true;
            }
        }

        /** A body that turns out too long while it is read says so wherever the handler wrapped it. */
        private static int statusOf(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof HttpException known) {
                    return known.getCode();
                }
            }
            return HttpStatus.INTERNAL_SERVER_ERROR_500;
        }
    }
}
