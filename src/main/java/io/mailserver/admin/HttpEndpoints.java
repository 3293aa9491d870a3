package io.mailserver.admin;

import io.mailserver.metrics.Metrics;
import io.mailserver.net.HttpMount;
import io.mailserver.net.TextRoutes;
import io.mailserver.net.TextRoutes.Answer;
import io.mailserver.net.TextRoutes.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpMethod;

/**
 * What machines that watch the server ask for: {@code /metrics} (Prometheus text), {@code /health} (the process lives) and
 * {@code /ready} (it takes mail). To be offered on loopback only: the figures are not secret, but nobody else's business.
 *
 * <p>Made before the data is open, as ports are bound first; until {@link #ready} is called, {@code /ready} says that the server starts.
 * Safe for use by any thread.
 */
public final class HttpEndpoints {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final Metrics metrics;
    private volatile List<Check> checks = List.of(new Check("server", () -> Optional.of("starting")));

    public HttpEndpoints(Metrics metrics) {
        this.metrics = metrics;
    }

    /**
     * One thing without which no mail can be taken.
     *
     * @param name such as {@code database}
     */
    public record Check(String name, Look look) {}

    /** Looks at it now; quick, and never throws. */
    @FunctionalInterface
    public interface Look {
        /** What is wrong, in a few words; empty if nothing is. */
        Optional<String> trouble();
    }

    /** To be mounted on loopback only. */
    public List<HttpMount> mounts() {
        List<Route> routes = List.of(
                new Route(HttpMethod.GET, "/metrics", (request, response) -> new Answer(OK, Metrics.CONTENT_TYPE, metrics.text())),
                new Route(HttpMethod.GET, "/health", (request, response) -> Answer.text(OK, "alive\n")),
                new Route(HttpMethod.GET, "/ready", (request, response) -> readiness()));
        TextRoutes handler = new TextRoutes(routes);
        return routes.stream().map(route -> new HttpMount(route.path(), 0, handler)).toList();
    }

    /** From now on these decide whether the server is ready. */
    public void ready(List<Check> decisive) {
        checks = List.copyOf(decisive);
    }

    /** From now on the server is not ready: it ends its sessions. */
    public void stopping() {
        checks = List.of(new Check("server", () -> Optional.of("stopping")));
    }

    /** All checks are made, so that all that is wrong is told. */
    private Answer readiness() {
        List<String> troubles = new ArrayList<>();
        for (Check check : checks) {
            check.look().trouble().ifPresent(trouble -> troubles.add(check.name() + ": " + trouble + "\n"));
        }
        return troubles.isEmpty() ? Answer.text(OK, "ready\n") : Answer.text(UNAVAILABLE, String.join("", troubles));
    }
}
