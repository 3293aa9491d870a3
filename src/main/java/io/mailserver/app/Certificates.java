package io.mailserver.app;

import io.mailserver.admin.ServerStatus;
import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.config.TlsConfig;
import io.mailserver.log.EventLog;
import io.mailserver.metrics.Metrics;
import io.mailserver.net.CertificateFiles;
import io.mailserver.net.SelfSignedCertificate;
import io.mailserver.net.ServerTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The certificates of the configuration, or the self-signed one in the data folder where it names none. Closed by whoever loaded them. */
final class Certificates implements AutoCloseable {
    private final Path ownFile;
    private final Domain host;
    private final Time time;
    private final ServerTls tls;

    private Certificates(Path ownFile, Domain host, Time time, ServerTls tls) {
        this.ownFile = ownFile;
        this.host = host;
        this.time = time;
        this.tls = tls;
    }

    /** Where the self-signed certificate of a data folder lies. */
    static Path ownFile(Path data) {
        return data.resolve("tls").resolve("self-signed.pem");
    }

    /**
     * Reads them, makes the self-signed one if it is needed and missing, and looks for changes of the files from now on.
     *
     * @param host for the self-signed one
     * @throws io.mailserver.base.OperatorException if one cannot be used
     */
    static Certificates load(TlsConfig config, Path data, Domain host, Time time, EventLog log) {
        Path ownFile = ownFile(data);
        ServerTls.Oldest oldest = switch (config.minVersion()) {
            case TLS12 -> ServerTls.Oldest.TLS_1_2;
            case TLS13 -> ServerTls.Oldest.TLS_1_3;
        };
        ServerTls tls = ServerTls.load(files(config, ownFile, host, time), oldest);
        tls.watch(time, config.checkInterval(), log);
        return new Certificates(ownFile, host, time, tls);
    }

    private static List<CertificateFiles> files(TlsConfig config, Path ownFile, Domain host, Time time) {
        if (config.certificates().isEmpty()) {
            List<CertificateFiles> automatic = AutomaticCertificates.files(folder(ownFile), host);
            if (AutomaticCertificates.cover(automatic, host)) {
                return automatic;
            }
            List<CertificateFiles> all = new ArrayList<>(automatic);
            // The first is for who asks for no name: mail servers, which do not verify.
            all.addFirst(SelfSignedCertificate.ensure(ownFile, List.of(host), time));
            return all;
        }
        return config.certificates().stream().map(each -> new CertificateFiles(each.chain(), each.key())).toList();
    }

    private static Path folder(Path ownFile) {
        return Objects.requireNonNull(ownFile.getParent());
    }

    /** Where the server keeps the keys and certificates that it made or got itself. */
    Path folder() {
        return folder(ownFile);
    }

    ServerTls tls() {
        return tls;
    }

    /** Takes over the certificates of {@code config}, or throws and keeps those in use. */
    void change(TlsConfig config) {
        tls.change(files(config, ownFile, host, time));
    }

    List<ServerStatus.Certificate> status() {
        return tls.expiries().stream()
                .map(each -> new ServerStatus.Certificate(
                        List.copyOf(each.names()), Optional.of(each.file()), each.notAfter(), each.selfSigned()))
                .toList();
    }

    /** Names the figures of TLS. */
    void measure(Metrics metrics) {
        metrics.counters("tls_handshakes", "TLS handshakes, resumed sessions included.", List.of("outcome"), () -> Map.of(
                List.of("completed"), tls.handshakesCompleted(),
                List.of("failed"), tls.handshakesFailed()));
        metrics.gauges("tls_certificate_expiry_timestamp_seconds", "When a certificate in use ends.", "file", () -> {
            Map<String, Double> figures = new TreeMap<>();
            tls.expiries().forEach(each -> figures.put(each.file().toString(), (double) each.notAfter().getEpochSecond()));
            return figures;
        });
    }

    @Override
    public void close() {
        tls.close();
    }
}
