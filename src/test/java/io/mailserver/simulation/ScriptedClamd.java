package io.mailserver.simulation;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A clamd on loopback (INSTREAM) that says one thing of every message. */
final class ScriptedClamd implements AutoCloseable {
    private final ServerSocket listening;
    private final String answer;

    /** @param answer such as {@code OK} or {@code Eicar FOUND} */
    ScriptedClamd(String answer) throws IOException {
        this.answer = answer;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("clamd").start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                in.skipNBytes("zINSTREAM\0".length());
                for (int length = in.readInt(); length > 0; length = in.readInt()) {
                    in.skipNBytes(length);
                }
                socket.getOutputStream().write(("stream: " + answer + "\0").getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // Closed, or a client that went away: its own result shows it.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
