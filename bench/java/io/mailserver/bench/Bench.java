package io.mailserver.bench;

import io.mailserver.base.OperatorException;
import io.mailserver.base.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** {@code bench/run NAME [options]}: see {@code bench/README.md}. */
public final class Bench {
    private static final int MAILBOXES = 100;
    private static final int IMAP_USERS = 20;

    private final Options options;
    private final SystemTime time;
    /** The project's folder, where {@code ./mailserver} is. */
    private final Path project;

    private Bench(Options options, SystemTime time, Path project) {
        this.options = options;
        this.time = time;
        this.project = project;
    }

    /** Status 0: measured, nothing lost. 1: messages lost or doubled. 2: could not measure. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int status;
        try (SystemTime time = new SystemTime()) {
            Options options = Options.parse(arguments);
            status = new Bench(options, time, Path.of("").toAbsolutePath()).run() ? 0 : 1;
        } catch (OperatorException e) {
            System.err.println("bench: " + e.getMessage() + (e.hint().isEmpty() ? "" : "\n  " + e.hint()));
            status = 2;
        }
        System.exit(status);
    }

    private boolean run() throws IOException, InterruptedException {
        Path parent = Files.createDirectories(options.folder(project.resolve("target/bench")));
        // Postfix delivers under a user of its own, who must be able to come here.
        Path folder = Files.createTempDirectory(
                parent, options.name() + "-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try {
            return switch (options.name()) {
                case "smtp-in" -> smtpIn(folder);
                case "maildir" -> maildir(folder);
                case "footprint" -> footprint(folder);
                case "large" -> large(folder);
                case "auth" -> auth(folder);
                case "imap" -> imap(folder);
                case "jmap" -> jmap(folder);
                case "spam" -> spam(folder);
                case "relay" -> relay(folder);
                default -> throw new OperatorException("there is no benchmark " + options.name(), Options.USAGE);
            };
        } finally {
            if (!options.has("keep")) {
                deleteAll(folder);
            }
        }
    }

    private boolean spam(Path folder) throws IOException, InterruptedException {
        try (SpamPeers peers = new SpamPeers(folder, time, Runtime.getRuntime().availableProcessors())) {
            if (!options.wants("spamd") || !peers.spamd(options.endpoint("spamd"))) {
                System.out.println("spamd is left out (Debian package spamd)");
            }
            if (!options.wants("rspamd") || !peers.rspamd(options.endpoint("rspamd"))) {
                System.out.println("rspamd is left out (Debian package rspamd)");
            }
            return new SpamBench(folder, time, System.out, options.number("seed", SpamBench.SEED)).run(
                    new SpamBench.Plan(options.number("each", 1_000), options.number("trained", 200), options.number("rounds", 3)),
                    peers.scanners());
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private boolean smtpIn(Path folder) throws IOException, InterruptedException {
        List<MeasuredServer> servers = new ArrayList<>();
        try {
            if (options.wants("ours")) {
                servers.add(startOurs(folder));
            }
            if (options.wants("postfix")) {
                servers.add(PostfixServer.start(project.resolve("bench/postfix-instance"), folder.resolve("postfix"), MAILBOXES));
            }
            return new SmtpIn(servers, diskRate(folder), folder, time, System.out).run(cells(), options.number("rounds", 3));
        } finally {
            for (MeasuredServer server : servers) {
                server.close();
            }
        }
    }

    private List<LoadPlan> cells() {
        Duration duration = Duration.ofSeconds(options.number("seconds", options.full() ? 4 : 6));
        if (options.has("sessions") || options.has("octets")) {
            return List.of(new LoadPlan(options.number("sessions", 10), options.number("octets", 4 << 10), options.has("tls"),
                    !options.has("one"), true, duration));
        }
        return options.full() ? SmtpIn.allCells(duration) : SmtpIn.goalCells(duration);
    }

    private boolean maildir(Path folder) throws IOException, InterruptedException {
        List<Integer> sessions = options.has("sessions") ? List.of(options.number("sessions", 1)) : MaildirRate.SESSIONS;
        return new MaildirRate(folder, diskRate(folder), time, System.out)
                .run(sessions, options.number("rounds", 3), Duration.ofSeconds(options.number("seconds", 4)));
    }

    private DiskRate diskRate(Path folder) {
        return new DiskRate(folder.resolve("disk"), project.resolve("target/disk-rate"), time);
    }

    private boolean footprint(Path folder) throws IOException, InterruptedException {
        startOurs(folder).close();
        return new Footprint(launcher(), folder.resolve("data"), MAILBOXES, time, System.out)
                .run(Duration.ofSeconds(options.number("seconds", 60)));
    }

    private boolean large(Path folder) throws IOException, InterruptedException {
        try (ThisServer server = startOurs(folder)) {
            return LargeMessage.send(server, (long) options.number("mib", 1024) << 20, time, System.out);
        }
    }

    private boolean auth(Path folder) throws IOException, InterruptedException {
        try (SignedLoad load = SignedLoad.start(time)) {
            new AuthRate(load, folder, time, System.out).run(options.number("messages", 1000));
            String dns = "dns: {servers: ['127.0.0.1:%d']}\nspam: {enabled: false}".formatted(load.dns().getPort());
            try (ThisServer with = ThisServer.startNew(launcher(), folder.resolve("with"), MAILBOXES, dns);
                    ThisServer without = ThisServer.startNew(launcher(), folder.resolve("without"), MAILBOXES)) {
                return new CheckedIn(with, without, load, folder, time, System.out)
                        .run(options.number("rounds", 3), Duration.ofSeconds(options.number("seconds", 6)));
            }
        }
    }

    private boolean relay(Path folder) throws IOException, InterruptedException {
        RelayBench bench = new RelayBench(launcher(), project.resolve("bench/postfix-instance"), folder, time, System.out);
        return options.has("destinations")
                ? bench.destinations(options.number("messages", 100_000), options.number("destinations", 1_000))
                : bench.run(options.number("messages", 10_000), options.number("rounds", 3), options.wants("postfix"));
    }

    private boolean imap(Path folder) throws IOException, InterruptedException {
        List<ImapServer> servers = new ArrayList<>();
        try {
            if (options.wants("ours")) {
                servers.add(OurImapServer.start(launcher(), folder.resolve("data"), IMAP_USERS));
            }
            if (options.wants("dovecot")) {
                servers.add(DovecotServer.start(project.resolve("bench/dovecot-instance"), folder.resolve("dovecot")));
            }
            Duration duration = Duration.ofSeconds(options.number("seconds", 4));
            return new ImapBench(servers, options.number("messages", 100_000), duration, time, System.out)
                    .run(options.number("rounds", 5), options.text("cell", ""), options.number("idle", 1_000));
        } finally {
            for (ImapServer server : servers) {
                server.close();
            }
        }
    }

    private boolean jmap(Path folder) throws IOException, InterruptedException {
        try (OurImapServer server = OurImapServer.start(
                launcher(), folder.resolve("data"), IMAP_USERS, "jmap: {max-event-sources: 10000}")) {
            return new JmapBench(server, options.number("messages", 100_000), time, System.out).run(options.number("sources", 1_000));
        }
    }

    private ThisServer startOurs(Path folder) throws IOException, InterruptedException {
        return ThisServer.startNew(launcher(), folder.resolve("data"), MAILBOXES);
    }

    private List<String> launcher() {
        return List.of(project.resolve("mailserver").toString());
    }
}
