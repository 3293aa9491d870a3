package io.mailserver.delivery;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Quota;
import io.mailserver.account.Resolution;
import io.mailserver.arc.ArcSealer;
import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.dkim.SigningKey;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.returnpath.Seal;
import io.mailserver.returnpath.SenderRewriting;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.SimulatedDatabases;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import io.mailserver.store.AccountFolders;
import io.mailserver.store.AccountStore;
import io.mailserver.store.DiskSpace;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** An intake on some disk, with the accounts alice, bob and carol of example.com and what a test adds. */
final class IntakeWorld implements AutoCloseable {
    static final Domain EXAMPLE = new Domain("example.com");

    final ManualTime time = new ManualTime(SimulatedDisk.START);
    final RecordingLog log = new RecordingLog();
    final MaildirStatistics maildirs = new MaildirStatistics();
    final AtomicBoolean overloaded = new AtomicBoolean();
    volatile Intake.Checks checks = Intake.Checks.NONE;
    final RecordingOutbound outbound = new RecordingOutbound();
    volatile Intake.ReportReader reports = Intake.ReportReader.NONE;
    /** Such as "bob@example.com as alice@example.com". */
    final Set<String> rights = ConcurrentHashMap.newKeySet();
    volatile Intake.Answers answers = Intake.Answers.NONE;
    /** What our domains sign with. */
    final List<SigningKey> keys = new CopyOnWriteArrayList<>();
    final Map<Address, Resolution> directory = new HashMap<>();
    private final Map<Address, Deque<Resolution>> nextAnswers = new HashMap<>();
    final AccountFolders folders;
    final AccountStore store;
    final Intake intake;
    final PlatformPool pool = new PlatformPool("files", 1, 100);
    final SimulatedDatabases databases;
    private final PlatformPool queries = new PlatformPool("queries", 1, 100);
    private final ContentSpool spool;
    private final Path data;

    /** @param data the data folder; exists */
    IntakeWorld(Path data, long reservedOctets) throws IOException {
        this(data, reservedOctets, 1, new SimulatedDatabases());
    }

    /**
     * @param process its number, different for each process on the same disk
     * @param databases of the accounts on that disk
     */
    IntakeWorld(Path data, long reservedOctets, long process, SimulatedDatabases databases) throws IOException {
        this.data = data;
        this.databases = databases;
        List<String> names = List.of("alice", "bob", "carol");
        for (int i = 0; i < names.size(); i++) {
            AccountRef account = account(i + 1, names.get(i), Quota.NONE);
            directory.put(account.address(), new Resolution.Local(List.of(account)));
        }
        folders = new AccountFolders(data, time);
        store = new AccountStore(new AccountStore.Parts(
                folders, data, new UniqueNames(time, "mx", process, 0), maildirs, databases, pool, queries, time, log, "boot"));
        spool = new ContentSpool(new SimulatedDisk(0).root(), pool, 1 << 20, 1 << 20);
        intake = new Intake(
                this::resolve,
                store,
                new DiskSpace(data),
                overloaded::get,
                () -> new Intake.Settings("mx.example.com", reservedOctets),
                currentChecks(),
                Optional.of(new Intake.Sending(outbound, forwarding(),
                        (id, header, sender, placements, judgement) -> answers.answer(id, header, sender, placements, judgement),
                        (account, address) -> rights.contains(account + " as " + address),
                        (id, sender, content) -> { })),
                (kind, domain, message) -> reports.read(kind, domain, message),
                time,
                log);
    }

    /** Those that are set at the moment of each question. */
    private Intake.Checks currentChecks() {
        return new Intake.Checks() {
            @Override
            public Optional<Judgement> judge(Envelope envelope, HeaderBlock.Split message, Content content) throws IOException {
                return checks.judge(envelope, message, content);
            }

            @Override
            public Optional<Decision.Refuse> refuseSubmitted(Envelope envelope, Content content) throws IOException {
                return checks.refuseSubmitted(envelope, content);
            }

            @Override
            public boolean holds(String account) {
                return checks.holds(account);
            }
        };
    }

    private Forwarding forwarding() {
        return new Forwarding(new SenderRewriting(new Seal(new byte[Seal.KEY_OCTETS]), Duration.ofDays(21), time), domain -> keys,
                new ArcSealer(time), EXAMPLE::equals, "mx.example.com", log);
    }

    /** The directory's next answers for an address, one after the other, before it answers as ever. */
    void answers(Address address, Resolution... answers) {
        nextAnswers.put(address, new ArrayDeque<>(List.of(answers)));
    }

    private Resolution resolve(Address address) {
        Deque<Resolution> next = nextAnswers.get(address);
        return next == null || next.isEmpty()
                ? directory.getOrDefault(address, new Resolution.UnknownUser())
                : next.removeFirst();
    }

    static AccountRef account(long id, String name, Quota quota) {
        return new AccountRef(id, EXAMPLE, name, quota);
    }

    static Address address(String name) {
        return Address.of(name, EXAMPLE);
    }

    static Client client(Client.Service service, Optional<String> authenticated) {
        return new Client(
                "s1", service, InetAddress.ofLiteral("192.0.2.1"), 1234, 25, "client.example", true, Optional.empty(), authenticated);
    }

    static Envelope envelope(String... recipients) {
        Envelope envelope = new Envelope(
                "s1-1",
                client(Client.Service.INBOUND, Optional.empty()),
                Optional.of(Address.of("sender", new Domain("example.net"))),
                MailParameters.NONE,
                List.of());
        for (String recipient : recipients) {
            envelope = envelope.with(Recipient.of(address(recipient)));
        }
        return envelope;
    }

    static MailParameters declaring(long size) {
        return new MailParameters(
                OptionalLong.of(size), MailParameters.Body.SEVEN_BIT, false, Optional.empty(), Optional.empty(), Optional.empty());
    }

    Reply deliver(Envelope envelope, String message) throws IOException {
        byte[] octets = message.getBytes(StandardCharsets.UTF_8);
        try (ContentWriter writer = spool.newContent()) {
            writer.write(octets, 0, octets.length);
            try (Content content = writer.finish()) {
                return intake.deliver(envelope, content);
            }
        }
    }

    /** The messages in an INBOX. */
    List<Path> inbox(String name) throws IOException {
        return inbox(data, name);
    }

    static List<Path> inbox(Path data, String name) throws IOException {
        List<Path> files = new ArrayList<>();
        Path folder = data.resolve("accounts/example.com").resolve(name).resolve("Maildir/new");
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                entries.forEach(files::add);
            }
        }
        return files;
    }

    @Override
    public void close() {
        store.close();
        pool.close();
        queries.close();
    }
}
