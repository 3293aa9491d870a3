package io.mailserver.net;

import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of TLS: the current certificates and the rules of the handshake. TLS 1.2 and 1.3 with forward secrecy only, in our
 * order; sessions resume by tickets that the server keeps nothing for.
 *
 * <p>Files that change are read again: {@link #watch}. New ones that do not parse or do not match are reported and the old ones stay. A
 * swap is one reference, so a handshake sees either the old or the new certificates.
 *
 * <p>Safe for use by any thread. Closed by whoever called {@link #watch}.
 */
public final class ServerTls implements AutoCloseable {
    /** The oldest version that is spoken. */
    public enum Oldest {
        TLS_1_2,
        TLS_1_3
    }

    /**
     * A certificate in use, for status.
     *
     * @param file of the certificate
     * @param names its DNS names
     * @param notAfter when it expires
     * @param selfSigned whether nobody vouches for it
     */
    public record Expiry(Path file, Set<String> names, Instant notAfter, boolean selfSigned) {}

    /**
     * Forward secrecy always. AEAD first (RFC 9325 §4.2); the CBC suites at the end are all that Windows Server 2012 R2 has for an RSA
     * certificate, and its alternative for mail would be no TLS at all.
     */
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384");

    /** Sessions of clients without tickets (RFC 5246 §7.3) that are remembered; about 2 KB each. */
    private static final int REMEMBERED_SESSIONS = 2_000;
    /** How long a client may resume. */
    private static final Duration SESSION_LIFETIME = Duration.ofHours(2);

    private record State(SSLContext context, SSLParameters parameters, List<ServerCertificate> certificates) {}

    private record Stamp(FileTime modified, long size) {}

    private final Oldest oldest;
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Map<String, ServerCertificate> challenges;
    private volatile State state;

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private List<CertificateFiles> files;
    private Map<Path, Stamp> stamps = Map.of();
    private Time.@Nullable Scheduled timer;
    private boolean closed;

    private ServerTls(List<CertificateFiles> files, Oldest oldest, State state, Map<String, ServerCertificate> challenges) {
        this.challenges = challenges;
        this.files = files;
        this.oldest = oldest;
        this.state = state;
    }

    /** TLS with the certificates of {@code context}, which never change. */
    public static ServerTls of(SSLContext context) {
        State fixed = new State(context, parameters(context, Oldest.TLS_1_2), List.of());
        return new ServerTls(List.of(), Oldest.TLS_1_2, fixed, new ConcurrentHashMap<>());
    }

    /**
     * Reads the certificates; the first is for clients that ask for no name or for one that none has.
     *
     * @param files at least one
     * @throws OperatorException if one cannot be read, or key and certificate do not belong together
     */
    public static ServerTls load(List<CertificateFiles> files, Oldest oldest) {
        List<CertificateFiles> copy = List.copyOf(files);
        Map<Path, Stamp> before = stampsOf(copy);
        Map<String, ServerCertificate> challenges = new ConcurrentHashMap<>();
        ServerTls tls = new ServerTls(copy, oldest, read(copy, oldest, challenges), challenges);
        tls.stamps = before;
        return tls;
    }

    /** Replaces the certificates; as {@link #load}, and those in use stay where it throws. */
    public void change(List<CertificateFiles> newFiles) {
        List<CertificateFiles> copy = List.copyOf(newFiles);
        lock.lock();
        try {
            Map<Path, Stamp> before = stampsOf(copy);
            state = read(copy, oldest, challenges);
            files = copy;
            stamps = before;
        } finally {
            lock.unlock();
        }
    }

    /** Looks at the files every {@code interval} from now on and takes them over when they changed, until {@link #close}. */
    public void watch(Time time, Duration interval, EventLog log) {
        lock.lock();
        try {
            if (!closed) {
                timer = time.schedule(interval, () -> {
                    takeChanges(log);
                    watch(time, interval, log);
                });
            }
        } finally {
            lock.unlock();
        }
    }

    private void takeChanges(EventLog log) {
        lock.lock();
        try {
            Map<Path, Stamp> now = stampsOf(files);
            if (now.equals(stamps)) {
                return;
            }
            // Remembered also when they are bad: one error for each change, not for each look.
            stamps = now;
            state = read(files, oldest, challenges);
            log.info("tls.certificates-changed", "certificates", files.size(), "expiry", state.certificates().getFirst().notAfter());
        } catch (OperatorException e) {
            log.error("tls.certificates-rejected", e, "reason", String.valueOf(e.getMessage()), "hint", e.hint());
        } finally {
            lock.unlock();
        }
    }

    /** The certificates in use, in the configuration's order. */
    public List<Expiry> expiries() {
        return state.certificates().stream()
                .map(c -> new Expiry(c.files().chain(), c.names(), c.notAfter(), c.selfSigned()))
                .toList();
    }

    /** How many handshakes succeeded, resumed sessions included. */
    public long handshakesCompleted() {
        return completed.sum();
    }

    /** How many handshakes failed, by the client's doing or ours. */
    public long handshakesFailed() {
        return failed.sum();
    }

    void count(boolean success) {
        (success ? completed : failed).increment();
    }

    /** For servers that do TLS themselves (HTTP). Certificates that change later are in a context that is asked for later. */
    SSLContext context() {
        return state.context();
    }

    /** The rules of the handshake that go with {@link #context}. */
    SSLParameters parameters() {
        return state.parameters();
    }

    /** The server's end of TLS over {@code raw}, before the handshake; closing it closes {@code raw}. */
    SSLSocket layerOver(Socket raw) throws IOException {
        State current = state;
        @Nullable InputStream nothingConsumed = null;
        SSLSocket socket = (SSLSocket) current.context().getSocketFactory().createSocket(raw, nothingConsumed, true);
        socket.setSSLParameters(current.parameters());
        return socket;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (timer != null) {
                timer.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * From now on, whoever comes to validate {@code name} by tls-alpn-01 (RFC 8737) is shown this certificate, until
     * {@link #removeChallenge}.
     */
    public void addChallenge(String name, X509Certificate certificate, PrivateKey key) {
        challenges.put(name, ServerCertificate.inMemory(certificate, key, name));
    }

    /** Ends {@link #addChallenge}. */
    public void removeChallenge(String name) {
        challenges.remove(name);
    }

    private static State read(List<CertificateFiles> files, Oldest oldest, Map<String, ServerCertificate> challenges) {
        if (files.isEmpty()) {
            throw new OperatorException("TLS without a certificate", "name a certificate and its key");
        }
        List<ServerCertificate> certificates = files.stream().map(ServerCertificate::load).toList();
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new CertificatesByName(certificates, challenges)}, null, null);
            context.getServerSessionContext().setSessionCacheSize(REMEMBERED_SESSIONS);
            context.getServerSessionContext().setSessionTimeout((int) SESSION_LIFETIME.toSeconds());
            return new State(context, parameters(context, oldest), certificates);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private static SSLParameters parameters(SSLContext context, Oldest oldest) {
        Set<String> supported = Set.copyOf(Arrays.asList(context.getSupportedSSLParameters().getCipherSuites()));
        SSLParameters parameters = new SSLParameters(
                SUITES.stream().filter(supported::contains).toArray(String[]::new),
                oldest == Oldest.TLS_1_3 ? new String[] {"TLSv1.3"} : new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setUseCipherSuitesOrder(true);
        return parameters;
    }

    private static Map<Path, Stamp> stampsOf(List<CertificateFiles> files) {
        Map<Path, Stamp> stamps = new LinkedHashMap<>();
        for (CertificateFiles pair : files) {
            for (Path file : List.of(pair.chain(), pair.key())) {
                stamps.put(file, stampOf(file));
            }
        }
        return stamps;
    }

    private static Stamp stampOf(Path file) {
        try {
            return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
        } catch (IOException e) {
            // Missing, perhaps for the moment of a renewal; reading it says so.
            return new Stamp(FileTime.fromMillis(0), -1);
        }
    }
}
