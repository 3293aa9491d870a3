package io.mailserver.imapserver;

import io.mailserver.net.Connection;
import io.mailserver.net.ConnectionHandler;
import io.mailserver.net.Refusal;
import java.io.IOException;
import java.util.function.Supplier;

/** Serves the connections of one listener. Safe for use by any thread. */
public final class ImapServer implements ConnectionHandler {
    private final Supplier<ImapSettings> settings;
    private final ImapServices services;

    /**
     * @param settings asked once for each connection, so that a reload reaches the next one
     * @param services shared with other listeners
     */
    public ImapServer(Supplier<ImapSettings> settings, ImapServices services) {
        this.settings = settings;
        this.services = services;
    }

    @Override
    public void handle(Connection connection) throws IOException {
        new ImapSession(connection, settings.get(), services).run();
    }

    @Override
    public String refusal(Refusal reason) {
        // RFC 9051 §7.1.5: BYE instead of the greeting
        return switch (reason) {
            case TOO_MANY_FROM_ADDRESS, TOO_MANY_FROM_NETWORK ->
                "* BYE [LIMIT] Too many connections from your address; close some";
            case TOO_FAST -> "* BYE [LIMIT] Too many new connections from your address; try again in a minute";
            case SERVER_FULL -> "* BYE [UNAVAILABLE] Too many connections; try again later";
        };
    }
}
