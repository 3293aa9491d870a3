package io.mailserver.spam;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.OctetContent;
import io.mailserver.net.Endpoint;
import io.mailserver.simulation.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Scripted filters; opendkim is one in {@code peer}. */
class MilterTest {
    private static final String MAIL = "Subject: x\r\nX-Long: one\r\n two\r\n\r\n" + "line\r\n".repeat(20_000);
    private static final Scanner.Envelope ENVELOPE = new Scanner.Envelope(
            InetAddress.ofLiteral("192.0.2.7"), "client.example", "a@example.net", List.of("b@example.com", "c@example.com"), "");

    private final ManualTime time = new ManualTime(Instant.EPOCH);

    /** What the filter answers to a command, as packets; none for no answer. */
    private interface Filter {
        List<byte[]> answer(char command, byte[] data);
    }

    @Test
    void theFilterSeesTheSessionAndTheMessage() throws Exception {
        StringBuilder seen = new StringBuilder();
        ScanResult result = scan(0, (command, data) -> {
            if (command != 'B' && command != 'D') {
                seen.append(command).append(text(data).replace('\0', '|')).append('\n');
            } else if (command == 'B') {
                seen.append(command).append(data.length).append('\n');
            }
            return command == 'D' ? List.of() : List.of(packet('c', ""));
        });
        assertThat(result).isEqualTo(new ScanResult.Clean());
        assertThat(seen.toString()).isEqualTo("""
                C[192.0.2.7]|4||192.0.2.7|
                Hclient.example|
                M<a@example.net>|
                R<b@example.com>|
                R<c@example.com>|
                T
                LSubject|x|
                LX-Long|one
                 two|
                N
                B65535
                B54465
                E
                """);
    }

    @Test
    void stepsThatItDoesNotWantAreLeftOut() throws Exception {
        List<Character> seen = new ArrayList<>();
        scan(0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x40 | 0x80 | 0x200, (command, data) -> {
            seen.add(command);
            return command == 'E' ? List.of(packet('c', "")) : List.of();
        });
        assertThat(seen).containsExactly('D', 'D', 'L', 'L', 'E');
    }

    @Test
    void whatItWantsChanged() throws Exception {
        ScanResult result = scan(0x1fffff, (command, data) -> command == 'E' ? List.of(
                packet('p', ""),
                packet('h', "X-Filter\0one\n two\0"),
                packet('i', "\0\0\0\1X-First\0 spaced\0"),
                packet('m', "\0\0\0\2Subject\0[junk] x\0"),
                packet('m', "\0\0\0\1X-Old\0\0"),
                packet('q', "held by me\0"),
                packet('c', "")) : List.of());
        assertThat(result).isEqualTo(new ScanResult.Changed(
                "X-Filter: one\r\n two\r\nX-First: spaced\r\nSubject: [junk] x\r\n",
                List.of(new ScanResult.Removal("Subject", 2), new ScanResult.Removal("X-Old", 1)),
                Optional.of("a filter of this server: held by me")));
    }

    @Test
    void aFieldCannotBreakTheHeader() throws Exception {
        assertThat(scan(0x1fffff, (command, data) -> List.of(packet('h', "X-A\0one\nEvil: two\n\nbody\0"), packet('c', ""))))
                .isEqualTo(new ScanResult.Changed("X-A: one\r\n\tEvil: two\r\n\tbody\r\n", List.of(), Optional.empty()));
        assertThat(scan(0x1fffff, (command, data) -> List.of(packet('h', "X A\r\nB\0one\0"), packet('c', ""))))
                .isInstanceOf(ScanResult.Unavailable.class);
    }

    @Test
    void itsAnswers() throws Exception {
        assertThat(at('E', packet('a', ""))).isEqualTo(new ScanResult.Clean());
        assertThat(at('E', packet('r', ""))).isEqualTo(new ScanResult.Refused("Refused by a filter of this server"));
        assertThat(at('E', packet('y', "550 5.7.1 Not such mail\0"))).isEqualTo(new ScanResult.Refused("Not such mail"));
        assertThat(at('E', packet('y', "451 4.7.1 Later\0"))).isEqualTo(new ScanResult.PutOff("Later"));
        assertThat(at('E', packet('t', ""))).isInstanceOf(ScanResult.PutOff.class);
        assertThat(at('E', packet('d', ""))).as("nothing vanishes").isEqualTo(
                new ScanResult.Changed("", List.of(), Optional.of("a filter of this server would discard it")));
        assertThat(at('C', packet('r', ""))).isInstanceOf(ScanResult.Refused.class);
        assertThat(at('L', packet('r', ""))).isInstanceOf(ScanResult.Refused.class);
        assertThat(at('B', packet('s', ""))).isEqualTo(new ScanResult.Clean());
        assertThat(at('E', packet('Z', ""))).isInstanceOf(ScanResult.Unavailable.class);
        assertThat(at('E', new byte[] {0x7f, 0, 0, 0})).isInstanceOf(ScanResult.Unavailable.class);
    }

    @Test
    void oneRecipientThatItDoesNotWantRefusesForAllOnlyIfItIsTheOnlyOne() throws Exception {
        assertThat(scan(0, (command, data) -> command == 'D' ? List.of()
                : List.of(packet(command == 'R' && text(data).contains("b@") ? 'r' : 'c', "")))).isEqualTo(new ScanResult.Clean());
        assertThat(at('R', packet('r', ""))).isInstanceOf(ScanResult.Refused.class);
    }

    @Test
    void oneThatAsksForAllMayAndWhatItMayNotItDoesInVain() throws Exception {
        byte[] all = {0, 0, 0, 13, 'O', 0, 0, 0, 6, 0, 0, 1, (byte) 0xff, 0, 0, 0, 0};
        assertThat(talk(all, answering(packet('c', "")))).isEqualTo(new ScanResult.Clean());
        for (char change : "+-be2".toCharArray()) {
            assertThat(talk(all, answering(packet(change, "eve@example.net\0")))).isInstanceOf(ScanResult.Unavailable.class);
        }
    }

    private static Filter answering(byte[] last) {
        return (command, data) -> command == 'D' ? List.of() : List.of(command == 'E' ? last : packet('c', ""));
    }

    @Test
    void oneThatSaysNothingOrSpeaksAnotherVersionIsNotThere() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Endpoint endpoint = new Endpoint("127.0.0.1:" + server.getLocalPort());
            CompletableFuture<ScanResult> result = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> result.complete(new Milter(endpoint, time).scan(ENVELOPE, content(), Duration.ofSeconds(10))));
            try (Socket socket = server.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                in.readNBytes(in.readInt());
                time.advance(Duration.ofSeconds(10));
                assertThat(result.join()).isInstanceOf(ScanResult.Unavailable.class);
            }
        }
        assertThat(talk(new byte[] {0, 0, 0, 13, 'O', 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0}, (command, data) -> List.of()))
                .isInstanceOf(ScanResult.Unavailable.class);
    }

    private ScanResult at(char step, byte[] packet) throws Exception {
        return scan(0, (command, data) -> command == 'D' ? List.of() : List.of(command == step ? packet : packet('c', "")));
    }

    private ScanResult scan(int steps, Filter filter) throws Exception {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(octets);
        out.writeInt(13);
        out.write('O');
        out.writeInt(6);
        out.writeInt(0x31);
        out.writeInt(steps);
        return talk(octets.toByteArray(), filter);
    }

    private ScanResult talk(byte[] options, Filter filter) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread peer = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    serve(socket, options, filter);
                } catch (IOException e) {
                    // The client has gone.
                }
            });
            ScanResult result = new Milter(new Endpoint("127.0.0.1:" + server.getLocalPort()), time)
                    .scan(ENVELOPE, content(), Duration.ofSeconds(10));
            peer.join();
            return result;
        }
    }

    private static void serve(Socket socket, byte[] options, Filter filter) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.readNBytes(in.readInt());
        socket.getOutputStream().write(options);
        try {
            while (true) {
                byte[] packet = in.readNBytes(in.readInt());
                char command = (char) packet[0];
                if (command == 'Q') {
                    return;
                }
                for (byte[] answer : filter.answer(command, Arrays.copyOfRange(packet, 1, packet.length))) {
                    socket.getOutputStream().write(answer);
                }
            }
        } catch (EOFException e) {
            // It has what it wanted.
        }
    }

    private static OctetContent content() {
        return new OctetContent(MAIL.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] packet(char command, String data) {
        byte[] octets = data.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(5 + octets.length).putInt(1 + octets.length).put((byte) command).put(octets).array();
    }

    private static String text(byte[] data) {
        return new String(data, StandardCharsets.ISO_8859_1);
    }
}
