package io.mailserver.admin;

import io.mailserver.account.AccountSystem;
import io.mailserver.account.TestAccounts;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.doctor.ServerFacts;
import io.mailserver.log.Trace;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.store.AccountFolders;
import io.mailserver.store.AccountStore;
import io.mailserver.store.DatabaseFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final PlatformPool files = new PlatformPool("test-files", 2, 100);

    TestOperations(Path data) throws IOException {
        this.data = data;
        accounts = TestAccounts.open(data, time, log);
        folders = new AccountFolders(data, time);
        Trace trace = new Trace(data.resolve("trace"), time, log);
        operations = new Operations(
                new Operations.Parts(accounts, folders, store(), files, trace, this,
                        () -> new ServerFacts(new Domain("mail.example.com"), List.of(new ServerFacts.Service("submissions", 465, true)),
                                List.of(InetAddress.ofLiteral("198.51.100.7"))), new SecureRandom(), time), log);
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
                List.of("the AOT cache was rejected"));
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
