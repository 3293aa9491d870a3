package io.mailserver.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

class ControlSocketTest {
    @TempDir
    private Path folder;

    @Test
    void aCommandIsAnswered() throws IOException {
        try (TestOperations server = new TestOperations(folder);
                ControlSocket socket = open(server);
                ControlClient client = ControlClient.connect(folder).orElseThrow()) {
            assertThat(socket).isNotNull();
            assertThat(client.run("domain.add", TestOperations.json("{'domain':'example.com'}")).ok()).isTrue();
            Answer twice = client.run("domain.add", TestOperations.json("{'domain':'example.com'}"));
            assertThat(twice.lines()).containsExactly("domain example.com is here already");
            assertThat(twice.hint()).isEqualTo("see domain show example.com");
            Answer list = client.run("domain.list", JsonNodeFactory.instance.objectNode());
            assertThat(list.data().get(0).path("domain").asString()).isEqualTo("example.com");
        }
    }

    @Test
    void onlyTheServersUserMayConnect() throws IOException {
        try (TestOperations server = new TestOperations(folder);
                ControlSocket socket = open(server)) {
            assertThat(socket).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("control.sock"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void theSocketOfADeadServerIsReplaced() throws IOException {
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(folder.resolve("control.sock")));
        dead.close();
        assertThat(folder.resolve("control.sock")).exists();
        assertThat(ControlClient.connect(folder)).isEmpty();
        try (TestOperations server = new TestOperations(folder);
                ControlSocket socket = open(server);
                ControlClient client = ControlClient.connect(folder).orElseThrow()) {
            assertThat(socket).isNotNull();
            assertThat(client.run("domain.list", JsonNodeFactory.instance.nullNode()).ok()).isTrue();
        }
    }

    @Test
    void withoutAServerThereIsNobodyToTalkTo() throws IOException {
        assertThat(ControlClient.connect(folder)).isEmpty();
    }

    @Test
    void closingRemovesTheSocketAndEndsConnections() throws IOException {
        try (TestOperations server = new TestOperations(folder)) {
            ControlSocket socket = open(server);
            try (ControlClient client = ControlClient.connect(folder).orElseThrow()) {
                assertThat(client.run("stop", JsonNodeFactory.instance.nullNode()).lines()).containsExactly("the server stops");
                assertThat(server.stops).hasValue(1);
                socket.close();
                client.awaitEnd();
                assertThat(folder.resolve("control.sock")).doesNotExist();
            }
        }
    }

    @Test
    void anotherVersionIsToldSo() throws IOException {
        try (TestOperations server = new TestOperations(folder);
                ControlSocket socket = open(server)) {
            assertThat(socket).isNotNull();
            assertThat(raw("{\"v\":2,\"operation\":\"status\"}\n"))
                    .contains("the command speaks version 2 of the control protocol, the server version 1", "\"ok\":false");
        }
    }

    @Test
    void whatIsNoRequestIsToldSoAndNotRepeated() throws IOException {
        try (TestOperations server = new TestOperations(folder);
                ControlSocket socket = open(server)) {
            assertThat(socket).isNotNull();
            assertThat(raw("{\"password\":\"hunter2\"\n")).contains("not JSON").doesNotContain("hunter2");
            assertThat(raw("[1]\n")).contains("not a JSON object");
            assertThat(raw("{\"v\":1}\n")).contains("names no operation");
            assertThat(raw("{\"v\":1,\"operation\":" + "[".repeat(100) + "]".repeat(100) + "}\n")).contains("not JSON");
            assertThat(server.log.all().toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void aRequestThatDoesNotEndIsCutOff() throws IOException {
        try (TestOperations server = new TestOperations(folder);
                ControlSocket socket = open(server)) {
            assertThat(socket).isNotNull();
            assertThat(raw("x".repeat(ControlProtocol.MAX_REQUEST_OCTETS + 1))).isEmpty();
            server.log.await("control.request-too-long");
        }
    }

    @Test
    void aSilentConnectionIsClosedAtItsDeadline() throws IOException {
        try (TestOperations server = new TestOperations(folder);
                ControlSocket socket = open(server);
                SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("control.sock")))) {
            assertThat(socket).isNotNull();
            Awaitility.await().until(server.time::hasTasks);
            server.time.advance(Duration.ofSeconds(30));
            assertThat(silent.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void tooManyConnectionsAreTurnedAway() throws IOException {
        List<SocketChannel> many = new ArrayList<>();
        try (TestOperations server = new TestOperations(folder);
                ControlSocket socket = open(server)) {
            assertThat(socket).isNotNull();
            for (int i = 0; i < 33; i++) {
                many.add(SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("control.sock"))));
            }
            server.log.await("control.too-many");
            assertThat(many.getLast().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        } finally {
            for (SocketChannel each : many) {
                each.close();
            }
        }
    }

    @Test
    void manyCommandsAtOnce() throws Exception {
        try (TestOperations server = new TestOperations(folder);
                ControlSocket socket = open(server)) {
            assertThat(socket).isNotNull();
            CountDownLatch done = new CountDownLatch(16);
            for (int i = 0; i < 16; i++) {
                String domain = "{'domain':'d" + i + ".example'}";
                Thread.ofVirtual().start(() -> {
                    try (ControlClient client = ControlClient.connect(folder).orElseThrow()) {
                        client.run("domain.add", TestOperations.json(domain));
                        done.countDown();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
            }
            done.await();
            assertThat(server.accounts.domains().list()).hasSize(16);
        }
    }

    @Test
    void aPathTooLongForASocketIsExplained() {
        Path deep = Path.of("/" + "d".repeat(60) + "/" + "e".repeat(60));
        assertThatThrownBy(() -> ControlProtocol.address(deep))
                .isInstanceOfSatisfying(OperatorException.class, e -> assertThat(e.hint()).contains("shorter path"))
                .hasMessageContaining("107 octets");
    }

    @Test
    void aLongPathIsReachedRelativeToThePresentFolder() {
        Path here = Path.of("").toAbsolutePath();
        int missing = ControlProtocol.MAX_PATH_OCTETS - here.toString().length() - "/control.sock".length();
        Path deep = here.resolve("d".repeat(Math.max(1, missing)));
        assertThat(ControlProtocol.address(deep).getPath()).isRelative().hasFileName("control.sock");
    }

    private static ControlSocket open(TestOperations server) throws IOException {
        return ControlSocket.open(server.data, server.operations, server.time, server.log);
    }

    /** Sends a text as it is and returns what comes back on the first line; empty if the connection is closed instead. */
    private String raw(String text) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("control.sock")));
                InputStream in = Channels.newInputStream(channel)) {
            ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            return ControlProtocol.readLine(in, ControlProtocol.MAX_ANSWER_OCTETS)
                    .map(line -> new String(line, StandardCharsets.UTF_8))
                    .orElse("");
        }
    }
}
