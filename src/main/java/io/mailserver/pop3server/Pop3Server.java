package io.mailserver.pop3server;

import io.mailserver.net.Connection;
import io.mailserver.net.ConnectionHandler;
import io.mailserver.net.Refusal;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Serves the connections of one listener. Safe for use by any thread. */
public final class Pop3Server implements ConnectionHandler {
    private final Supplier<Pop3Settings> settings;
    private final Pop3Services services;
    private final String prefix;
    private final AtomicLong last = new AtomicLong();

    /**
     * @param settings asked once for each connection, so that a reload reaches the next one
     * @param services shared with other listeners
     */
    public Pop3Server(Supplier<Pop3Settings> settings, Pop3Services services) {
        this.settings = settings;
        this.services = services;
        this.prefix = "p" + Long.toString(services.time().now().toEpochMilli(), Character.MAX_RADIX);
    }

    @Override
    public void handle(Connection connection) throws IOException {
        // Two listeners may have begun in the same millisecond: the port tells their sessions apart.
        String name = prefix + "-" + connection.localPort() + "-" + Long.toString(last.incrementAndGet(), Character.MAX_RADIX);
        new Pop3Session(name, connection, settings.get(), services).run();
    }

    @Override
    public String refusal(Refusal reason) {
        // RFC 1939 §3: instead of the greeting; RFC 3206 §4
        return switch (reason) {
            case TOO_MANY_FROM_ADDRESS, TOO_MANY_FROM_NETWORK -> "-ERR [SYS/TEMP] Too many connections from your address";
            case TOO_FAST -> "-ERR [SYS/TEMP] Too many new connections from your address; try again in a minute";
            case SERVER_FULL -> "-ERR [SYS/TEMP] Too many connections; try again later";
        };
    }
}
