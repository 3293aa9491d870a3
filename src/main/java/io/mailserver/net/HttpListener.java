package io.mailserver.net;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * HTTP on one address and port (Jetty): the listener of all front doors that speak HTTP. Each request runs on a virtual thread of its
 * own and may block. It binds when made, so that root can be given up before it starts.
 *
 * <p>Safe for use by any thread; closed by whoever bound it.
 */
public final class HttpListener implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final int MAX_HEADER_OCTETS = 16 << 10;
    private static final int MAX_PLATFORM_THREADS = 8;

    private final Server server;
    private final ServerConnector connector;

    /**
     * What answers at one path.
     *
     * @param path compared whole, such as {@code /metrics}
     */
    public record Route(HttpMethod method, String path, Endpoint endpoint) {}

    /** Answers a request; blocks as it likes. What it throws is reported and answered 500. */
    @FunctionalInterface
    public interface Endpoint {
        Answer answer(Request request) throws IOException;
    }

    /** A short answer of text, in UTF-8. */
    public record Answer(int status, String contentType, String body) {
        /** A short text for people. */
        public static Answer text(int status, String text) {
            return new Answer(status, "text/plain;charset=utf-8", text);
        }
    }

    private HttpListener(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Binds; nothing is accepted before {@link #start}.
     *
     * @param name of the listener, for people
     * @param maxBodyOctets of a request
     * @param failed told of an endpoint that threw, with the path
     * @throws OperatorException the port cannot be bound
     */
    public static HttpListener bind(
            String name,
            InetSocketAddress address,
            List<Route> routes,
            long maxBodyOctets,
            BiConsumer<String, Throwable> failed) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_PLATFORM_THREADS, 1);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-request-"));
        Server server = new Server(threads);
        server.setStopTimeout(STOP.toMillis());
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(IDLE.toMillis());
        server.addConnector(connector);
        SizeLimitHandler limited = new SizeLimitHandler(maxBodyOctets, -1);
        limited.setHandler(new Router(List.copyOf(routes), failed));
        server.setHandler(limited);
        try {
            connector.open();
        } catch (IOException e) {
            throw BindFailure.of(name, Optional.of(address.getAddress()), address.getPort(), e);
        }
        return new HttpListener(server, connector);
    }

    /** The real port, also where 0 was asked for. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Accepts from now on. */
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the HTTP listener did not start", e);
        }
    }

    /** Lets running requests finish for up to 2 s. */
    @Override
    public void close() {
        try {
            server.stop();
            connector.close();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP listener did not stop", e);
        }
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(MAX_HEADER_OCTETS);
        http.setOutputBufferSize(16 << 10);
        return http;
    }

    /** The table of routes: 404 for an unknown path, 405 for another method; HEAD is GET without its body (RFC 9110 §9.3.2). */
    private static final class Router extends Handler.Abstract {
        private static final List<HttpField> ALWAYS = List.of(
                new HttpField(HttpHeader.CACHE_CONTROL, "no-store"),
                new HttpField("X-Content-Type-Options", "nosniff"),
                new HttpField("Content-Security-Policy", "default-src 'none'"));

        private final List<Route> routes;
        private final BiConsumer<String, Throwable> failed;

        Router(List<Route> routes, BiConsumer<String, Throwable> failed) {
            this.routes = routes;
            this.failed = failed;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            String path = Request.getPathInContext(request);
            boolean head = HttpMethod.HEAD.is(request.getMethod());
            String method = head ? HttpMethod.GET.asString() : request.getMethod();
            List<Route> here = routes.stream().filter(route -> route.path().equals(path)).toList();
            Answer answer = here.stream()
                    .filter(route -> route.method().is(method))
                    .findFirst()
                    .map(route -> ask(route, request))
                    .orElseGet(() -> here.isEmpty() ? Answer.text(404, "Not found\n") : Answer.text(405, "Method not allowed\n"));
            ALWAYS.forEach(field -> response.getHeaders().put(field));
            if (answer.status() == 405) {
                here.forEach(route -> response.getHeaders().add(HttpHeader.ALLOW, route.method().asString()));
            }
            response.setStatus(answer.status());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
            ByteBuffer body = StandardCharsets.UTF_8.encode(answer.body());
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
            response.write(true, head ? ByteBuffer.allocate(0) : body, callback);
            return true;
        }

        private Answer ask(Route route, Request request) {
            try {
                return route.endpoint().answer(request);
            } catch (IOException | RuntimeException e) {
                failed.accept(route.path(), e);
                return Answer.text(500, "Internal error\n");
            }
        }
    }
}
