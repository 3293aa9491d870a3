package io.mailserver.acme;

import io.mailserver.base.Time;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeNotSupportedException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/**
 * An authority that gives certificates by ACME, and our account with it. Not safe for use by several threads at a time; made anew where
 * the settings change.
 */
public final class Authority {
    private static final String CURVE = "secp256r1";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    /** How long one step may take at the authority: validation of a name, or issuing. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final Settings settings;
    private final KeyPair accountKey;
    private final Time time;
    private Optional<Login> login = Optional.empty();

    /**
     * @param directory of the authority
     * @param email whom it may write to
     * @param trust PEM of the root that vouches for the authority's own web server, for a private one; else the JDK's roots do
     */
    public record Settings(URI directory, Optional<String> email, Optional<Path> trust) {}

    /** How a name is shown to be ours. */
    public enum Way {
        HTTP,
        TLS_ALPN
    }

    /**
     * A new certificate.
     *
     * @param pem its key, then itself and the intermediate ones
     */
    public record Issued(String pem) {
        @Override
        public String toString() {
            return "Issued";
        }
    }

    /** @param accountKey PEM of the account's key: made by {@link #newKey} once, and kept */
    public Authority(Settings settings, String accountKey, Time time) throws IOException {
        this.time = time;
        this.settings = settings;
        this.accountKey = readKeyPair(accountKey);
    }

    /** An ECDSA P-256 key as PEM, its public half with it. */
    public static String newKey() {
        KeyPair keys = newKeyPair();
        return pem(PRIVATE, keys.getPrivate()) + pem(PUBLIC, keys.getPublic());
    }

    /**
     * Asks for one certificate with all these names; blocks until it is there.
     *
     * @param names at least one, as A-labels
     * @param replaces the certificate that it is to renew
     * @throws AcmeException it is refused, or the authority cannot be reached
     */
    public Issued issue(List<String> names, Way way, ChallengeResponder responder, Optional<X509Certificate> replaces)
            throws AcmeException, InterruptedException {
        try {
            Order order = order(names, replaces);
            for (Authorization authorization : order.getAuthorizations()) {
                if (authorization.getStatus() != Status.VALID) {
                    validate(authorization, way, responder);
                }
            }
            // RFC 8555 §7.4
            if (order.waitUntilReady(PATIENCE) == Status.INVALID) {
                throw refused(order);
            }
            KeyPair key = newKeyPair();
            order.execute(key);
            if (order.waitForCompletion(PATIENCE) != Status.VALID) {
                throw refused(order);
            }
            StringWriter chain = new StringWriter();
            order.getCertificate().writeCertificate(chain);
            return new Issued(pem(PRIVATE, key.getPrivate()) + chain);
        } catch (org.shredzone.acme4j.exception.AcmeException | RuntimeException | IOException e) {
            throw failure(e);
        }
    }

    /** When the authority suggests to renew (RFC 9773 §4.1): a random time in its window; empty where it does not say. */
    public Optional<Instant> suggestedRenewal(X509Certificate certificate) throws AcmeException {
        try {
            RenewalInfo info = login().bindRenewalInfo(certificate);
            info.fetch();
            Instant start = info.getSuggestedWindowStart();
            long window = Math.max(1, Duration.between(start, info.getSuggestedWindowEnd()).toMillis());
            // The same time for the same certificate, so that asking again does not move it.
            return Optional.of(start.plusMillis(Math.floorMod(certificate.getSerialNumber().longValue(), window)));
        } catch (AcmeNotSupportedException e) {
            return Optional.empty();
        } catch (org.shredzone.acme4j.exception.AcmeException | RuntimeException | IOException e) {
            throw failure(e);
        }
    }

    private Order order(List<String> names, Optional<X509Certificate> replaces)
            throws org.shredzone.acme4j.exception.AcmeException, IOException {
        var builder = login().newOrder().domains(names);
        if (replaces.isPresent()
                && login().getSession().resourceUrlOptional(Resource.RENEWAL_INFO).isPresent()) {
            builder.replaces(replaces.get());
        }
        return builder.create();
    }

    private Login login() throws org.shredzone.acme4j.exception.AcmeException, IOException {
        if (login.isEmpty()) {
            AccountBuilder builder = new AccountBuilder().agreeToTermsOfService().useKeyPair(accountKey);
            settings.email().ifPresent(builder::addEmail);
            login = Optional.of(builder.createLogin(session()));
        }
        return login.get();
    }

    private Session session() throws IOException {
        Session session = settings.trust().isEmpty()
                ? new Session(settings.directory())
                : new Session(settings.directory(), new PrivateProvider(trusting(settings.trust().get())));
        session.networkSettings().setTimeout(ANSWER);
        return session;
    }

    private void validate(Authorization authorization, Way way, ChallengeResponder responder)
            throws org.shredzone.acme4j.exception.AcmeException, AcmeException, InterruptedException {
        String name = authorization.getIdentifier().getDomain();
        if (way == Way.HTTP) {
            Http01Challenge challenge = authorization.findChallenge(Http01Challenge.class).orElseThrow(() -> notOffered(name, "http-01"));
            responder.showToken(challenge.getToken(), challenge.getAuthorization());
            try {
                await(authorization, challenge, name);
            } finally {
                responder.hideToken(challenge.getToken());
            }
        } else {
            TlsAlpn01Challenge challenge =
                    authorization.findChallenge(TlsAlpn01Challenge.class).orElseThrow(() -> notOffered(name, "tls-alpn-01"));
            KeyPair key = newKeyPair();
            X509Certificate shown = ValidationCertificate.of(name, challenge.getAcmeValidation(), key, time.now());
            responder.showCertificate(name, shown, key.getPrivate());
            try {
                await(authorization, challenge, name);
            } finally {
                responder.hideCertificate(name);
            }
        }
    }

    private static void await(Authorization authorization, Challenge challenge, String name)
            throws org.shredzone.acme4j.exception.AcmeException, AcmeException, InterruptedException {
        challenge.trigger();
        if (authorization.waitForCompletion(PATIENCE) != Status.VALID) {
            challenge.fetch();
            throw new AcmeException(
                    "the authority could not see that " + name + " is this machine"
                            + challenge.getError().map(Authority::because).orElse(""),
                    Optional.empty(), null);
        }
    }

    private static AcmeException notOffered(String name, String challenge) {
        return new AcmeException("the authority does not offer " + challenge + " for " + name, Optional.empty(), null);
    }

    private static AcmeException refused(Order order) {
        String why = order.getError().map(Authority::because).orElse("");
        return new AcmeException("the authority refused the order" + why, Optional.empty(), null);
    }

    private static String because(Problem problem) {
        return ": " + problem.getDetail().or(problem::getTitle).orElse(String.valueOf(problem.getType()));
    }

    private static AcmeException failure(Exception e) {
        Optional<Instant> retryAfter = e instanceof AcmeRateLimitedException limited ? limited.getRetryAfter() : Optional.empty();
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new AcmeException(text, retryAfter, e);
    }

    /** The library's own way needs a security provider that is not installed here. */
    private static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }

    private static String pem(String label, Key key) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(label, key.getEncoded()));
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return text.toString();
    }

    private static KeyPair readKeyPair(String pem) throws IOException {
        try (PemReader reader = new PemReader(new StringReader(pem))) {
            @Nullable PemObject key = reader.readPemObject();
            @Nullable PemObject publicKey = reader.readPemObject();
            if (key == null || publicKey == null) {
                throw new IOException("the account's key is damaged; removed, it is made anew");
            }
            KeyFactory factory = KeyFactory.getInstance("EC");
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(publicKey.getContent())),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(key.getContent())));
        } catch (GeneralSecurityException e) {
            throw new IOException("the account's key is damaged; removed, it is made anew", e);
        }
    }

    private static HttpClient trusting(Path roots) throws IOException {
        try (PemReader reader = new PemReader(Files.newBufferedReader(roots))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (@Nullable PemObject each = reader.readPemObject(); each != null; each = reader.readPemObject()) {
                if (each.getType().equals(CERTIFICATE)) {
                    Certificate root = factory.generateCertificate(new ByteArrayInputStream(each.getContent()));
                    store.setCertificateEntry("root" + store.size(), root);
                }
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return HttpClient.newBuilder()
                    .sslContext(context)
                    .connectTimeout(ANSWER)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IOException(roots + " is no PEM file of certificates: " + e.getMessage(), e);
        }
    }

    /** An authority of one's own network. */
    private static final class PrivateProvider extends GenericAcmeProvider {
        private final HttpClient client;

        PrivateProvider(HttpClient client) {
            this.client = client;
        }

        @Override
        public Connection connect(URI server, NetworkSettings network, HttpClient usual) {
            return super.connect(server, network, client);
        }
    }
}
