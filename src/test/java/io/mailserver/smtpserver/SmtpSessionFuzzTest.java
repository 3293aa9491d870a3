package io.mailserver.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.log.Level;
import io.mailserver.simulation.Fuzz;
import io.mailserver.simulation.SmtpWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged input in every state: the session answers in replies, ends, logs no bug, and stores nothing with a bare CR or LF. */
class SmtpSessionFuzzTest {
    private static final String HELLO = "EHLO c\r\n";
    private static final String RECIPIENT = HELLO + "MAIL FROM:<a@sender.example>\r\nRCPT TO:<user@example.com>\r\n";

    private static final List<String> INPUTS = List.of(
            "EHLO c\r\nMAIL FROM:<a@sender.example> SIZE=100\r\nRCPT TO:<u@example.com>\r\nDATA\r\n"
                    + "Subject: x\r\n\r\n..text\r\n.\r\nQUIT\r\n",
            "MAIL FROM:<> BODY=8BITMIME\r\nRCPT TO:<u@example.com>\r\nBDAT 5\r\na\r\nb\nBDAT 3 LAST\r\nc\r\nRSET\r\nNOOP\r\n",
            "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\nAUTH LOGIN\r\nYWxpY2U=\r\nc2VjcmV0\r\nMAIL FROM:<alice@example.com>\r\n",
            "LHLO c\r\nVRFY x\r\nEXPN y\r\nHELP\r\nXCLIENT ADDR=192.0.2.1\r\nBDAT 0 LAST\r\nDATA\r\n.\r\n");

    private static final Pattern REPLIES = Pattern.compile("([2-5][0-9]{2}[ -][ -~]*\\r\\n)*");
    private static final Pattern BARE = Pattern.compile("(?<!\\r)\\n|\\r(?!\\n)");

    @TempDir
    private Path folder;

    /** @param before what brings a session there */
    private record State(String door, String before) {}

    private static final List<State> STATES = List.of(
            new State("smtp", ""),
            new State("smtp", HELLO),
            new State("smtp", RECIPIENT),
            new State("smtp", RECIPIENT + "DATA\r\n"),
            new State("smtp", RECIPIENT + "BDAT 4\r\nab\r\n"),
            new State("submission", HELLO + "AUTH LOGIN\r\n"),
            new State("lmtp", "LHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nRCPT TO:<b@example.com>\r\n"));

    @Test
    void anyInputInAnyState() throws Exception {
        try (SmtpWorld world = new SmtpWorld(folder)) {
            world.act(List.of("limit-connections", "1000000", "1000000", "1000000", "1000000000"));
            world.act(List.of("set-auth", "require-tls", "false"));
            world.act(List.of("password", "alice", "secret"));
            world.act(List.of("set", "max-message-size", "64KiB"));
            int[] seen = new int[1];
            Fuzz.texts(INPUTS, input -> {
                State state = STATES.get(Math.floorMod(input.hashCode(), STATES.size()));
                assertThat(talk(port(world, state.door()), state.before() + input)).matches(REPLIES);
                var stored = world.postOffice().stored();
                for (; seen[0] < stored.size(); seen[0]++) {
                    assertThat(new String(stored.get(seen[0]).octets(), StandardCharsets.ISO_8859_1)).doesNotContainPattern(BARE);
                }
            });
            assertThat(world.log().all()).noneMatch(event -> event.level() == Level.ERROR);
            assertThat(seen[0]).as("some messages must get through, or the rest says nothing").isPositive();
        }
    }

    private static int port(SmtpWorld world, String door) {
        try {
            return world.port(door);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends all, says no more, and reads all answers. */
    private static String talk(int port, String text) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (SocketException e) {
            return ""; // the server closed while we were still sending
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
