package io.mailserver.app;

import io.mailserver.net.HttpMount;
import io.mailserver.net.TextRoutes.Answer;
import java.util.OptionalInt;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What is in plain is shown the way to https; what a proxy vouches for came by TLS and passes. */
final class HttpsOnly implements Request.Handler {
    private static final int HTTPS = 443;
    private static final int MOVED = 301;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final OptionalInt port;

    /** @param port where https is; empty: nowhere */
    HttpsOnly(OptionalInt port) {
        this.port = port;
    }

    /** The same mount, for requests that came by TLS. */
    HttpMount before(HttpMount mount) {
        return new HttpMount(
                mount.prefix(),
                mount.maxBodyOctets(),
                (request, response, callback) -> request.isSecure()
                        ? mount.handler().handle(request, response, callback)
                        : handle(request, response, callback));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (port.isEmpty()) {
            Answer.text(NOT_FOUND, "Not found\n").write(request, response, callback);
        } else if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
            // What was to be kept secret has been said in plain already: going on would hide that.
            Answer.text(FORBIDDEN, "Use https\n").write(request, response, callback);
        } else {
            String there = "https://" + Request.getServerName(request) + (port.getAsInt() == HTTPS ? "" : ":" + port.getAsInt())
                    + request.getHttpURI().getPathQuery();
            response.getHeaders().put(HttpHeader.LOCATION, there);
            Answer.text(MOVED, "Use https\n").write(request, response, callback);
        }
        return true;
    }
}
