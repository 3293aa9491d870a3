package io.mailserver.log;

import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one session says and hears, as lines {@code C: …} and {@code S: …}, while a trace of its client or account is on. A line given
 * here must be free of secrets: for those that are not there are {@link #receivedSecret} and {@link #receivedContent}, which cannot write
 * what they are not given.
 *
 * <p>Used by the session's thread only. Errors of the disk end the trace, never the session.
 */
public final class SessionTrace implements AutoCloseable {
    private final Trace trace;
    private final String session;
    private final String door;
    private InetAddress client;
    private @Nullable String account;
    private @Nullable TraceFile file;
    /** After the file could not be made or written, this session is not tried again. */
    private boolean failed;

    SessionTrace(Trace trace, String session, String door, InetAddress client) {
        this.trace = trace;
        this.session = session;
        this.door = door;
        this.client = client;
    }

    /** Whether the session is traced now. Callers that must make a text for a line ask first. */
    public boolean on() {
        return file != null || (trace.any() && !failed && trace.covers(client, account));
    }

    /** The client's real address, once a trusted proxy has named it. */
    public void client(InetAddress address) {
        client = address;
    }

    /** The account that has logged in, by its canonical address. */
    public void account(String address) {
        account = address.toLowerCase(Locale.ROOT);
    }

    /** A line from the client without its CRLF. Never one with a password, nor a line of a message. */
    public void received(String line) {
        write("C: ", line);
    }

    /**
     * A line from the client that ends in a secret.
     *
     * @param visible what may be shown before it, such as {@code AUTH PLAIN}; may be empty
     * @param octets how long the secret is
     */
    public void receivedSecret(String visible, int octets) {
        if (on()) {
            write("C: ", (visible.isEmpty() ? "" : visible + " ") + "(secret, " + octets + " octets)");
        }
    }

    /** Octets of a message from the client. */
    public void receivedContent(long octets) {
        if (on()) {
            write("C: ", "(content, " + octets + " octets)");
        }
    }

    /** A line to the client without its CRLF. */
    public void sent(String line) {
        write("S: ", line);
    }

    /** Something that happened and is no line of the protocol, such as a TLS handshake. */
    public void note(String text) {
        write("# ", text);
    }

    private void write(String prefix, String line) {
        if (!trace.any() && file == null) {
            return;
        }
        if (!trace.covers(client, account)) {
            end("the trace was switched off");
            return;
        }
        if (file == null && !failed) {
            file = trace.open(session, "# session " + session + " at " + door + " from " + client.getHostAddress());
            failed = file == null;
        }
        if (file != null && !file.write(prefix, line)) {
            failed = true;
            end("");
        }
    }

    private void end(String why) {
        if (file != null) {
            if (!why.isEmpty()) {
                file.write("# ", why);
            }
            file.close();
            file = null;
        }
    }

    /** Ends the trace with the session. Idempotent. */
    @Override
    public void close() {
        end("the session ended");
    }
}
