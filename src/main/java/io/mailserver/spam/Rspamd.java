package io.mailserver.spam;

import io.mailserver.base.Content;
import io.mailserver.net.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Rspamd, asked by its HTTP protocol ({@code POST /checkv2}). */
public final class Rspamd implements Scanner {
    private static final int MAX_REPLY_OCTETS = 1 << 20;
    private static final int MAX_RULES = 100;

    private final URI uri;
    private final HttpClient client;
    private final ObjectMapper json;

    /** @param client outlives it */
    public Rspamd(Endpoint endpoint, HttpClient client, ObjectMapper json) {
        this.uri = URI.create("http://" + endpoint + "/checkv2");
        this.client = client;
        this.json = json;
    }

    @Override
    public ScanResult scan(Envelope envelope, Content message, Duration within) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(within)
                .header("IP", envelope.client().getHostAddress())
                .header("Helo", clean(envelope.helo()))
                .header("From", clean(envelope.mailFrom()))
                .POST(HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofInputStream(() -> open(message)), Math.max(1, message.size())));
        envelope.recipients().forEach(recipient -> request.header("Rcpt", clean(recipient)));
        if (!envelope.account().isEmpty()) {
            request.header("User", clean(envelope.account()));
        }
        CompletableFuture<HttpResponse<byte[]>> asked = client.sendAsync(
                request.build(), HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_REPLY_OCTETS));
        try {
            // The request's own timeout ends with the answer's header: its body may come an octet at a time.
            HttpResponse<byte[]> response = asked.get(within.toMillis(), TimeUnit.MILLISECONDS);
            return response.statusCode() == 200 ? result(response.body())
                    : new ScanResult.Unavailable("rspamd answered with status " + response.statusCode());
        } catch (TimeoutException e) {
            asked.cancel(true);
            return new ScanResult.Unavailable(uri.getAuthority() + ": no answer within " + within.toMillis() + " ms");
        } catch (ExecutionException e) {
            String why = e.getCause() == null ? null : e.getCause().getMessage();
            return new ScanResult.Unavailable(uri.getAuthority() + ": " + (why == null ? "no connection" : why));
        } catch (InterruptedException e) {
            asked.cancel(true);
            Thread.currentThread().interrupt();
            return new ScanResult.Unavailable("interrupted");
        }
    }

    private static InputStream open(Content message) {
        try {
            return message.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ScanResult result(byte[] octets) {
        try {
            JsonNode reply = json.readTree(octets);
            String text = reply.path("messages").path("smtp_message").asString("refused by a filter");
            List<String> rules = new ArrayList<>();
            reply.path("symbols").propertyNames().stream().limit(MAX_RULES).forEach(rules::add);
            return switch (reply.path("action").asString("")) {
                case "reject" -> new ScanResult.Refused(text);
                // A mere "greylist" is a range of its score: its greylisting, where there is any, says "soft reject" while it lasts.
                case "soft reject" -> new ScanResult.PutOff(text);
                case "" -> new ScanResult.Unavailable("rspamd answered without an action");
                // What it marks by decree (GTUBE, a settings or force_actions rule) may have no score.
                case "add header", "rewrite subject", "quarantine" ->
                    new ScanResult.Scored(Math.max(score(reply), threshold(reply)), threshold(reply), rules);
                default -> new ScanResult.Scored(score(reply), threshold(reply), rules);
            };
        } catch (JacksonException e) {
            return new ScanResult.Unavailable("rspamd answered what is no JSON: "
                    + new String(octets, 0, Math.min(octets.length, 80), StandardCharsets.ISO_8859_1).replaceAll("\\p{Cntrl}", " "));
        }
    }

    private static double score(JsonNode reply) {
        return reply.path("score").asDouble(0);
    }

    /** From where on it would mark a message; what it would refuse from where it has no such mark. */
    private static double threshold(JsonNode reply) {
        double mark = reply.path("thresholds").path("add header").asDouble(reply.path("required_score").asDouble(15));
        return mark > 0 ? mark : 15;
    }

    /** For a field of HTTP: no line ends, no octets outside ASCII. */
    private static String clean(String value) {
        return value.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
