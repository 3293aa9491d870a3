package io.mailserver.simulation;

import io.mailserver.account.AccountSystem;
import io.mailserver.account.LoginLimits;
import io.mailserver.account.Quota;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.config.AuthConfig;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.SpamConfig;
import io.mailserver.delivery.CheckStatistics;
import io.mailserver.delivery.Decision;
import io.mailserver.delivery.Examiner;
import io.mailserver.delivery.InboundChecks;
import io.mailserver.delivery.Intake;
import io.mailserver.delivery.Judge;
import io.mailserver.delivery.Judgement;
import io.mailserver.delivery.Outbound;
import io.mailserver.delivery.OutgoingSpam;
import io.mailserver.delivery.SpamCheck;
import io.mailserver.delivery.SpamPeople;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.metrics.Metrics;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.queue.MailQueue;
import io.mailserver.queue.QueueEnvelope;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Reply;
import io.mailserver.spam.Failures;
import io.mailserver.spam.Learning;
import io.mailserver.spam.SpamFilter;
import io.mailserver.store.AccountFolders;
import io.mailserver.store.AccountStore;
import io.mailserver.store.DiskSpace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The server's own accounts and delivery over a data folder, with the domain example.com. Its {@code !} lines:
 * {@code account ADDRESS PASSWORD [MESSAGES]}, {@code alias ADDRESS TARGET...}, {@code disable ADDRESS}, {@code disk-reserve OCTETS},
 * {@code overload on|off}, {@code zone LINE} and {@code checks KEY VALUE} (from the first of them on mail of strangers is judged),
 * {@code spam KEY VALUE} (from the first on the spam filter looks at contents, of strangers and users),
 * {@code clamd ANSWER} (a scanner of the filter that says so of every message, such as {@code Eicar FOUND}),
 * {@code inbox NAME COUNT}, {@code junk NAME COUNT}, {@code header LINE} (one of the header of the message stored last, unfolded).
 */
final class AccountOffice implements BackOffice {
    /** There is no queue here. */
    private static final Outbound SENDS_NOTHING = new Outbound() {
        @Override
        public MailQueue.Accepted accept(QueueEnvelope envelope, String head, Content content) throws IOException {
            throw new IOException("nothing is sent from here");
        }

        @Override
        public MailQueue.Accepted pass(QueueEnvelope envelope, String head, Content content) throws IOException {
            throw new IOException("nothing is sent from here");
        }
    };

    private final Path data;
    private final PlatformPool pool;
    private final PlatformPool queries = new PlatformPool("queries", 2, 100);
    private final AccountStore store;
    private final AccountSystem accounts;
    private final Intake intake;
    private final ZoneText zone = new ZoneText("");
    private final Map<String, String> checksChanges = new HashMap<>();
    private final Map<String, String> spamChanges = new HashMap<>();
    private final List<ScriptedClamd> scanners = new ArrayList<>();
    private final Learning learning;
    private final ManualTime time;
    private final RecordingLog log;
    /** None before a dialogue speaks of the DNS: most are about other things. */
    private volatile Intake.Checks checks = Intake.Checks.NONE;
    private volatile long reservedOctets;
    private volatile boolean overloaded;

    private AccountOffice(Path data, AccountSystem accounts, ManualTime time, RecordingLog log) throws IOException {
        this.data = data;
        this.accounts = accounts;
        this.time = time;
        this.log = log;
        pool = new PlatformPool("files", 2, 100);
        learning = Learning.open(new Learning.Parts(data, account -> data, pool, time, log));
        store = new AccountStore(new AccountStore.Parts(
                new AccountFolders(data, time),
                data,
                new UniqueNames(time, "mx", 1, 0),
                new MaildirStatistics(),
                new SimulatedDatabases(),
                pool,
                queries,
                time,
                log,
                "boot"));
        intake = new Intake(
                accounts.directory()::resolve,
                store,
                new DiskSpace(data),
                () -> overloaded,
                () -> new Intake.Settings("mx.example.com", reservedOctets),
                asNow(),
                Optional.empty(),
                Intake.ReportReader.NONE,
                time,
                log);
    }

    /** Those of the moment: {@code !} lines change them. */
    private Intake.Checks asNow() {
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

    static AccountOffice open(Path folder, AuthConfig auth, ManualTime time, RecordingLog log) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        AccountSystem accounts = AccountSystem.open(data, LoginLimits.of(auth), new SecureRandom(), time, log);
        accounts.domains().add(new Domain("example.com"));
        return new AccountOffice(data, accounts, time, log);
    }

    @Override
    public boolean act(List<String> words) throws IOException {
        String first = words.size() > 1 ? words.get(1) : "";
        switch (words.getFirst()) {
            case "account" -> accounts.accounts()
                    .add(first, words.get(2), "", words.size() > 3 ? new Quota(Long.parseLong(words.get(3)), 0) : Quota.NONE);
            case "alias" -> accounts.aliases().add(first, words.subList(2, words.size()));
            case "disable" -> accounts.accounts().setEnabled(first, false);
            case "disk-reserve" -> reservedOctets = Long.parseLong(first);
            case "overload" -> overloaded = first.equals("on");
            case "zone" -> {
                zone.add(String.join(" ", words.subList(1, words.size())));
                judge();
            }
            case "checks" -> {
                checksChanges.put(first, String.join(" ", words.subList(2, words.size())));
                judge();
            }
            case "spam" -> {
                spamChanges.put(first, String.join(" ", words.subList(2, words.size())));
                judge();
            }
            case "clamd" -> {
                ScriptedClamd clamd = new ScriptedClamd(String.join(" ", words.subList(1, words.size())));
                scanners.add(clamd);
                spamChanges.put("scanners", "[{type: clamd, at: '127.0.0.1:" + clamd.port() + "'}]");
                judge();
            }
            case "junk" -> {
                int found = messages("accounts/example.com/" + first + "/Maildir/.Junk/new").size();
                if (found != Integer.parseInt(words.get(2))) {
                    throw new AssertionError("in Junk of " + first + ": " + found);
                }
            }
            case "inbox" -> {
                int found = inbox(first).size();
                if (found != Integer.parseInt(words.get(2))) {
                    throw new AssertionError("in the INBOX of " + first + ": " + found);
                }
            }
            case "header" -> checkHeader(String.join(" ", words.subList(1, words.size())));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** From now on mail of strangers is judged by the zone and the configuration so far. */
    private void judge() {
        ChecksConfig config = ChecksConfig.of(checksChanges);
        SpamConfig spamConfig = SpamConfig.of(spamChanges);
        Judge judge = new Judge(new Examiner(zone, pool, time), () -> new Judge.Settings("mx.example.com", config, spamConfig), time);
        if (spamChanges.isEmpty()) {
            checks = new InboundChecks(judge, InboundChecks.ContentCheck.NONE, () -> config, new CheckStatistics(new Metrics()),
                    judgement -> {}, time, log);
            return;
        }
        SpamFilter filter = new SpamFilter(spamConfig, new SpamFilter.Parts(
                learning.server(), zone, HttpClient::newHttpClient, JsonMapper.shared(), new Failures(), time));
        SpamCheck spam = new SpamCheck(() -> filter, domain -> domain.ascii().equals("example.com"), new SpamPeople(
                accounts.directory()::resolve, accounts.senderLists(), accounts.senderMemory(), learning, log), log);
        checks = new OutgoingSpam(
                new InboundChecks(judge, spam::look, () -> config, new CheckStatistics(new Metrics()), spam::judged, time, log),
                new OutgoingSpam.Parts(() -> filter, accounts.senderMemory(), SENDS_NOTHING, time, log));
    }

    private List<Path> inbox(String name) throws IOException {
        return messages("accounts/example.com/" + name + "/Maildir/new");
    }

    private List<Path> messages(String below) throws IOException {
        Path folder = data.resolve(below);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).filter(file -> Objects.requireNonNull(file.getParent()).endsWith("new")).toList();
        }
    }

    private String lastMessage() throws IOException {
        Path last = messages("accounts").stream()
                .max(Comparator.comparing(file -> String.valueOf(file.getFileName())))
                .orElseThrow(() -> new AssertionError("nothing was stored"));
        return Files.readString(last, StandardCharsets.ISO_8859_1);
    }

    private void checkHeader(String expected) throws IOException {
        String header = lastMessage().replaceFirst("(?s)\r\n\r\n.*", "").replace("\r\n\t", " ");
        LinePattern pattern = new LinePattern(expected);
        if (Stream.of(header.split("\r\n")).noneMatch(line -> pattern.match(line, Map.of()).isPresent())) {
            throw new AssertionError("no such line in the header: " + expected + "; there is:\n" + header);
        }
    }

    @Override
    public byte[] lastStored() throws IOException {
        // Received is the last of the fields we add.
        String withoutOurs = lastMessage().replaceFirst("(?s)\\A.*?\r\nReceived: [^\r]*(\r\n\t[^\r]*)*\r\n", "");
        return withoutOurs.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public Optional<Reply> refuseSender(Envelope envelope) {
        return intake.refuseSender(envelope);
    }

    @Override
    public Optional<Reply> refuseRecipient(Envelope envelope, Address recipient) {
        return intake.refuseRecipient(envelope, recipient);
    }

    @Override
    public Reply deliver(Envelope envelope, Content content) {
        return intake.deliver(envelope, content);
    }

    @Override
    public Outcome verify(String userName, String password, InetAddress client) {
        return accounts.authenticator().verify(userName, password, client);
    }

    @Override
    public void close() throws IOException {
        for (ScriptedClamd each : scanners) {
            each.close();
        }
        store.close();
        pool.close();
        queries.close();
        accounts.close();
    }
}
