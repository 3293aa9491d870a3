package io.mailserver.admin;

import io.mailserver.account.AccountSystem;
import io.mailserver.account.TestAccounts;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.base.PlatformPool;
import io.mailserver.config.SendingConfig;
import io.mailserver.doctor.ServerFacts;
import io.mailserver.log.RecentErrors;
import io.mailserver.log.Trace;
import io.mailserver.queue.Change;
import io.mailserver.queue.QueueAdmin;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.queue.QueueId;
import io.mailserver.queue.QueueStore;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.spam.Learning;
import io.mailserver.store.AccountFolders;
import io.mailserver.store.AccountStore;
import io.mailserver.store.DatabaseFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Operations over a temporary data folder, as a server that does nothing else would offer them. */
final class TestOperations implements AutoCloseable, ServerControl {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    final ManualTime time = new ManualTime(Instant.parse("2026-01-02T03:04:05Z"));
    final RecordingLog log = new RecordingLog();
    final AccountSystem accounts;
    final AtomicInteger stops = new AtomicInteger();
    final Operations operations;
    final Path data;
    final AccountFolders folders;
    private @Nullable QueueStore store;
    private @Nullable Learning learned;
    private final PlatformPool files = new PlatformPool("test-files", 2, 100);

    TestOperations(Path data) throws IOException {
        this.data = data;
        accounts = TestAccounts.open(data, time, log);
        folders = new AccountFolders(data, time);
        Trace trace = new Trace(data.resolve("trace"), time, log);
        operations = new Operations(
                new Operations.Parts(accounts, folders, store(), files, trace, this,
                        () -> new ServerFacts(new Domain("mail.example.com"), List.of(new ServerFacts.Service("submissions", 465, true)),
                                List.of(InetAddress.ofLiteral("198.51.100.7"))), this::queue,
                        this::learning, SendingConfig::defaults, new SecureRandom(), time), log);
    }

    private Learning learning() {
        Learning opened = learned;
        if (opened == null) {
            opened = Learning.open(new Learning.Parts(data, account -> folders.folder(account.domain(), account.localPart()), files, time,
                    log));
            learned = opened;
        }
        return opened;
    }

    private QueueAdmin queue() throws IOException {
        QueueStore opened = store;
        if (opened == null) {
            opened = QueueStore.open(data.resolve("queue"), files, QueueStore.Settings.DEFAULT, () -> 1, log);
            store = opened;
        }
        return QueueAdmin.ofStopped(opened, "mail.example.com", Duration.ofDays(14), time);
    }

    /** Puts a message into the queue. */
    QueueId queued(String recipient) throws IOException {
        queue();
        QueueStore opened = Objects.requireNonNull(store);
        QueueId id = opened.nextId();
        int at = recipient.indexOf('@');
        Address to = Address.of(recipient.substring(0, at), new Domain(recipient.substring(at + 1)));
        QueueEnvelope envelope = new QueueEnvelope(
                "T-" + id, "alice@example.com", Optional.of(Address.of("alice", new Domain("example.com"))), MailParameters.NONE,
                List.of(Recipient.of(to)));
        byte[] text = "Subject: hi\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII);
        opened.commit(List.of(new Change.Add(id, time.now(), time.now(), envelope, new byte[0], new OctetContent(text))));
        return id;
    }

    private AccountStore store() {
        return new AccountStore(new AccountStore.Parts(
                folders, data, new UniqueNames(time, "mail.example.com", 1, 0), new MaildirStatistics(),
                new DatabaseFiles(account -> folders.folder(account.domain(), account.localPart())), files, files, time, log, "boot"));
    }

    /** Runs an operation with arguments written as JSON with single quotes. */
    Answer run(String operation, String arguments) {
        return operations.run(operation, json(arguments));
    }

    static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }

    @Override
    public ServerStatus status() {
        return new ServerStatus(
                "0.1.0",
                4711,
                time.now().minusSeconds(90),
                "mail.example.com",
                data,
                List.of(new ServerStatus.Listener("SMTP inbound", "0.0.0.0", 25, 3)),
                List.of(new ServerStatus.Certificate(
                        List.of("mail.example.com"), Optional.empty(), Instant.parse("2026-03-01T00:00:00Z"), true)),
                1L << 30,
                new RecentErrors.Summary(0, List.of()),
                List.of(new ServerStatus.Warning("the AOT cache was rejected", "make it anew")));
    }

    @Override
    public void stop() {
        stops.incrementAndGet();
    }

    @Override
    public List<String> reload() {
        throw new OperatorException("config.yml:3: unknown key", "did you mean ports?");
    }

    @Override
    public void close() throws IOException {
        accounts.close();
        files.close();
    }
}
