package io.mailserver.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.simulation.SimulatedDisk;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageFileTest {
    private static final int BLOCK = 64 << 10;

    private final Path file = new SimulatedDisk(1).root().resolve("message");

    @Test
    void aFileWithCrlfIsServedAsItLies() throws IOException {
        try (MessageFile message = open("a\r\nb\rc\r\n".getBytes(StandardCharsets.US_ASCII), OptionalLong.empty())) {
            assertThat(message.isPlain()).isTrue();
            assertThat(text(message)).isEqualTo("a\r\nb\rc\r\n");
        }
    }

    @Test
    void anLfFileIsServedWithCrlf() throws IOException {
        try (MessageFile message = open("\na\r\n\nb\r\r\nc\n".getBytes(StandardCharsets.US_ASCII), OptionalLong.empty())) {
            assertThat(message.size()).isEqualTo(14);
            assertThat(message.storedSize()).isEqualTo(11);
            assertThat(text(message)).isEqualTo("\r\na\r\n\r\nb\r\r\nc\r\n");
        }
    }

    @Test
    void anEmptyFileHasNothing() throws IOException {
        try (MessageFile message = open(new byte[0], OptionalLong.empty())) {
            assertThat(message.size()).isZero();
            assertThat(message.read(0, new byte[5], 0, 5)).isZero();
        }
    }

    @Test
    void anyPartOfAnyFileIsThatPartOfTheConvertedWhole() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            int atAnEdge = BLOCK * random.nextInt(4) + random.nextInt(3);
            byte[] stored = octets(random, random.nextInt(4) == 0 ? atAnEdge : random.nextInt(3 * BLOCK));
            byte[] served = converted(stored);
            OptionalLong known = random.nextBoolean() ? OptionalLong.of(served.length) : OptionalLong.empty();
            try (MessageFile message = open(stored, known)) {
                assertThat(message.size()).isEqualTo(served.length);
                for (int j = 0; j < 8; j++) {
                    int from = random.nextInt(served.length + 1);
                    int length = random.nextInt(random.nextBoolean() ? 100 : 2 * BLOCK);
                    byte[] part = new byte[length + 3];
                    int read = message.read(from, part, 3, length);
                    assertThat(Arrays.copyOfRange(part, 3, 3 + read))
                            .isEqualTo(Arrays.copyOfRange(served, from, Math.min(served.length, from + length)));
                }
            }
        }
    }

    @Test
    void aFileCutUnderUsIsTrouble() throws IOException {
        try (MessageFile message = open("abc\r\ndef\r\n".getBytes(StandardCharsets.US_ASCII), OptionalLong.empty())) {
            Files.writeString(file, "a");
            assertThatThrownBy(() -> text(message)).isInstanceOf(EOFException.class);
        }
    }

    private MessageFile open(byte[] stored, OptionalLong size) throws IOException {
        Files.write(file, stored);
        return MessageFile.open(file, size);
    }

    private static String text(MessageFile message) throws IOException {
        byte[] all = new byte[(int) message.size()];
        assertThat(message.read(0, all, 0, all.length)).isEqualTo(all.length);
        return new String(all, StandardCharsets.US_ASCII);
    }

    private static byte[] octets(Random random, int length) {
        byte[] octets = new byte[length];
        int kind = random.nextInt(3);
        for (int i = 0; i < length; i++) {
            int choice = random.nextInt(kind == 0 ? 4 : 40);
            octets[i] = (byte) (choice == 0 ? '\n' : choice == 1 ? '\r' : 'x');
        }
        return octets;
    }

    private static byte[] converted(byte[] stored) {
        ByteArrayOutputStream served = new ByteArrayOutputStream();
        for (int i = 0; i < stored.length; i++) {
            if (stored[i] == '\n' && (i == 0 || stored[i - 1] != '\r')) {
                served.write('\r');
            }
            served.write(stored[i]);
        }
        return served.toByteArray();
    }
}
