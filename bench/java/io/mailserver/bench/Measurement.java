package io.mailserver.bench;

import io.mailserver.bench.ProcessTree.Cpu;
import java.util.List;

/**
 * One load on one server.
 *
 * @param load what the client saw
 * @param deliveredPerSecond messages a second until the last accepted one was in its Maildir
 * @param server CPU time of all the server's processes, until then
 * @param client CPU time of the client, which shares the machine
 * @param machine CPU time of the whole machine, the kernel's own threads included
 * @param offences lost or doubled messages, one line each
 */
record Measurement(LoadResult load, double deliveredPerSecond, Cpu server, Cpu client, Cpu machine, List<String> offences) {
    /** Server CPU-milliseconds a message, which is CPU-seconds per 1,000 messages. */
    double serverMillis() {
        return server.total() * 1e3 / load.accepted();
    }
}
