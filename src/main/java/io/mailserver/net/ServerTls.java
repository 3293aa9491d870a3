package io.mailserver.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** The server's side of TLS: the current certificates and the rules of the handshake. Safe for use by any thread. */
public final class ServerTls {
    private final SSLContext context;

    private ServerTls(SSLContext context) {
        this.context = context;
    }

    /** TLS with the certificates and rules of {@code context}. */
    public static ServerTls of(SSLContext context) {
        return new ServerTls(context);
    }

    /** The server's end of TLS over {@code raw}, before the handshake; closing it closes {@code raw}. */
    SSLSocket layerOver(Socket raw) throws IOException {
        @Nullable InputStream nothingConsumed = null;
        return (SSLSocket) context.getSocketFactory().createSocket(raw, nothingConsumed, true);
    }
}
