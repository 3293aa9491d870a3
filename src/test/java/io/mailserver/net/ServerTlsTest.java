package io.mailserver.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailserver.base.OperatorException;
import io.mailserver.log.Level;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTlsTest {
    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Reaper reaper = new Reaper(time);
    private final RecordingLog log = new RecordingLog();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "mail.example.com, mail.example.com",
        "MAIL.Example.COM, mail.example.com",
        "imap.example.org, *.example.org",
        "a.b.example.org, default.example.net",
        "example.org, default.example.net",
        "unknown.example, default.example.net",
        "default.example.net, default.example.net"
    })
    void certificateIsChosenByTheNameAskedFor(String asked, String expected) throws Exception {
        ServerTls tls = threeCertificates();
        assertThat(nameServed(tls, asked)).isEqualTo(expected);
    }

    @Test
    void withoutANameTheFirstCertificateIsServed() throws Exception {
        assertThat(nameServed(threeCertificates(), "")).isEqualTo("default.example.net");
    }

    @Test
    void ofTwoCertificatesForANameTheOneWithAUsableKeyIsServed() throws Exception {
        CertificateFiles ec = TestCertificates.write(folder, "ec", TestCertificates.ec(), "mail.example.com");
        CertificateFiles rsa = TestCertificates.write(folder, "rsa", TestCertificates.rsa(), "mail.example.com");
        ServerTls tls = ServerTls.load(List.of(ec, rsa), ServerTls.Oldest.TLS_1_2);

        assertThat(handshake(tls, parameters("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")).getPublicKey().getAlgorithm()).isEqualTo("RSA");
        assertThat(handshake(tls, parameters("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")).getPublicKey().getAlgorithm()).isEqualTo("EC");
    }

    private static SSLParameters parameters(String suite) {
        return new SSLParameters(new String[] {suite}, new String[] {"TLSv1.2"});
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void keysOfTheTraditionalFormsAreRead(String algorithm) throws Exception {
        KeyPair keys = algorithm.equals("EC") ? TestCertificates.ec() : TestCertificates.rsa();
        CertificateFiles files = TestCertificates.write(folder, "old", keys, "mail.example.com");
        Files.writeString(
                files.key(),
                "some text before\n" + TestCertificates.pem(algorithm + " PRIVATE KEY", TestCertificates.traditionalForm(keys)));

        assertThat(nameServed(ServerTls.load(List.of(files), ServerTls.Oldest.TLS_1_2), "")).isEqualTo("mail.example.com");
    }

    @Test
    void keyOfAnotherCertificateIsRefused() throws Exception {
        CertificateFiles one = TestCertificates.write(folder, "one", TestCertificates.ec(), "one.example");
        CertificateFiles other = TestCertificates.write(folder, "other", TestCertificates.ec(), "other.example");
        CertificateFiles rsa = TestCertificates.write(folder, "rsa", TestCertificates.rsa(), "rsa.example");

        assertThatThrownBy(() -> load(new CertificateFiles(one.chain(), other.key())))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("is not that of the certificate");
        assertThatThrownBy(() -> load(new CertificateFiles(one.chain(), rsa.key()))).isInstanceOf(OperatorException.class);
    }

    @Test
    void badFilesAreNamedInOneLine() throws Exception {
        CertificateFiles good = TestCertificates.write(folder, "good", TestCertificates.ec(), "mail.example.com");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing here");
        Path encrypted = Files.writeString(
                folder.resolve("encrypted.pem"), TestCertificates.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}));
        Path damaged = Files.writeString(folder.resolve("damaged.pem"), TestCertificates.pem("CERTIFICATE", new byte[] {1, 2, 3}));

        assertRefused(new CertificateFiles(folder.resolve("none.pem"), good.key()), "does not exist");
        assertRefused(new CertificateFiles(empty, good.key()), "not a PEM file");
        assertRefused(new CertificateFiles(damaged, good.key()), "cannot be read");
        assertRefused(new CertificateFiles(good.key(), good.key()), "no certificate");
        assertRefused(new CertificateFiles(good.chain(), good.chain()), "no private key");
        assertRefused(new CertificateFiles(good.chain(), encrypted), "encrypted");
        assertRefused(new CertificateFiles(good.chain(), damaged), "no private key");
    }

    private static void assertRefused(CertificateFiles files, String reason) {
        assertThatThrownBy(() -> load(files))
                .isInstanceOfSatisfying(OperatorException.class, e -> assertThat(e.hint()).isNotEmpty())
                .hasMessageContaining(reason)
                .hasMessageNotContaining("\n");
    }

    @Test
    void changedFilesAreTakenOverAndBadOnesAreNot() throws Exception {
        CertificateFiles files = TestCertificates.write(folder, "cert", TestCertificates.ec(), "old.example");
        try (ServerTls tls = load(files)) {
            tls.watch(time, Duration.ofMinutes(1), log);
            TestCertificates.write(folder, "cert", TestCertificates.ec(), "new.example");
            touch(files, 1);
            time.advance(Duration.ofMinutes(1));
            assertThat(nameServed(tls, "")).isEqualTo("new.example");
            assertThat(log.events("tls.certificates-changed")).hasSize(1);

            Files.writeString(files.key(), "no key");
            touch(files, 2);
            time.advance(Duration.ofMinutes(5));
            assertThat(nameServed(tls, "")).isEqualTo("new.example");
            assertThat(log.events("tls.certificates-rejected")).hasSize(1).allMatch(e -> e.level() == Level.ERROR);

            TestCertificates.write(folder, "cert", TestCertificates.ec(), "newest.example");
            touch(files, 3);
            time.advance(Duration.ofMinutes(1));
            assertThat(nameServed(tls, "")).isEqualTo("newest.example");
        }
    }

    @Test
    void expiriesAreThoseOfTheCertificates() throws Exception {
        assertThat(threeCertificates().expiries())
                .hasSize(3)
                .allSatisfy(expiry -> assertThat(expiry.notAfter()).isEqualTo(TestCertificates.EXPIRY))
                .first()
                .satisfies(expiry -> assertThat(expiry.names()).containsExactly("default.example.net"))
                .satisfies(expiry -> assertThat(expiry.selfSigned()).isTrue());
    }

    @Test
    void oldVersionsAndSuitesWithoutForwardSecrecyAreRefused() throws Exception {
        ServerTls tls = load(TestCertificates.write(folder, "rsa", TestCertificates.rsa(), "mail.example.com"));
        assertThatThrownBy(() -> handshake(tls, new SSLParameters(
                        new String[] {"TLS_RSA_WITH_AES_128_GCM_SHA256"}, new String[] {"TLSv1.2"})))
                .isInstanceOf(IOException.class);
        ServerTls newOnly = ServerTls.load(
                List.of(TestCertificates.write(folder, "ec", TestCertificates.ec(), "mail.example.com")), ServerTls.Oldest.TLS_1_3);
        assertThatThrownBy(() -> handshake(newOnly, parameters("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")))
                .isInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void overdueReadUnderTlsStillLetsTheGoodbyeThrough(String protocol) throws Exception {
        ServerTls tls = threeCertificates();
        byte[] goodbye = "421 4.4.2 Timeout\r\n".getBytes(StandardCharsets.US_ASCII);
        try (SocketPair pair = SocketPair.open();
                SSLSocket client = client(pair, versionOnly(protocol))) {
            Connection connection = Connection.over(pair.server(), reaper);
            Future<Integer> session = inThread(() -> {
                try (connection) {
                    connection.startTls(tls);
                    connection.deadline(Duration.ofMinutes(1));
                    connection.out().write('!');
                    int octet = connection.in().read();
                    connection.out().write(goodbye);
                    return octet;
                }
            });
            client.startHandshake();
            assertThat(client.getInputStream().read()).isEqualTo('!');
            await().until(connection::waitsForInput);

            time.advance(Duration.ofMinutes(1).plus(Reaper.SWEEP));

            assertThat(session.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
            assertThat(connection.endOfInput()).isEqualTo(EndOfInput.TIMED_OUT);
            assertThat(connection.tls()).hasValueSatisfying(t -> assertThat(t.protocol()).isEqualTo(protocol));
            // readAllBytes fails unless the server's close_notify came.
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(goodbye);
        }
    }

    /** RFC 9325 §3.5: it would cost the client nothing and the server a handshake, again and again. */
    @Test
    void clientsMayNotRenegotiate() throws Exception {
        ServerTls tls = threeCertificates();
        try (SocketPair pair = SocketPair.open();
                SSLSocket client = client(pair, versionOnly("TLSv1.2"));
                Connection connection = Connection.over(pair.server(), reaper)) {
            Future<Integer> session = inThread(() -> {
                connection.startTls(tls);
                connection.out().write('!');
                return connection.in().read();
            });
            client.startHandshake();
            assertThat(client.getInputStream().read()).isEqualTo('!');

            assertThatThrownBy(() -> {
                        client.startHandshake();
                        client.getInputStream().read();
                    })
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> session.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void handshakeThatStallsIsEndedByTheDeadline() throws Exception {
        ServerTls tls = threeCertificates();
        try (SocketPair pair = SocketPair.open();
                Connection connection = Connection.over(pair.server(), reaper)) {
            connection.deadline(Duration.ofSeconds(30));
            Future<Integer> session = inThread(() -> {
                connection.startTls(tls);
                return 0;
            });
            pair.client().getOutputStream().write(new byte[] {22, 3, 1});
            await().until(connection::waitsForInput);

            time.advance(Duration.ofSeconds(30).plus(Reaper.SWEEP));

            assertThatThrownBy(() -> session.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
            assertThat(connection.endOfInput()).isEqualTo(EndOfInput.TIMED_OUT);
        }
    }

    @Test
    void stalledWriteUnderTlsIsClosedHard() throws Exception {
        ServerTls tls = threeCertificates();
        try (SocketPair pair = SocketPair.open();
                SSLSocket client = client(pair, versionOnly("TLSv1.3"));
                Connection connection = Connection.over(pair.server(), reaper)) {
            Future<Integer> session = inThread(() -> {
                connection.startTls(tls);
                byte[] block = new byte[64 * 1024];
                while (true) {
                    connection.out().write(block);
                }
            });
            client.startHandshake();

            // The kernel takes some writes at first; time goes on until one is stuck.
            await().until(() -> {
                time.advance(Connection.DEFAULT_WRITE_DEADLINE);
                return session.isDone();
            });

            assertThatThrownBy(() -> session.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        }
    }

    private ServerTls threeCertificates() throws Exception {
        return ServerTls.load(
                List.of(
                        TestCertificates.write(folder, "default", TestCertificates.ec(), "default.example.net"),
                        TestCertificates.write(folder, "exact", TestCertificates.ec(), "mail.example.com"),
                        TestCertificates.write(folder, "wild", TestCertificates.ec(), "*.example.org")),
                ServerTls.Oldest.TLS_1_2);
    }

    private static ServerTls load(CertificateFiles files) {
        return ServerTls.load(List.of(files), ServerTls.Oldest.TLS_1_2);
    }

    private static void touch(CertificateFiles files, int step) throws IOException {
        FileTime at = FileTime.from(Instant.parse("2026-02-01T00:00:00Z").plusSeconds(step));
        Files.setLastModifiedTime(files.chain(), at);
        Files.setLastModifiedTime(files.key(), at);
    }

    private String nameServed(ServerTls tls, String asked) throws Exception {
        SSLParameters parameters = versionOnly("TLSv1.3");
        if (!asked.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(asked)));
        }
        return String.valueOf(handshake(tls, parameters).getSubjectAlternativeNames().iterator().next().get(1));
    }

    private static SSLParameters versionOnly(String protocol) {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(new String[] {protocol});
        return parameters;
    }

    private X509Certificate handshake(ServerTls tls, SSLParameters parameters) throws Exception {
        try (SocketPair pair = SocketPair.open();
                SSLSocket client = client(pair, parameters);
                Connection connection = Connection.over(pair.server(), reaper)) {
            Future<Integer> session = inThread(() -> {
                connection.startTls(tls);
                return 0;
            });
            client.startHandshake();
            try {
                assertThat(session.get(20, TimeUnit.SECONDS)).isZero();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
            return (X509Certificate) client.getSession().getPeerCertificates()[0];
        }
    }

    private static SSLSocket client(SocketPair pair, SSLParameters parameters) throws Exception {
        SSLContext context = TestCertificates.trustingClient();
        SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket(pair.client(), "localhost", 25, true);
        client.setSSLParameters(parameters);
        return client;
    }

    private static <T> Future<T> inThread(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofVirtual().start(future);
        return future;
    }
}
