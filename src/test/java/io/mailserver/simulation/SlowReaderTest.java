package io.mailserver.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that asks for much and does not read is closed (RFC 9051 §5.4 leaves the time to the server), and holds up nobody meanwhile. */
class SlowReaderTest {
    @TempDir
    private Path folder;

    @Test
    void clientThatDoesNotReadIsClosedAndOthersGoOn() throws Exception {
        try (ImapWorld world = new ImapWorld(folder)) {
            world.act(List.of("set", "write-timeout", "3m"));
            world.act(List.of("message", "alice", "\\{20000000:x}"));
            try (Socket slow = connect(world);
                    Socket other = connect(world)) {
                say(slow, "a1 LOGIN alice secret\r\na2 SELECT INBOX\r\na3 FETCH 1 BODY[]\r\n");
                say(other, "b1 LOGIN alice secret\r\nb2 SELECT INBOX\r\nb3 STORE 1 +FLAGS (\\Flagged)\r\nb4 LOGOUT\r\n");
                String heard = readToEnd(other);
                assertThat(heard).contains("b3 OK").contains("b4 OK");
                await().until(() -> {
                    world.time().advance(Duration.ofMinutes(3));
                    return !world.log().events("connection.broken").isEmpty();
                });
            }
        }
    }

    private static Socket connect(ImapWorld world) throws IOException {
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), world.port("imap"));
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void say(Socket socket, String commands) throws IOException {
        socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String readToEnd(Socket socket) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        return String.join("\n", in.readAllLines());
    }
}
