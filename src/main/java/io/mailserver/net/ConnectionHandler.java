package io.mailserver.net;

import java.io.IOException;

/** A protocol's session as a listener sees it. */
@FunctionalInterface
public interface ConnectionHandler {
    /**
     * Serves one connection from greeting to goodbye, on a virtual thread of its own. The listener closes the connection afterwards.
     *
     * @throws IOException when the connection broke; ordinary course of things, logged briefly
     */
    void handle(Connection connection) throws IOException;

    /**
     * The line for a connection that is refused before its session begins, without the line end; empty to close without a word. Not
     * sent on ports where TLS comes first.
     */
    default String refusal(Refusal reason) {
        return "";
    }
}
