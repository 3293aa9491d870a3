package io.mailserver.bench;

import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.dns.Zone;
import io.mailserver.dns.ZoneServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Mail in through SMTP and out to a sink: this server, which signs it for its user, beside Debian's Postfix, which does not. The clock runs
 * from the first 250 to the last message at the sink.
 */
final class RelayBench {
    private static final int CLIENTS = 10;
    private static final int OCTETS = 4 << 10;
    private static final long MOST_SECONDS = 1_800;
    private static final long POLL_MILLIS = 2;

    private final List<String> command;
    private final Path postfix;
    private final Path folder;
    private final Time time;
    private final PrintStream out;
    /** smtp-sink cannot be told to choose one. */
    private final int sinkPort;
    /** Of our own sinks, each with a domain to itself: what another round left in the queue is no part of theirs. */
    private final int promptPort;
    private final int slowPort;

    /** @param cpu seconds for 1,000 messages */
    record Rate(double perSecond, double cpu) {
        @Override
        public String toString() {
            return "%,.0f/s, %.2f CPU s/1000".formatted(perSecond, cpu);
        }
    }

    /**
     * @param command what starts this server
     * @param postfix {@code bench/postfix-instance}
     */
    RelayBench(List<String> command, Path postfix, Path folder, Time time, PrintStream out) throws IOException {
        this.sinkPort = PostfixServer.freePort();
        this.promptPort = PostfixServer.freePort();
        this.slowPort = PostfixServer.freePort();
        this.command = command;
        this.postfix = postfix;
        this.folder = folder;
        this.time = time;
        this.out = out;
    }

    /** Our server's configuration: the way to the sink, and no limits where one client is everybody. */
    static String configuration(String domain, int port) {
        return settings("sending.routes", "routes: [" + route(domain, port) + "]");
    }

    private static String route(String domain, int port) {
        return "{domain: %s, to: '127.0.0.1:%d'}".formatted(domain, port);
    }

    private static String settings(String why, String sending) {
        return """
                # %s
                spam: {enabled: false}
                checks: {enabled: false}
                sending:
                  %s
                  messages-per-day: 1000000000
                  recipients-per-day: 1000000000
                  first-time-recipients-per-day: 1000000000
                """.formatted(why, sending);
    }

    /** Beside Postfix, to its own smtp-sink; then with every fifth message put off. */
    boolean run(int messages, int rounds, boolean withPostfix) throws IOException, InterruptedException {
        List<Rate> ours = new ArrayList<>();
        List<Rate> theirs = new ArrayList<>();
        String ways = settings("sending.routes", "routes: [%s, %s, %s]".formatted(
                route("sink.test", sinkPort), route("prompt.test", promptPort), route("slow.test", slowPort)));
        try (ThisServer server = ThisServer.startNew(command, folder.resolve("ours"), 1, ways)) {
            warmUp(server, messages);
            for (int round = 0; round < rounds; round++) {
                ours.add(toSmtpSink(server::submission, true, server.processes(), messages));
                out.println("ours     " + ours.getLast());
            }
            out.println("ours, every fifth message put off: " + puttingOff(server, messages));
        }
        if (!withPostfix) {
            return true;
        }
        try (PostfixServer server = PostfixServer.startRelay(postfix, folder.resolve("postfix"), sinkPort)) {
            for (int round = 0; round < rounds; round++) {
                theirs.add(toSmtpSink(server::smtp, false, server.processes(), messages));
                out.println("postfix  " + theirs.getLast());
            }
        }
        double rate = median(ours, Rate::perSecond) / median(theirs, Rate::perSecond);
        double cpu = median(ours, Rate::cpu) / median(theirs, Rate::cpu);
        out.println(new Goal("relay, rate, times Postfix", rate, 3, true));
        out.println(new Goal("relay, CPU a message, of Postfix's", cpu, 0.5, false));
        return true;
    }

    private interface Figure {
        double of(Rate rate);
    }

    private static double median(List<Rate> rates, Figure figure) {
        double[] sorted = rates.stream().mapToDouble(figure::of).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private void warmUp(ThisServer server, int messages) throws IOException, InterruptedException {
        double before = -1;
        double compiling = 1;
        for (int i = 0; i < 6 && compiling > 0.05; i++) {
            ProcessTree.Cpu cpu = server.processes().cpu();
            double compiler = server.processes().compilerSeconds();
            toSmtpSink(server::submission, true, server.processes(), Math.min(messages, 5_000));
            compiling = (server.processes().compilerSeconds() - compiler) / server.processes().cpu().minus(cpu).total();
            before = compiling;
        }
        out.printf("warm: the compilers take %.0f %% of its processor time%n", before * 100);
    }

    /** One round, into Postfix's smtp-sink, which ends with the last message. */
    private Rate toSmtpSink(Supplier<InetSocketAddress> server, boolean login, ProcessTree processes, int messages)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("/usr/sbin/smtp-sink", "-M", Integer.toString(messages)));
        if (System.getProperty("user.name").equals("root")) {
            words.addAll(List.of("-u", "nobody")); // It does not want to be root.
        }
        words.addAll(List.of("127.0.0.1:" + sinkPort, "1000"));
        Process sink = new ProcessBuilder(words)
                .redirectErrorStream(true).redirectOutput(folder.resolve("sink.log").toFile()).start();
        try {
            awaitPort(sink);
            Ledger ledger = new Ledger("relay");
            ProcessTree.Cpu before = processes.cpu();
            OutgoingLoad load = new OutgoingLoad(server, login, OCTETS, ledger, number -> "user" + number % 100 + "@sink.test");
            load.run(CLIENTS, messages);
            if (!sink.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                throw new OperatorException("the sink does not get all messages", "look at the queue (--keep)");
            }
            double seconds = (time.nanos() - load.firstAccepted()) / 1e9;
            double cpu = processes.cpu().minus(before).total() * 1000 / messages;
            return new Rate(messages / seconds, cpu);
        } finally {
            sink.destroyForcibly();
        }
    }

    private void awaitPort(Process sink) throws IOException, InterruptedException {
        while (sink.isAlive()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sinkPort)) {
                socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
                return;
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
        throw new OperatorException("smtp-sink does not start", "apt install postfix; port " + sinkPort + " must be free");
    }

    /** To our own sink, which says 451 to some: how fast the others come through, without and with them. */
    private String puttingOff(ThisServer server, int messages) throws IOException, InterruptedException {
        double all = toOurSink(server, promptPort, messages, messages, number -> "user@prompt.test", false);
        double others = toOurSink(server, slowPort, messages, messages - messages / 5, number -> "user@slow.test", true);
        return "%,.0f/s without them, the others %,.0f/s with them".formatted(all, others);
    }

    private double toOurSink(
            ThisServer server, int port, int messages, int expected, IntFunction<String> recipient, boolean fifth)
            throws IOException, InterruptedException {
        try (Sink sink = Sink.start(port, messages, number -> fifth && number % 5 == 0)) {
            OutgoingLoad load = new OutgoingLoad(server::submission, true, OCTETS, new Ledger("relay"), recipient);
            load.run(CLIENTS, messages);
            await(sink, expected);
            return expected / ((sink.lastNanos() - load.firstAccepted()) / 1e9);
        }
    }

    private static void await(Sink sink, int expected) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (sink.distinct() < expected) {
            if (System.nanoTime() - end > 0) {
                throw new OperatorException(sink.distinct() + " of " + expected + " messages came", "look at the queue (--keep)");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** For many destinations, a tenth of which take connections and say nothing: how fast the living get theirs, without and with these. */
    boolean destinations(int messages, int destinations) throws IOException, InterruptedException {
        double without = toMany(messages, destinations, 0);
        double with = toMany(messages, destinations, destinations / 10);
        out.printf("%,d messages to %,d destinations: %,.0f/s to all of them alive, %,.0f/s to the living with %d dead%n",
                messages, destinations, without, with, destinations / 10);
        out.println(new Goal("many destinations, the living beside the dead, of all alive", with / without, 0.9, true));
        return true;
    }

    private double toMany(int messages, int destinations, int dead) throws IOException, InterruptedException {
        try (Sink sink = Sink.start(0, messages, number -> false);
                Sink pit = Sink.tarPit("127.0.0.9", sink.address().getPort());
                ZoneServer dns = ZoneServer.start(zone(destinations, dead), 0, time)) {
            String more = settings("many destinations", "port: " + sink.address().getPort())
                    + "dns: {servers: ['127.0.0.1:%d']}%n".formatted(dns.address().getPort());
            Path data = folder.resolve("many-" + dead);
            try (ThisServer server = ThisServer.startNew(command, data, 1, more)) {
                OutgoingLoad load = new OutgoingLoad(server::submission, true, OCTETS, new Ledger("many"),
                        number -> "user@d" + number % destinations + ".test");
                load.run(CLIENTS, messages);
                int expected = (int) IntStream.range(0, messages).filter(n -> n % destinations >= dead).count();
                await(sink, expected);
                out.printf("%d dead: the dead held at most %d connections%n", dead, pit.mostAtOnce());
                return expected / ((sink.lastNanos() - load.firstAccepted()) / 1e9);
            }
        }
    }

    private static Supplier<Zone> zone(int destinations, int dead) {
        StringBuilder text = new StringBuilder(". 86400 SOA ns.test. root.test. 1 86400 86400 86400 86400\n");
        for (int n = 0; n < destinations; n++) {
            text.append("d").append(n).append(".test 86400 MX 10 mx.d").append(n).append(".test.\nmx.d").append(n).append(".test 86400 A ")
                    .append(n < dead ? "127.0.0.9" : "127.0.0.1").append('\n');
        }
        Zone zone = Zone.parse(text.toString());
        return () -> zone;
    }
}
