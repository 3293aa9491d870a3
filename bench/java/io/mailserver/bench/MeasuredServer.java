package io.mailserver.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** A running mail server with mailboxes {@code user1@bench.test} and on. Closing ends it and waits until it is gone. */
interface MeasuredServer extends AutoCloseable {
    /** How the tables call it. */
    String name();

    /** Where it takes mail. */
    InetSocketAddress smtp();

    /** The Maildirs, in the order of the mailboxes' numbers. */
    List<Path> maildirs();

    /** All of its processes. */
    ProcessTree processes();

    @Override
    void close() throws IOException;
}
