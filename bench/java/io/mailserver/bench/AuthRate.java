package io.mailserver.bench;

import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.base.Time;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.SpamConfig;
import io.mailserver.delivery.Examiner;
import io.mailserver.delivery.Judge;
import io.mailserver.delivery.Judgement;
import io.mailserver.delivery.Transaction;
import io.mailserver.dmarc.DmarcVerdict;
import io.mailserver.dns.CachingResolver;
import io.mailserver.dns.ResolverSettings;
import io.mailserver.dns.ResolverSettings.NameServer;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.smtp.Address;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How many messages of one RSA-2048 signature are verified in a second: by us with SPF and DMARC, by opendkim and python3-dkim without. */
final class AuthRate {
    private static final int OCTETS = 4 << 10;
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration MEASURED = Duration.ofSeconds(5);
    private static final String PYTHON = """
            import sys, time, dkim
            key = open("key").read().encode()
            messages = [open("m%d" % n, "rb").read() for n in range(int(sys.argv[1]))]
            start = time.time()
            for message in messages:
                if not dkim.verify(message, dnsfunc=lambda name, timeout=5: key):
                    sys.exit("not verified")
            print(len(messages) / (time.time() - start))
            """;

    private final SignedLoad load;
    private final Path folder;
    private final Time time;
    private final PrintStream out;

    AuthRate(SignedLoad load, Path folder, Time time, PrintStream out) {
        this.load = load;
        this.folder = folder;
        this.time = time;
        this.out = out;
    }

    /** @param messages how many the other programs get; they hold them all in files */
    void run(int messages) throws IOException, InterruptedException {
        out.printf("messages of 4 KB with one RSA-2048 signature, verified a second%n");
        int processors = Runtime.getRuntime().availableProcessors();
        ours(1, WARM_UP);
        out.printf("  %-48s %8.0f%n", "ours: SPF, DKIM, DMARC, one at a time", ours(1, MEASURED));
        out.printf("  %-48s %8.0f%n", "ours: SPF, DKIM, DMARC, " + 4 * processors + " at a time", ours(4 * processors, MEASURED));
        for (int n = 0; n < messages; n++) {
            Files.write(folder.resolve("m" + n), load.message(n, OCTETS));
        }
        Files.writeString(folder.resolve("key"), load.keyRecord());
        print("opendkim: DKIM alone, one at a time", opendkim(messages));
        print("python3-dkim: DKIM alone, one at a time", python(messages));
    }

    private void print(String what, OptionalDouble rate) {
        out.printf("  %-48s %8s%n", what, rate.isPresent() ? "%.0f".formatted(rate.getAsDouble()) : "not measured");
    }

    private double ours(int threads, Duration duration) throws InterruptedException {
        try (PlatformPool pool = new PlatformPool("hashing", 1, 10)) {
            CachingResolver resolver = new CachingResolver(
                    ResolverSettings.of(List.of(NameServer.at(load.dns().getAddress(), load.dns().getPort()))), time);
            Judge.Settings settings = new Judge.Settings("mail.bench.test", ChecksConfig.defaults(), SpamConfig.defaults());
            Judge judge = new Judge(new Examiner(resolver, pool, time), () -> settings, time);
            byte[] message = load.message(1, OCTETS);
            long start = time.nanos();
            long end = start + duration.toNanos();
            int[] counts = new int[threads];
            List<Thread> sessions = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int session = i;
                sessions.add(Thread.ofVirtual().start(() -> {
                    while (time.nanos() - end < 0) {
                        judge(judge, message);
                        counts[session]++;
                    }
                }));
            }
            for (Thread session : sessions) {
                session.join();
            }
            return IntStream.of(counts).sum() / ((time.nanos() - start) / 1e9);
        }
    }

    private static void judge(Judge judge, byte[] message) {
        try {
            Transaction transaction = new Transaction(InetAddress.ofLiteral("127.0.0.1"), "client.bench.example", "sender@bench.example",
                    List.of(Address.of("user1", new Domain(SmtpLoad.DOMAIN))));
            HeaderBlock.Split split = HeaderBlock.split(new ByteArrayInputStream(message), HeaderBlock.Limits.DEFAULTS);
            Judgement judgement = judge.judge(transaction, split, message.length, Judge.ContentCheck.NONE);
            if (judgement.evidence().dmarc().verdict() != DmarcVerdict.PASS || !judgement.evidence().dmarc().dkimAligned()) {
                throw new IllegalStateException("not verified: " + judgement.evidence());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Many files in one process, less the time of a process with one. */
    private OptionalDouble opendkim(int messages) throws IOException, InterruptedException {
        Path program = Path.of("/usr/sbin/opendkim");
        if (!Files.isExecutable(program)) {
            return OptionalDouble.empty();
        }
        Files.writeString(folder.resolve("keys"),
                SignedLoad.SELECTOR + "._domainkey." + SignedLoad.AUTHOR + " " + load.keyRecord() + "\n");
        Files.writeString(folder.resolve("conf"), "Mode v\nTestPublicKeys " + folder.resolve("keys") + "\n");
        double seconds = 0;
        for (int count : new int[] {1, messages}) {
            String files = IntStream.range(0, count).mapToObj(n -> "m" + n).collect(Collectors.joining(","));
            long start = time.nanos();
            List<String> lines = run(List.of(program.toString(), "-t", files, "-x", folder.resolve("conf").toString()));
            double took = (time.nanos() - start) / 1e9;
            if (lines.stream().filter(line -> line.contains("succeeded")).count() < count) {
                return OptionalDouble.empty();
            }
            seconds = took - seconds;
        }
        return OptionalDouble.of((messages - 1) / seconds);
    }

    private OptionalDouble python(int messages) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("verify.py"), PYTHON);
        List<String> lines = run(List.of("/usr/bin/python3", "verify.py", Integer.toString(messages)));
        try {
            return lines.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(lines.getLast()));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty(); // It said what it lacks.
        }
    }

    private List<String> run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        process.waitFor();
        return lines;
    }
}
