package io.mailserver.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A handler for short texts at exact paths: 405 for another method; HEAD is GET without its body (RFC 9110 §9.3.2). Immutable; safe for
 * use by any thread.
 */
public final class TextRoutes implements Request.Handler {
    private final List<Route> routes;

    /**
     * What answers at one path.
     *
     * @param path compared whole, such as {@code /metrics}
     */
    public record Route(HttpMethod method, String path, Endpoint endpoint) {}

    /** Answers a request; blocks as it likes, and may set headers of the response. */
    @FunctionalInterface
    public interface Endpoint {
        Answer answer(Request request, Response response) throws IOException;
    }

    /** A short answer of text, in UTF-8. */
    public record Answer(int status, String contentType, String body) {
        /** A short text for people. */
        public static Answer text(int status, String text) {
            return new Answer(status, "text/plain;charset=utf-8", text);
        }

        /** Writes the whole response. */
        public void write(Request request, Response response, Callback callback) {
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
            ByteBuffer octets = StandardCharsets.UTF_8.encode(body);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, octets.remaining());
            response.write(true, HttpMethod.HEAD.is(request.getMethod()) ? ByteBuffer.allocate(0) : octets, callback);
        }
    }

    public TextRoutes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        String path = Request.getPathInContext(request);
        String method = HttpMethod.HEAD.is(request.getMethod()) ? HttpMethod.GET.asString() : request.getMethod();
        List<Route> here = routes.stream().filter(route -> route.path().equals(path)).toList();
        if (here.isEmpty()) {
            return false;
        }
        Optional<Route> fits = here.stream().filter(route -> route.method().is(method)).findFirst();
        if (fits.isEmpty()) {
            here.forEach(route -> response.getHeaders().add(HttpHeader.ALLOW, route.method().asString()));
            Answer.text(405, "Method not allowed\n").write(request, response, callback);
        } else {
            fits.get().endpoint().answer(request, response).write(request, response, callback);
        }
        return true;
    }
}
