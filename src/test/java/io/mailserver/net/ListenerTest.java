package io.mailserver.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailserver.base.OperatorException;
import io.mailserver.net.ConnectionLimits.Limits;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenerTest {
    private static final Network LOOPBACK = Network.parse("127.0.0.0/8").orElseThrow();
    private static final Network ELSEWHERE = Network.parse("192.0.2.0/24").orElseThrow();

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Reaper reaper = new Reaper(time);
    private final RecordingLog log = new RecordingLog();
    private ConnectionLimits limits = new ConnectionLimits(Limits.only(100), time);

    @TempDir
    Path folder;

    private Listener listener = Listener.bind(ListenerSpec.onLoopback("Test", 0), reaper, limits, log);

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void eachConnectionIsServedOnAVirtualThread() throws Exception {
        listener.start(connection -> say(connection, Thread.currentThread().isVirtual() + " " + connection.remotePort()));
        try (Socket client = connect()) {
            assertThat(readAll(client)).isEqualTo("true " + client.getLocalPort());
        }
    }

    @Test
    void listensToIpv4AndIpv6Alike() throws Exception {
        restart(ListenerSpec.onAllAddresses("Test", 0));
        listener.start(connection -> say(connection, connection.remoteAddress().getHostAddress()));
        try (Socket ipv4 = new Socket(InetAddress.ofLiteral("127.0.0.1"), listener.port())) {
            assertThat(readAll(ipv4)).isEqualTo("127.0.0.1");
        }
        try (Socket ipv6 = new Socket(InetAddress.ofLiteral("::1"), listener.port())) {
            assertThat(readAll(ipv6)).isEqualTo("0:0:0:0:0:0:0:1");
        }
    }

    @Test
    void portInUseNamesItsHolderAndTheWayOut() {
        assertThatThrownBy(() -> Listener.bind(ListenerSpec.onLoopback("SMTP inbound", listener.port()), reaper, limits, log))
                .isInstanceOfSatisfying(OperatorException.class, e -> assertThat(e.hint()).contains("listeners"))
                .hasMessageContaining("port " + listener.port())
                .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
    }

    @Test
    void connectionOverALimitGetsTheHandlersLineAndIsCounted() throws Exception {
        limits = new ConnectionLimits(new Limits(1, 10, 10, 100), time);
        restart(ListenerSpec.onLoopback("Test", 0));
        CountDownLatch over = new CountDownLatch(1);
        listener.start(new ConnectionHandler() {
            @Override
            public void handle(Connection connection) throws IOException {
                say(connection, "+");
                awaitLatch(over);
            }

            @Override
            public String refusal(Refusal reason) {
                return "421 4.7.0 " + reason;
            }
        });
        try (Socket first = connect();
                Socket second = connect()) {
            // Whichever is served first, the other is refused.
            Future<String> one = inThread(() -> readAll(first));
            Future<String> other = inThread(() -> readAll(second));
            await().until(() -> one.isDone() || other.isDone());
            over.countDown();
            assertThat(List.of(one.get(20, TimeUnit.SECONDS), other.get(20, TimeUnit.SECONDS)))
                    .containsExactlyInAnyOrder("+", "421 4.7.0 TOO_MANY_FROM_ADDRESS\r\n");
        }
        assertThat(listener.statistics().refused(Refusal.TOO_MANY_FROM_ADDRESS)).isEqualTo(1);
        assertThat(log.events("connection.refused")).hasSize(1);
        await().until(() -> limits.open() == 0);
    }

    @Test
    void sessionThatFailsIsLoggedAndDisturbsNoOther() throws Exception {
        AtomicInteger number = new AtomicInteger();
        listener.start(connection -> {
            if (number.getAndIncrement() == 0) {
                throw new IllegalStateException("a bug");
            }
            say(connection, "+");
        });
        try (Socket broken = connect()) {
            assertThat(readAll(broken)).isEmpty();
        }
        assertThat(log.await("connection.failed").cause()).hasMessage("a bug");
        try (Socket good = connect()) {
            assertThat(readAll(good)).isEqualTo("+");
        }
        await().until(() -> limits.open() == 0);
    }

    @Test
    void acceptLoopSurvivesFailuresWithGrowingPauses() throws Exception {
        FailingServerSocket socket = new FailingServerSocket(3);
        listener.close();
        listener = new Listener(ListenerSpec.onLoopback("Test", 0), socket, reaper, limits, log);
        listener.start(connection -> say(connection, "+"));
        try (Socket client = connect()) {
            for (int failure = 1; failure <= 3; failure++) {
                int count = failure;
                await().until(() -> log.events("listener.accept-failed").size() == count);
                await().until(time::hasTasks);
                time.advance(Duration.ofMillis(25L << failure));
            }
            assertThat(readAll(client)).isEqualTo("+");
        }
        assertThat(log.events("listener.accept-failed")).extracting(e -> e.field("retry-ms")).containsExactly("50", "100", "200");
    }

    @Test
    void clientBehindATrustedProxyIsKnownByItsOwnAddress() throws Exception {
        restart(ListenerSpec.onLoopback("Test", 0).behindProxies(List.of(LOOPBACK)));
        listener.start(connection -> {
            char first = (char) connection.in().read();
            say(connection, connection.remoteAddress().getHostAddress() + " " + connection.remotePort() + " " + first);
        });
        try (Socket proxy = connect()) {
            write(proxy, "PROXY TCP4 203.0.113.7 198.51.100.1 4711 25\r\nX");
            assertThat(readAll(proxy)).isEqualTo("203.0.113.7 4711 X");
        }
    }

    @Test
    void limitsBehindAProxyAreThoseOfTheClient() throws Exception {
        limits = new ConnectionLimits(new Limits(1, 1, 10, 100), time);
        restart(ListenerSpec.onLoopback("Test", 0).behindProxies(List.of(LOOPBACK)));
        CountDownLatch over = new CountDownLatch(1);
        listener.start(connection -> {
            say(connection, "+");
            awaitLatch(over);
        });
        try (Socket first = connect();
                Socket second = connect()) {
            write(first, "PROXY TCP4 203.0.113.7 198.51.100.1 4711 25\r\n");
            write(second, "PROXY TCP4 198.51.100.7 198.51.100.1 4711 25\r\n");
            assertThat(first.getInputStream().read()).isEqualTo('+');
            assertThat(second.getInputStream().read()).isEqualTo('+');
        } finally {
            over.countDown();
        }
    }

    @Test
    void headerFromElsewhereIsNotBelievedAndTheConnectionClosed() throws Exception {
        restart(ListenerSpec.onLoopback("Test", 0).behindProxies(List.of(ELSEWHERE)));
        listener.start(connection -> say(connection, "served"));
        try (Socket spoofer = connect()) {
            write(spoofer, "PROXY TCP4 192.0.2.1 198.51.100.1 4711 25\r\n");
            assertEndsWithoutAWord(spoofer);
        }
        assertThat(log.await("connection.refused").field("address")).isEqualTo("127.0.0.1");
        assertThat(listener.statistics().proxyRefused()).isEqualTo(1);
    }

    @Test
    void proxyWithoutAHeaderIsRefused() throws Exception {
        restart(ListenerSpec.onLoopback("Test", 0).behindProxies(List.of(LOOPBACK)));
        listener.start(connection -> say(connection, "served"));
        try (Socket proxy = connect()) {
            write(proxy, "EHLO client.example.com\r\n");
            assertEndsWithoutAWord(proxy);
        }
        assertThat(log.await("connection.refused").field("reason")).contains("no PROXY header");
    }

    @Test
    void silentProxyIsEndedByTheDeadline() throws Exception {
        restart(ListenerSpec.onLoopback("Test", 0).behindProxies(List.of(LOOPBACK)));
        listener.start(connection -> say(connection, "served"));
        try (Socket proxy = connect()) {
            write(proxy, "PROXY TCP4 203.0.113.7");
            await().until(() -> listener.open() == 1);
            time.advance(ListenerSpec.DEFAULT_HANDSHAKE_TIMEOUT.plus(Reaper.SWEEP));
            assertEndsWithoutAWord(proxy);
        }
        assertThat(log.await("connection.refused").field("reason")).contains("in time");
    }

    @Test
    void implicitTlsComesBeforeTheSessionAndAfterTheProxyHeader() throws Exception {
        ServerTls tls = ServerTls.load(
                List.of(TestCertificates.write(folder, "cert", TestCertificates.ec(), "mail.example.com")), ServerTls.Oldest.TLS_1_2);
        restart(ListenerSpec.onLoopback("Test", 0).withImplicitTls(tls).behindProxies(List.of(LOOPBACK)));
        listener.start(connection ->
                say(connection, connection.tls().orElseThrow().protocol() + " " + connection.remoteAddress().getHostAddress()));
        Socket proxy = connect();
        write(proxy, "PROXY TCP4 203.0.113.7 198.51.100.1 4711 25\r\n");
        try (SSLSocket client = (SSLSocket)
                TestCertificates.trustingClient().getSocketFactory().createSocket(proxy, "localhost", 0, true)) {
            assertThat(readAll(client)).isEqualTo("TLSv1.3 203.0.113.7");
        }
        assertThat(tls.handshakesCompleted()).isEqualTo(1);
    }

    @Test
    void drainEndsWaitingSessionsAtOnceWithTheirGoodbye() throws Exception {
        listener.start(connection -> {
            int end = connection.in().read();
            say(connection, end + " " + connection.endOfInput());
        });
        try (Socket client = connect()) {
            await().until(() -> listener.open() == 1);
            assertThat(listener.drain(Duration.ofSeconds(10))).isTrue();
            assertThat(readAll(client)).isEqualTo("-1 SERVER_STOPPING");
        }
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
    }

    @Test
    void drainLetsATransferEndByItselfWithinHalfOfItsTime() throws Exception {
        CountDownLatch receiving = new CountDownLatch(1);
        listener.start(connection -> {
            connection.inTransfer(true);
            receiving.countDown();
            byte[] message = connection.in().readNBytes(3);
            connection.inTransfer(false);
            say(connection, new String(message, StandardCharsets.US_ASCII) + connection.in().read());
        });
        try (Socket client = connect()) {
            awaitLatch(receiving);
            Future<Boolean> drained = inThread(() -> listener.drain(Duration.ofSeconds(10)));
            await().until(this::isClosed);
            time.advance(Duration.ofSeconds(4));
            write(client, "abc");
            assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(readAll(client)).isEqualTo("abc-1");
        }
    }

    @Test
    void drainClosesHardWhatIsLeftWhenItsTimeIsOver() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch workDone = new CountDownLatch(1);
        listener.start(connection -> {
            working.countDown();
            awaitLatch(workDone);
        });
        try (Socket client = connect()) {
            awaitLatch(working);
            Future<Boolean> drained = inThread(() -> listener.drain(Duration.ofSeconds(10)));
            await().until(() -> {
                time.advance(Duration.ofSeconds(1));
                return drained.isDone();
            });
            assertThat(drained.get(20, TimeUnit.SECONDS)).isFalse();
            assertEndsWithoutAWord(client);
        } finally {
            workDone.countDown();
        }
    }

    private void restart(ListenerSpec spec) {
        listener.close();
        listener = Listener.bind(spec, reaper, limits, log);
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), listener.port());
    }

    private boolean isClosed() {
        try (Socket refused = connect()) {
            return !refused.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    private static void say(Connection connection, String text) throws IOException {
        connection.out().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private static void assertEndsWithoutAWord(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset"); // closed over what we had sent
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> Future<T> inThread(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofVirtual().start(future);
        return future;
    }

    /** A listening socket whose first accepts fail, as they do without file descriptors. */
    private static final class FailingServerSocket extends ServerSocket {
        private final AtomicInteger failuresLeft;

        FailingServerSocket(int failures) throws IOException {
            this.failuresLeft = new AtomicInteger(failures);
            bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        }

        @Override
        public Socket accept() throws IOException {
            if (failuresLeft.getAndDecrement() > 0) {
                throw new SocketException("Too many open files");
            }
            return super.accept();
        }
    }
}
