package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailserver.base.Domain;
import io.mailserver.base.SystemTime;
import io.mailserver.config.Config;
import io.mailserver.config.ConfigLoader;
import io.mailserver.dns.Zone;
import io.mailserver.dns.ZoneServer;
import io.mailserver.net.CertificateFiles;
import io.mailserver.net.ConnectionLimits;
import io.mailserver.net.HttpListenerSpec;
import io.mailserver.net.HttpServer;
import io.mailserver.net.SelfSignedCertificate;
import io.mailserver.net.ServerTls;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates from Pebble, Let's Encrypt's authority for tests, which refuses every other good nonce here. */
@Tag("peer")
class PebblePeerTest {
    private static final Domain HOST = new Domain("mail.example.com");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Zone ZONE = Zone.parse("""
            mail.example.com     A 127.0.0.1
            mta-sts.example.com  A 127.0.0.1
            mail.second.example  A 127.0.0.1
            """);

    private final SystemTime real = new SystemTime();
    private final ManualTime time = new ManualTime(real.now());
    private final RecordingLog log = new RecordingLog();
    private final AtomicInteger changes = new AtomicInteger();
    private ZoneServer dns;
    private ServerTls tls;
    private HttpServer server;
    private Challenges challenges;
    private Process pebble;
    private int port;
    private Set<String> pointHere = Set.of("mail.example.com", "mta-sts.example.com");

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/pebble")), "missing: apt install pebble");
        dns = ZoneServer.start(() -> ZONE, 0, real);
        CertificateFiles own = SelfSignedCertificate.ensure(folder.resolve("own.pem"), List.of(HOST, new Domain("localhost")), real);
        tls = ServerTls.load(List.of(own), ServerTls.Oldest.TLS_1_2);
        server = HttpServer.bind(
                List.of(HttpListenerSpec.onLoopback("HTTP", 0), HttpListenerSpec.onLoopback("HTTPS", 0).withTls(tls)),
                new ConnectionLimits(ConnectionLimits.Limits.only(100), real), real, log);
        challenges = new Challenges(tls);
        server.start(List.of(List.of(challenges.mount()), List.of()));
        port = freePort();
        startPebble();
    }

    private void startPebble() throws IOException {
        Path config = Files.writeString(folder.resolve("pebble.json"), """
                {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                 "certificate": "%s", "privateKey": "%s", "httpPort": %d, "tlsPort": %d,
                 "ocspResponderURL": "", "externalAccountBindingRequired": false}}
                """.formatted(port, freePort(), folder.resolve("own.pem"), folder.resolve("own.pem"),
                server.ports().getFirst(), server.ports().getLast()));
        ProcessBuilder builder = new ProcessBuilder("/usr/bin/pebble", "-config", config.toString(), "-dnsserver",
                "127.0.0.1:" + dns.address().getPort());
        // A nonce is tried ten times: of half of them refused, one run in some twenty would fail.
        builder.environment().putAll(Map.of("PEBBLE_VA_NOSLEEP", "1", "PEBBLE_WFE_NONCEREJECT", "15", "PEBBLE_AUTHZREUSE", "0"));
        pebble = builder.redirectErrorStream(true).redirectOutput(folder.resolve("pebble.log").toFile()).start();
        Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            new Socket(LOOPBACK, port).close();
            return true;
        });
    }

    @AfterEach
    void stop() throws IOException {
        if (pebble != null) {
            pebble.destroyForcibly();
            server.close();
            dns.close();
        }
        real.close();
    }

    @Test
    void aCertificateIsGotOverHttpAndRenewedAtTwoThirdsOfItsLife() throws Exception {
        AutomaticCertificates automatic = automatic("{service: http, port: 80}");
        automatic.step();
        assertThat(automatic.notes()).isEmpty();
        CertificateFiles file = AutomaticCertificates.files(folder, HOST).getFirst();
        CertificateFiles.Certified first = file.read();
        assertThat(first.names()).containsExactlyInAnyOrderElementsOf(pointHere);
        assertThat(first.certificate().getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.chain()))).isEqualTo("rw-------");
        assertThat(changes).hasValue(1);

        automatic.step();
        assertThat(changes).hasValue(1);
        Duration life = Duration.between(
                first.certificate().getNotBefore().toInstant(), first.certificate().getNotAfter().toInstant());
        time.advance(life.multipliedBy(3).dividedBy(4));
        automatic.step();
        assertThat(changes).hasValue(2);
        assertThat(file.read().certificate()).isNotEqualTo(first.certificate());
        tls.change(AutomaticCertificates.files(folder, HOST));
    }

    @Test
    void aCertificateIsGotOverTlsWherePort80IsNotOurs() throws Exception {
        AutomaticCertificates automatic = automatic("{service: https, port: 443}");
        automatic.step();
        assertThat(automatic.notes()).isEmpty();
        assertThat(AutomaticCertificates.files(folder, HOST).getFirst().read().names()).containsAll(pointHere);
    }

    @Test
    void whatCannotBeValidatedIsToldAndTriedAgainLater() throws Exception {
        // The DNS of this machine says so, that of the authority does not.
        pointHere = Set.of("mail.example.com", "autoconfig.example.com");
        AutomaticCertificates automatic = automatic("{service: http, port: 80}");
        automatic.step();
        assertThat(automatic.notes()).singleElement().asString().contains("autoconfig.example.com", "tried again at");
        assertThat(AutomaticCertificates.files(folder, HOST)).isEmpty();
        pointHere = Set.of("mail.example.com");
        automatic.step();
        assertThat(changes).hasValue(0);
        time.advance(Duration.ofMinutes(6));
        automatic.step();
        assertThat(changes).hasValue(1);
        assertThat(automatic.notes()).isEmpty();
    }

    @Test
    void anAuthorityThatIsAwayHarmsNothing() throws Exception {
        pebble.destroyForcibly().waitFor();
        AutomaticCertificates automatic = automatic("{service: http, port: 80}");
        automatic.step();
        assertThat(automatic.notes()).singleElement().asString().contains("example.com");
        startPebble();
        time.advance(Duration.ofMinutes(6));
        automatic.step();
        assertThat(automatic.notes()).isEmpty();
    }

    @Test
    void nothingIsAskedForBeforeTheDnsPointsHere() {
        pointHere = Set.of();
        AutomaticCertificates automatic = automatic("{service: http, port: 80}");
        automatic.step();
        assertThat(automatic.notes()).singleElement().asString().contains("waits for the DNS", "mail.example.com");
        assertThat(folder.resolve("acme-account.pem")).doesNotExist();
    }

    @Test
    void nothingIsAskedForWhereNothingListensOrNobodyAgreed() {
        AutomaticCertificates high = automatic("{service: http, port: 8080}");
        high.step();
        assertThat(high.notes()).isEmpty();
        assertThat(folder.resolve("acme-account.pem")).doesNotExist();
    }

    @AfterEach
    void noBugWasMet() {
        log.assertNoErrors();
    }

    private AutomaticCertificates automatic(String listener) {
        Config config = ConfigLoader.of(Map.of(
                "listeners", "[" + listener + "]",
                "acme.directory", "https://localhost:" + port + "/dir",
                "acme.trust", folder.resolve("own.pem").toString()));
        ConnectionLimits limits = new ConnectionLimits(ConnectionLimits.Limits.only(1), real);
        return new AutomaticCertificates(new AutomaticCertificates.Parts(
                folder, new CurrentConfig(config, limits), HOST, () -> List.of(new Domain("example.com")),
                (name, addresses) -> pointHere.contains(name), challenges, changes::incrementAndGet, time, log));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
            return socket.getLocalPort();
        }
    }
}
