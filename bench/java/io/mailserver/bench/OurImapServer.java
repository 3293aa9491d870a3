package io.mailserver.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** This server with its IMAP ports. */
final class OurImapServer implements ImapServer {
    private final List<String> command;
    private final Path data;
    private ThisServer server;

    private OurImapServer(List<String> command, Path data, ThisServer server) {
        this.command = command;
        this.data = data;
        this.server = server;
    }

    /** Starts it on a new data folder with accounts that have {@link ImapServer#PASSWORD}. */
    static OurImapServer start(List<String> command, Path data, int users) throws IOException, InterruptedException {
        return new OurImapServer(command, data, ThisServer.startNew(command, data, users));
    }

    /** @param more lines of its configuration, until {@link #restart} */
    static OurImapServer start(List<String> command, Path data, int users, String more) throws IOException, InterruptedException {
        return new OurImapServer(command, data, ThisServer.startNew(command, data, users, ThisServer.NO_CHECKS + "\n" + more));
    }

    @Override
    public String name() {
        return "ours";
    }

    @Override
    public InetSocketAddress imap() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.imapPort());
    }

    InetSocketAddress smtp() {
        return server.smtp();
    }

    int httpPort() {
        return server.httpPort();
    }

    @Override
    public InetSocketAddress imaps() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.imapsPort());
    }

    @Override
    public ProcessTree processes() {
        return server.processes();
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        server.close();
        server = ThisServer.start(command, data, 0, 0);
    }

    @Override
    public void forgetWhatWasFetched() {
        // What FETCH needs was made when the mail came in, not by an earlier FETCH.
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
