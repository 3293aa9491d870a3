package io.mailserver.bench;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A running IMAP server whose users {@code user1@bench.test} and on have the password {@link #PASSWORD}. */
interface ImapServer extends AutoCloseable {
    String PASSWORD = "bench-secret-1";

    /** How the tables call it. */
    String name();

    InetSocketAddress imap();

    InetSocketAddress imaps();

    /** All of its processes. */
    ProcessTree processes();

    /** Stops it in good order and starts it again on the same mail. */
    void restart() throws IOException, InterruptedException;

    /** Throws away what it keeps to answer FETCH faster, if a server that was just given its mail would not have it. */
    void forgetWhatWasFetched() throws IOException, InterruptedException;

    @Override
    void close() throws IOException;

    default ImapWire login(int user) throws IOException {
        ImapWire wire = ImapWire.connect(imap());
        wire.command("LOGIN user" + user + "@bench.test " + PASSWORD);
        return wire;
    }
}
