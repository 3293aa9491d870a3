package io.mailserver.app;

import io.mailserver.acme.AcmeException;
import io.mailserver.acme.Authority;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.config.AcmeConfig;
import io.mailserver.config.ListenerConfig;
import io.mailserver.log.EventLog;
import io.mailserver.net.CertificateFiles;
import io.mailserver.net.SecretFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gets a certificate by ACME for each domain's names that point here, and renews it at two thirds of its life or when the authority says.
 * Looks once a minute; what fails is tried again after longer and longer times, up to a day. Each domain has a certificate of its own, so
 * that one whose DNS is wrong harms no other.
 *
 * <p>Safe for use by any thread; the work is done on one virtual thread at a time.
 */
final class AutomaticCertificates implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration FIRST_BACKOFF = Duration.ofMinutes(5);
    private static final Duration LONGEST_BACKOFF = Duration.ofDays(1);
    private static final Duration ASK_SUGGESTION = Duration.ofHours(6);
    /** The certificate ends soon enough to be a worry though it should long have been renewed. */
    private static final Duration WORRY = Duration.ofDays(10);
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final String ACCOUNT_KEY = "acme-account.pem";
    private static final String FOLDER = "acme";
    private static final List<String> LABELS = List.of("mail.", "autoconfig.", "autodiscover.", "mta-sts.");

    /** What it works with. */
    record Parts(
            Path tlsFolder, CurrentConfig config, Domain hostname, DomainNames domains, NamePointsHere dns, Challenges challenges,
            Runnable changed, Time time, EventLog log) {}

    /** The domains of this moment. */
    @FunctionalInterface
    interface DomainNames {
        List<Domain> list() throws IOException;
    }

    /** Whether a name points to this machine, as far as the DNS says. */
    @FunctionalInterface
    interface NamePointsHere {
        boolean test(String name, List<InetAddress> addresses);
    }

    /** How it stands with one certificate. */
    private static final class State {
        private int failures;
        private Instant nextTry = Instant.EPOCH;
        private Instant nextSuggestion = Instant.EPOCH;
        private Optional<Instant> suggestion = Optional.empty();
        private String trouble = "";
    }

    private final Parts parts;
    private final Repeating repeating;
    private final ReentrantLock working = new ReentrantLock();
    // Guarded by working.
    private final Map<String, State> states = new HashMap<>();
    private @Nullable Authority authority;
    private AcmeConfig authoritysConfig = AcmeConfig.defaults();
    private volatile List<String> notes = List.of();
    private volatile @Nullable Thread worker;

    AutomaticCertificates(Parts parts) {
        this.parts = parts;
        this.repeating = new Repeating(parts.time(), INTERVAL, this::look);
    }

    /** The usable certificates in a folder for TLS, that of {@code hostname} first. */
    static List<CertificateFiles> files(Path tlsFolder, Domain hostname) {
        Path folder = tlsFolder.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        Map<CertificateFiles, Boolean> found = new TreeMap<>(Comparator.comparing(CertificateFiles::chain));
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.pem")) {
            for (Path file : all) {
                CertificateFiles pair = new CertificateFiles(file, file);
                present(pair).ifPresent(usable -> found.put(pair, usable.names().contains(hostname.ascii())));
            }
        } catch (IOException e) {
            throw new OperatorException("cannot read " + folder + ": " + e.getMessage(), "look at the disk", e);
        }
        List<CertificateFiles> files = new ArrayList<>(found.keySet());
        files.sort(Comparator.comparing((CertificateFiles pair) -> !found.getOrDefault(pair, false)));
        return files;
    }

    /** Whether one of them is for {@code hostname}. */
    static boolean cover(List<CertificateFiles> files, Domain hostname) {
        return !files.isEmpty() && files.getFirst().read().names().contains(hostname.ascii());
    }

    void start() {
        repeating.start(Duration.ofSeconds(2));
    }

    /** What it waits for, and what failed: one line each, for status and doctor. */
    List<String> notes() {
        return notes;
    }

    /** One look at all; skipped while another one is under way. */
    private void look() {
        if (worker != null) {
            return;
        }
        worker = Thread.ofVirtual().name("acme").start(() -> {
            try {
                step();
            } finally {
                worker = null;
            }
        });
    }

    /** One look at all, in the caller's thread. */
    void step() {
        working.lock();
        try {
            AcmeConfig config = parts.config().get().acme();
            boolean wanted = config.agree() && parts.config().get().tls().certificates().isEmpty() && !ways().isEmpty();
            List<String> found = new ArrayList<>();
            if (wanted) {
                for (Map.Entry<String, Set<String>> group : groups().entrySet()) {
                    one(group.getKey(), group.getValue(), config).ifPresent(found::add);
                }
            }
            notes = List.copyOf(found);
        } catch (IOException | RuntimeException e) {
            // The edge of this work: a bug in it costs one look.
            parts.log().error("acme.failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            working.unlock();
        }
    }

    /** The names that might be wanted, by domain. */
    private Map<String, Set<String>> groups() throws IOException {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        String host = parts.hostname().ascii();
        for (Domain domain : parts.domains().list()) {
            Set<String> names = new LinkedHashSet<>();
            if (host.equals(domain.ascii()) || host.endsWith("." + domain)) {
                names.add(host);
            }
            LABELS.forEach(label -> names.add(label + domain));
            groups.put(domain.ascii(), names);
        }
        if (groups.values().stream().noneMatch(names -> names.contains(host))) {
            groups.put(host, Set.of(host));
        }
        return groups;
    }

    private Optional<String> one(String group, Set<String> names, AcmeConfig config) throws IOException, InterruptedException {
        State state = states.computeIfAbsent(group, key -> new State());
        List<String> here = names.stream().filter(name -> parts.dns().test(name, config.addresses())).toList();
        Path file = parts.tlsFolder().resolve(FOLDER).resolve(group + ".pem");
        Optional<CertificateFiles.Certified> usable = present(new CertificateFiles(file, file));
        Optional<X509Certificate> present = usable.map(CertificateFiles.Certified::certificate);
        if (here.isEmpty()) {
            return present.isPresent()
                    ? worry(group, present.get(), "none of its names points here any more")
                    : Optional.of("certificate of " + group + ": waits for the DNS: none of " + String.join(", ", names) + " points here");
        }
        boolean due = usable.isEmpty() || !usable.get().names().containsAll(here)
                || renewalIsDue(usable.get().certificate(), state, config);
        if (!due) {
            state.trouble = "";
            return Optional.empty();
        }
        if (!parts.time().now().isBefore(state.nextTry)) {
            order(group, here, file, present, state, config);
        }
        if (state.trouble.isEmpty()) {
            return Optional.empty();
        }
        return present.isPresent()
                ? worry(group, present.get(), state.trouble)
                : Optional.of("certificate of " + group + ": " + state.trouble);
    }

    private Optional<String> worry(String group, X509Certificate certificate, String trouble) {
        Instant end = certificate.getNotAfter().toInstant();
        return parts.time().now().plus(WORRY).isBefore(end)
                ? Optional.empty()
                : Optional.of("certificate of " + group + " ends at " + end + " and is not renewed: " + trouble);
    }

    private void order(
            String group, List<String> names, Path file, Optional<X509Certificate> present, State state, AcmeConfig config)
            throws IOException, InterruptedException {
        List<Authority.Way> ways = ways();
        Authority.Way way = ways.get(state.failures % ways.size());
        try {
            Authority.Issued issued = authority(config).issue(names, way, parts.challenges(), present);
            SecretFile.write(file, issued.pem());
            state.failures = 0;
            state.trouble = "";
            state.suggestion = Optional.empty();
            state.nextSuggestion = Instant.EPOCH;
            parts.changed().run();
            parts.log().say("[TLS] certificate for " + String.join(", ", names) + " from " + URI.create(config.directory()).getHost(),
                    "acme.issued", "names", names, "file", file);
        } catch (AcmeException e) {
            failed(group, e, state);
        }
    }

    private void failed(String group, AcmeException e, State state) {
        Instant now = parts.time().now();
        Duration backoff = FIRST_BACKOFF.multipliedBy(1L << Math.min(state.failures, 10));
        Instant next = now.plus(backoff.compareTo(LONGEST_BACKOFF) < 0 ? backoff : LONGEST_BACKOFF);
        state.nextTry = e.retryAfter().filter(after -> after.isAfter(next)).orElse(next);
        state.failures++;
        state.trouble = e.getMessage() + "; tried again at " + state.nextTry;
        parts.log().warn("acme.refused", "certificate", group, "reason", String.valueOf(e.getMessage()), "again", state.nextTry);
    }

    private boolean renewalIsDue(X509Certificate certificate, State state, AcmeConfig config) throws IOException {
        Instant now = parts.time().now();
        Instant begin = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(begin, certificate.getNotAfter().toInstant());
        Instant usual = begin.plus(life.multipliedBy(2).dividedBy(3));
        if (!now.isBefore(state.nextSuggestion)) {
            state.nextSuggestion = now.plus(ASK_SUGGESTION);
            try {
                state.suggestion = authority(config).suggestedRenewal(certificate);
            } catch (AcmeException e) {
                parts.log().info("acme.no-suggestion", "reason", String.valueOf(e.getMessage()));
            }
        }
        return !now.isBefore(state.suggestion.orElse(usual));
    }

    private Authority authority(AcmeConfig config) throws IOException {
        Authority present = authority;
        if (present != null && config.equals(authoritysConfig)) {
            return present;
        }
        Path key = parts.tlsFolder().resolve(ACCOUNT_KEY);
        if (Files.notExists(key)) {
            SecretFile.write(key, Authority.newKey());
        }
        Authority made = new Authority(
                new Authority.Settings(URI.create(config.directory()), config.email(), config.trust()),
                Files.readString(key), parts.time());
        authority = made;
        authoritysConfig = config;
        return made;
    }

    /** What an authority can reach: it goes to ports 80 and 443 and no others. */
    private List<Authority.Way> ways() {
        List<Authority.Way> ways = new ArrayList<>();
        for (ListenerConfig listener : parts.config().get().listeners()) {
            if (listener.service() == ListenerConfig.Service.HTTP && listener.port() == HTTP) {
                ways.add(Authority.Way.HTTP);
            }
        }
        for (ListenerConfig listener : parts.config().get().listeners()) {
            if (listener.service() == ListenerConfig.Service.HTTPS && listener.port() == HTTPS) {
                ways.add(Authority.Way.TLS_ALPN);
            }
        }
        return ways;
    }

    /** A damaged one counts as none: it is got anew. */
    private static Optional<CertificateFiles.Certified> present(CertificateFiles pair) {
        try {
            return Files.exists(pair.chain()) ? Optional.of(pair.read()) : Optional.empty();
        } catch (OperatorException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        repeating.close();
        Thread running = worker;
        if (running != null) {
            running.interrupt();
        }
    }
}
