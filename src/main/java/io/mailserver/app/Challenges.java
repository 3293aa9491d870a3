package io.mailserver.app;

import io.mailserver.acme.ChallengeResponder;
import io.mailserver.net.HttpMount;
import io.mailserver.net.ServerTls;
import io.mailserver.net.TextRoutes.Answer;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Request;

/** What this server shows to an authority that validates a name. Safe for use by any thread. */
final class Challenges implements ChallengeResponder {
    private static final String PREFIX = "/.well-known/acme-challenge";

    private final ServerTls tls;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    Challenges(ServerTls tls) {
        this.tls = tls;
    }

    /** To be mounted everywhere, in plain too (RFC 8555 §8.3). */
    HttpMount mount() {
        return new HttpMount(PREFIX, 0, (request, response, callback) -> {
            String path = Request.getPathInContext(request);
            String content = path.length() > PREFIX.length() ? tokens.get(path.substring(PREFIX.length() + 1)) : null;
            if (content == null) {
                return false;
            }
            new Answer(200, "application/octet-stream", content).write(request, response, callback);
            return true;
        });
    }

    @Override
    public void showToken(String token, String content) {
        tokens.put(token, content);
    }

    @Override
    public void hideToken(String token) {
        tokens.remove(token);
    }

    @Override
    public void showCertificate(String name, X509Certificate certificate, PrivateKey key) {
        tls.addChallenge(name, certificate, key);
    }

    @Override
    public void hideCertificate(String name) {
        tls.removeChallenge(name);
    }
}
