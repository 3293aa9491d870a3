package io.mailserver.admin;

import io.mailserver.base.OperatorException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A command's connection to the running server. Not safe for use by several threads. Closed by whoever opened it. */
public final class ControlClient implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;
    private final ControlProtocol protocol = new ControlProtocol();

    private ControlClient(SocketChannel channel) {
        this.channel = channel;
        in = new BufferedInputStream(Channels.newInputStream(channel));
        out = Channels.newOutputStream(channel);
    }

    /**
     * Connects to the server that uses a data folder.
     *
     * @return empty if none listens there
     * @throws OperatorException this user may not talk to it
     */
    public static Optional<ControlClient> connect(Path data) throws IOException {
        UnixDomainSocketAddress address = ControlProtocol.address(data);
        if (!Files.exists(address.getPath(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean connected = false;
        try {
            channel.connect(address);
            connected = true;
            return Optional.of(new ControlClient(channel));
        } catch (ConnectException e) {
            return Optional.empty();
        } catch (SocketException | AccessDeniedException e) {
            if (Files.exists(address.getPath(), LinkOption.NOFOLLOW_LINKS) && !Files.isWritable(address.getPath())) {
                throw new OperatorException(
                        "you may not talk to the server that uses " + data, "run the command as the server's user or as root", e);
            }
            return Optional.empty();
        } finally {
            if (!connected) {
                channel.close();
            }
        }
    }

    /**
     * Has the server run an operation and waits for its answer.
     *
     * @throws OperatorException the server is of another version
     * @throws IOException the server went away
     */
    public Answer run(String operation, JsonNode arguments) throws IOException {
        return run(operation, arguments, null);
    }

    /** The same; {@code live} sees lines while it goes on, null for no such lines. */
    public Answer run(String operation, JsonNode arguments, @Nullable Consumer<String> live) throws IOException {
        out.write(protocol.request(operation, arguments, live != null));
        out.flush();
        byte[] line = readLine();
        for (Optional<String> shown = protocol.parseLive(line); shown.isPresent() && live != null; shown = protocol.parseLive(line)) {
            live.accept(shown.get());
            line = readLine();
        }
        return protocol.parseAnswer(line);
    }

    private byte[] readLine() throws IOException {
        return ControlProtocol.readLine(in, ControlProtocol.MAX_ANSWER_OCTETS)
                .orElseThrow(() -> new IOException("the server closed the connection without an answer"));
    }

    /** Waits until the server has closed the connection: when it stops, that is the last it does. */
    public void awaitEnd() throws IOException {
        try {
            while (in.read() >= 0) {
                // Nothing is expected any more.
            }
        } catch (SocketException e) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
