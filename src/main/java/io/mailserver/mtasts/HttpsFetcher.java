package io.mailserver.mtasts;

import io.mailserver.base.Domain;
import io.mailserver.log.EventLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Fetches policies from {@code https://mta-sts.<domain>/.well-known/mta-sts.txt} (RFC 8461 §3.3). Closed by whoever made it. */
public final class HttpsFetcher implements MtaSts.PolicyFetcher, AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long MAX_OCTETS = 64 << 10;

    private final HttpClient client;
    private final EventLog log;

    public HttpsFetcher(EventLog log) {
        this.log = log;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(LIMIT)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Override
    public Optional<String> fetch(Domain domain) {
        URI where = URI.create("https://mta-sts." + domain.ascii() + "/.well-known/mta-sts.txt");
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(where).timeout(LIMIT).GET().build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_OCTETS));
            String type = response.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
            if (response.statusCode() == 200 && type.startsWith("text/plain")) {
                return Optional.of(response.body());
            }
            log.info("mta-sts.not-fetched", "domain", domain, "cause", "status " + response.statusCode() + ", " + type);
        } catch (IOException e) {
            log.info("mta-sts.not-fetched", "domain", domain, "cause", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
