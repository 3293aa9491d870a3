package io.mailserver.app;

import io.mailserver.base.OperatorException;
import io.mailserver.base.SystemTime;
import io.mailserver.dns.Zone;
import io.mailserver.dns.ZoneServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Serves a zone file as the whole DNS on a free port of loopback, for trying things out ({@code ./dev run}): prints the address and
 * port, and runs until it is ended. The only argument is the file.
 */
final class ServeZone {
    private ServeZone() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        Signals.on("TERM", stop::countDown);
        Signals.on("INT", stop::countDown);
        Zone zone;
        try {
            zone = Zone.parse(Files.readString(Path.of(arguments[0])));
        } catch (OperatorException e) {
            System.err.println("zone: " + e.getMessage() + "; " + e.hint());
            System.exit(1);
            return;
        }
        try (SystemTime time = new SystemTime();
                ZoneServer server = ZoneServer.start(() -> zone, 0, time)) {
            System.out.println("127.0.0.1:" + server.address().getPort());
            stop.await();
        }
    }
}
