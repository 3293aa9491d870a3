package io.mailserver.mtasts;

import io.mailserver.base.Domain;
import io.mailserver.net.HttpsClient;
import io.mailserver.smtpclient.TlsFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.function.IntSupplier;
import javax.net.ssl.SSLException;

/** Fetches policies from {@code https://mta-sts.<domain>/.well-known/mta-sts.txt} (RFC 8461 §3.3). Safe for use by any thread. */
public final class HttpsFetcher implements MtaSts.PolicyFetcher {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MAX_OCTETS = 64 << 10;

    private final HttpsClient client;
    private final IntSupplier port;

    /** @param port of web servers, asked each time */
    public HttpsFetcher(HttpsClient client, IntSupplier port) {
        this.client = client;
        this.port = port;
    }

    @Override
    public String fetch(Domain domain) throws PolicyException {
        String host = "mta-sts." + domain.ascii();
        HttpsClient.Response response;
        try {
            response = client.get(
                    new HttpsClient.Request(host, port.getAsInt(), "/.well-known/mta-sts.txt", LIMIT, MAX_OCTETS));
        } catch (IOException e) {
            throw new PolicyException(
                    isCertificate(e) ? TlsFailure.STS_WEBPKI_INVALID : TlsFailure.STS_POLICY_FETCH_ERROR,
                    "the MTA-STS policy cannot be fetched from " + host + ": " + e.getMessage());
        }
        // RFC 8461 §3.3: no other status, and no redirect; §3.2: the media type is fixed.
        if (response.status() != 200 || !response.contentType().startsWith("text/plain")) {
            throw new PolicyException(TlsFailure.STS_POLICY_FETCH_ERROR,
                    host + " has no MTA-STS policy: status " + response.status() + ", " + response.contentType());
        }
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** Whether the server's certificate is what is wrong (RFC 8460 §4.3.2.2). */
    private static boolean isCertificate(IOException thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return thrown instanceof SSLException;
            }
        }
        return false;
    }
}
