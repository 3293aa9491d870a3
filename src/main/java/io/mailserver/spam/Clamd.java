package io.mailserver.spam;

import io.mailserver.base.Content;
import io.mailserver.base.Time;
import io.mailserver.net.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** ClamAV's daemon, asked by INSTREAM (clamd(8)). */
public final class Clamd implements Scanner {
    private static final int CHUNK_OCTETS = 64 << 10;
    private static final int MAX_REPLY_OCTETS = 1_000;

    private final Endpoint endpoint;
    private final Time time;

    public Clamd(Endpoint endpoint, Time time) {
        this.endpoint = endpoint;
        this.time = time;
    }

    @Override
    public ScanResult scan(Envelope envelope, Content message, Duration within) {
        try {
            return result(endpoint.talk(time, within, channel -> {
                send(channel, message);
                return reply(channel);
            }));
        } catch (IOException e) {
            return new ScanResult.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    private static void send(SocketChannel channel, Content message) throws IOException {
        write(channel, ByteBuffer.wrap("zINSTREAM\0".getBytes(StandardCharsets.US_ASCII)));
        byte[] chunk = new byte[CHUNK_OCTETS];
        try (InputStream in = message.open()) {
            int read = in.readNBytes(chunk, 0, chunk.length);
            while (read > 0) {
                write(channel, ByteBuffer.allocate(Integer.BYTES).putInt(read).flip());
                write(channel, ByteBuffer.wrap(chunk, 0, read));
                read = in.readNBytes(chunk, 0, chunk.length);
            }
        }
        write(channel, ByteBuffer.allocate(Integer.BYTES));
    }

    private static void write(SocketChannel channel, ByteBuffer octets) throws IOException {
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
    }

    /** Up to a NUL or the end. */
    private static String reply(SocketChannel channel) throws IOException {
        ByteBuffer reply = ByteBuffer.allocate(MAX_REPLY_OCTETS);
        while (reply.hasRemaining() && channel.read(reply) >= 0) {
            if (reply.position() > 0 && reply.get(reply.position() - 1) == 0) {
                break;
            }
        }
        return new String(reply.array(), 0, reply.position(), StandardCharsets.UTF_8).replace("\0", "").strip();
    }

    private static ScanResult result(String reply) {
        String answer = reply.startsWith("stream: ") ? reply.substring("stream: ".length()) : reply;
        if (answer.equals("OK")) {
            return new ScanResult.Clean();
        }
        if (answer.endsWith(" FOUND")) {
            return new ScanResult.Infected(answer.substring(0, answer.length() - " FOUND".length()));
        }
        return new ScanResult.Unavailable("clamd answered: " + (answer.isEmpty() ? "nothing" : answer));
    }
}
