package io.mailserver.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A raw socket as TLS is to see it. When we end the input ourselves, TLS must not take that for the peer's end: JSSE would close its
 * output too under TLS 1.2, and the session could not say goodbye. It is told of a timeout instead, which leaves its state as it is.
 */
final class SocketBelowTls extends Socket {
    private final Socket raw;
    private final InputStream in;

    /** @param inputEnded whether the end of input is our doing */
    SocketBelowTls(Socket raw, BooleanSupplier inputEnded) throws IOException {
        this.raw = raw;
        this.in = new InputBelowTls(raw.getInputStream(), inputEnded);
    }

    private static final class InputBelowTls extends InputStream {
        private final InputStream rawIn;
        private final BooleanSupplier inputEnded;

        private InputBelowTls(InputStream rawIn, BooleanSupplier inputEnded) {
            this.rawIn = rawIn;
            this.inputEnded = inputEnded;
        }

        @Override
        public int read() throws IOException {
            return checked(rawIn.read());
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return checked(rawIn.read(buffer, offset, length));
        }

        private int checked(int result) throws IOException {
            if (result == -1 && inputEnded.getAsBoolean()) {
                throw new SocketTimeoutException("the server ended the input");
            }
            return result;
        }

        @Override
        public int available() throws IOException {
            return rawIn.available();
        }
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return raw.getOutputStream();
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }

    @Override
    public void shutdownInput() throws IOException {
        raw.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        raw.shutdownOutput();
    }

    @Override
    public boolean isConnected() {
        return raw.isConnected();
    }

    @Override
    public boolean isBound() {
        return raw.isBound();
    }

    @Override
    public boolean isClosed() {
        return raw.isClosed();
    }

    @Override
    public boolean isInputShutdown() {
        return raw.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return raw.isOutputShutdown();
    }

    @Override
    public InetAddress getInetAddress() {
        return raw.getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return raw.getLocalAddress();
    }

    @Override
    public int getPort() {
        return raw.getPort();
    }

    @Override
    public int getLocalPort() {
        return raw.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return raw.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return raw.getLocalSocketAddress();
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return raw.getSoTimeout();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        raw.setSoTimeout(timeout);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return raw.getSoLinger();
    }

    @Override
    public String toString() {
        return raw.toString();
    }
}
