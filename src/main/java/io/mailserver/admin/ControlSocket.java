package io.mailserver.admin;

import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * {@code data/control.sock}: where commands talk to the running server. Only the user the server runs as, and root, are answered: by
 * the mode of the file (0600), and by what the kernel says of whoever connects. One virtual thread per connection.
 *
 * <p>Opened by the holder of the data lock, so a socket file that is there already is a dead server's. Closed by whoever opened it.
 */
public final class ControlSocket implements AutoCloseable {
    /** How long a request may take to arrive and an answer to be taken. */
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final int MAX_CONNECTIONS = 32;

    /** How long {@link #close} waits for operations under way. */
    private static final long PATIENCE_SECONDS = 5;

    private static final String ROOT = "root";

    private final ServerSocketChannel server;
    private final Path file;
    private final String owner;
    private final Operations operations;
    private final Time time;
    private final EventLog log;
    private final ControlProtocol protocol = new ControlProtocol();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewerBusy = lock.newCondition();
    private final Set<SocketChannel> waiting = new HashSet<>();
    private final Set<SocketChannel> busy = new HashSet<>();
    private boolean closed;

    private ControlSocket(ServerSocketChannel server, Path file, String owner, Operations operations, Time time, EventLog log) {
        this.server = server;
        this.file = file;
        this.owner = owner;
        this.operations = operations;
        this.time = time;
        this.log = log;
    }

    /**
     * Binds the socket and begins to answer.
     *
     * @param data the data folder, whose lock the caller holds
     * @throws OperatorException the path is too long for a socket
     */
    public static ControlSocket open(Path data, Operations operations, Time time, EventLog log) throws IOException {
        UnixDomainSocketAddress address = ControlProtocol.address(data);
        Path file = address.getPath();
        Files.deleteIfExists(file);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(address);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            String owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
            ControlSocket socket = new ControlSocket(server, file, owner, operations, time, log);
            Thread.ofVirtual().name("control").start(socket::accept);
            return socket;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Accepts no more, lets operations under way answer, closes the rest and removes the file. Idempotent. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            Files.deleteIfExists(file);
            server.close();
            for (SocketChannel idle : List.copyOf(waiting)) {
                idle.close();
            }
            long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!busy.isEmpty() && left > 0) {
                left = fewerBusy.awaitNanos(left);
            }
            for (SocketChannel slow : List.copyOf(busy)) {
                slow.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel client = server.accept();
                if (admit(client)) {
                    Thread.ofVirtual().name("control-connection").start(() -> serve(client));
                } else {
                    client.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log.error("control.accept-failed", e);
                if (!server.isOpen()) {
                    return;
                }
            }
        }
    }

    /** Whether it may stay; it is then among those that wait for a request. */
    private boolean admit(SocketChannel client) throws IOException {
        UnixDomainPrincipal peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED);
        String user = peer.user().getName();
        if (!user.equals(owner) && !user.equals(ROOT)) {
            log.warn("control.stranger", "user", user);
            return false;
        }
        lock.lock();
        try {
            if (closed || waiting.size() + busy.size() >= MAX_CONNECTIONS) {
                log.warn("control.too-many", "connections", MAX_CONNECTIONS);
                return false;
            }
            return waiting.add(client);
        } finally {
            lock.unlock();
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                InputStream in = new BufferedInputStream(Channels.newInputStream(client));
                OutputStream out = Channels.newOutputStream(client)) {
            Optional<byte[]> line = readRequest(client, in);
            while (line.isPresent() && begin(client)) {
                Answer answer = answer(line.get(), text -> show(client, out, text));
                write(client, out, protocol.answer(answer));
                end(client);
                line = readRequest(client, in);
            }
        } catch (ControlProtocol.LineTooLongException e) {
            log.warn("control.request-too-long", "max-octets", ControlProtocol.MAX_REQUEST_OCTETS);
        } catch (ClosedChannelException | SocketException e) {
            // The command went away, its time is over, or the server stops.
            log.info("control.closed", "reason", e.toString());
        } catch (IOException e) {
            log.info("control.broken", "reason", e.toString());
        } finally {
            forget(client);
        }
    }

    private Optional<byte[]> readRequest(SocketChannel client, InputStream in) throws IOException {
        Time.Scheduled end = time.schedule(DEADLINE, () -> closeQuietly(client));
        try {
            return ControlProtocol.readLine(in, ControlProtocol.MAX_REQUEST_OCTETS);
        } finally {
            end.cancel();
        }
    }

    private void show(SocketChannel client, OutputStream out, String text) {
        try {
            write(client, out, protocol.live(text));
        } catch (IOException e) {
            // Whoever looked went away; what he began goes on.
            log.info("control.broken", "reason", e.toString());
        }
    }

    private void write(SocketChannel client, OutputStream out, byte[] line) throws IOException {
        Time.Scheduled end = time.schedule(DEADLINE, () -> closeQuietly(client));
        try {
            out.write(line);
            out.flush();
        } finally {
            end.cancel();
        }
    }

    private Answer answer(byte[] line, Consumer<String> live) {
        try {
            ControlProtocol.Request request = protocol.parseRequest(line);
            return operations.run(request.operation(), request.arguments(), request.live() ? live : null);
        } catch (OperatorException e) {
            String reason = e.getMessage();
            return Answer.refused(reason == null ? "the request is not understood" : reason, e.hint());
        }
    }

    /** Whether the request shall still be done. */
    private boolean begin(SocketChannel client) {
        lock.lock();
        try {
            return !closed && waiting.remove(client) && busy.add(client);
        } finally {
            lock.unlock();
        }
    }

    private void end(SocketChannel client) throws IOException {
        lock.lock();
        try {
            busy.remove(client);
            fewerBusy.signalAll();
            if (closed) {
                client.close();
            } else {
                waiting.add(client);
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(SocketChannel client) {
        lock.lock();
        try {
            waiting.remove(client);
            busy.remove(client);
            fewerBusy.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void closeQuietly(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            log.info("control.close-failed", "reason", e.toString());
        }
    }
}
