package io.mailserver.net;

import org.eclipse.jetty.server.Request;

/**
 * What a front door offers below a path of the HTTP listeners.
 *
 * <p>The handler runs on a virtual thread of its own for each request and may block and stream as it likes ({@code Content.Source},
 * {@code Content.Sink}); what it throws is logged and answered 500. It answers {@code false} for what it does not know (404). Headers that
 * forbid sniffing, framing, storing and every active content are set before it is asked; it replaces those that do not suit it.
 *
 * @param prefix such as {@code /jmap}: this path and all below it; of several that fit the longest is asked; {@code /} is everything else
 * @param maxBodyOctets of a request, else 413
 */
public record HttpMount(String prefix, long maxBodyOctets, Request.Handler handler) {
    public HttpMount {
        if (!prefix.startsWith("/") || (prefix.length() > 1 && prefix.endsWith("/"))) {
            throw new IllegalArgumentException("a prefix is / or begins with a slash and does not end with one: " + prefix);
        }
    }

    /** Whether a request for {@code path} is this one's. */
    boolean covers(String path) {
        return prefix.length() == 1
                || (path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/'));
    }
}
