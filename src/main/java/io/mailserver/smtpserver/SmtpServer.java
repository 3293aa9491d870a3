package io.mailserver.smtpserver;

import io.mailserver.net.Connection;
import io.mailserver.net.ConnectionHandler;
import io.mailserver.net.Refusal;
import java.io.IOException;
import java.util.function.Supplier;

/** Serves the connections of one listener. Safe for use by any thread. */
public final class SmtpServer implements ConnectionHandler {
    private final Supplier<SmtpSettings> settings;
    private final SmtpServices services;

    /**
     * @param settings asked once for each connection, so that a reload reaches the next one
     * @param services shared with other listeners
     */
    public SmtpServer(Supplier<SmtpSettings> settings, SmtpServices services) {
        this.settings = settings;
        this.services = services;
    }

    @Override
    public void handle(Connection connection) throws IOException {
        new SmtpSession(connection, settings.get(), services).run();
    }

    @Override
    public String refusal(Refusal reason) {
        // RFC 5321 §3.1, §3.8: 421 instead of the greeting
        return switch (reason) {
            case TOO_MANY_FROM_ADDRESS, TOO_MANY_FROM_NETWORK -> "421 4.7.0 Too many connections from your address; close some";
            case TOO_FAST -> "421 4.7.0 Too many new connections from your address; try again in a minute";
            case SERVER_FULL -> "421 4.3.2 Too many connections; try again later";
        };
    }
}
