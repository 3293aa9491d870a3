package io.mailserver.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.Quota;
import io.mailserver.base.Content;
import io.mailserver.base.ContentSpool;
import io.mailserver.base.ContentWriter;
import io.mailserver.base.Domain;
import io.mailserver.base.PlatformPool;
import io.mailserver.config.JmapConfig;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.search.SearchIndex;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.SimulatedDatabases;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.store.AccountFolders;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.AccountStore;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxName;
import io.mailserver.store.SpecialUse;
import io.mailserver.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The API over a store on a simulated disk, with the account alice. JSON is written with single quotes and bare names. For one test. */
final class JmapWorld implements AutoCloseable {
    static final AccountKey ALICE = new AccountKey(new Domain("example.com"), "alice");
    static final JmapUser USER = new JmapUser(
            "alice@example.com", 1, ALICE, Optional.empty(), InetAddress.getLoopbackAddress());

    private static final JsonMapper LENIENT = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .build();

    final ManualTime time = new ManualTime(SimulatedDisk.START);
    final RecordingLog log = new RecordingLog();
    final Map<String, String> limits = new HashMap<>();
    final AccountStore store;
    final JmapServices services;
    final Jmap jmap;
    final Api api;
    volatile Quota quota = Quota.NONE;
    private final PlatformPool files = new PlatformPool("files", 2, 1_000);
    private final PlatformPool queries = new PlatformPool("queries", 2, 1_000);
    private final ContentSpool spool;
    private final Uploads uploads;

    JmapWorld() throws IOException {
        Path data = new SimulatedDisk(1).root();
        spool = new ContentSpool(new SimulatedDisk(0).root(), files, 1 << 20, 1 << 24);
        store = new AccountStore(new AccountStore.Parts(
                new AccountFolders(data, time), data, new UniqueNames(time, "mx", 1, 0), new MaildirStatistics(),
                new SimulatedDatabases(), files, queries, time, log, account -> quota, "boot 1"));
        uploads = new Uploads(spool, this::config, time);
        services = new JmapServices(store, account -> SearchIndex.NONE, uploads, this::config, time, log);
        jmap = new Jmap(services);
        api = new Api(jmap.methods(), jmap.sessions(), services);
    }

    private JmapConfig config() {
        return JmapConfig.of(limits);
    }

    static JsonNode json(String text) {
        return LENIENT.readTree(text);
    }

    /** Makes one request of JSON as clients send it. */
    JsonNode request(String text) throws Api.RequestException {
        return api.answer(USER, Json.octets(json(text)));
    }

    /** Calls methods of core and mail; the account is added to arguments that lack it. */
    JsonNode responses(String calls) {
        JsonNode list = json(calls);
        for (JsonNode call : list) {
            ObjectNode arguments = call.get(1).asObject();
            if (!arguments.has("accountId")) {
                arguments.put("accountId", "a1");
            }
        }
        ObjectNode request = Json.object();
        request.set("using", Json.array(List.of(Api.CORE, Api.MAIL)));
        request.set("methodCalls", list);
        try {
            return api.answer(USER, Json.octets(request)).get("methodResponses");
        } catch (Api.RequestException e) {
            throw new AssertionError(e.problem().toString(), e);
        }
    }

    /** Calls one method, which succeeds. */
    JsonNode call(String method, String arguments) {
        JsonNode response = responses("[['" + method + "', " + arguments + ", 'c']]").get(0);
        assertThat(response.get(0).stringValue()).as("%s", response).isEqualTo(method);
        return response.get(1);
    }

    /** Calls one method, which fails; the type of the error. */
    String error(String method, String arguments) {
        JsonNode response = responses("[['" + method + "', " + arguments + ", 'c']]").get(0);
        assertThat(response.get(0).stringValue()).as("%s", response).isEqualTo("error");
        return response.get(1).get("type").stringValue();
    }

    /** A message arrives; line ends become CRLF. Time goes on by a second. The id of the email. */
    String deliver(String message) throws IOException, StoreException {
        return deliver(message, Optional.empty());
    }

    String deliver(String message, Optional<SpecialUse> folder) throws IOException, StoreException {
        time.advance(Duration.ofSeconds(1));
        try (Content content = content(message)) {
            store.deliver(List.of(new AccountStore.Target(ALICE, folder, "")), content, time.now(), () -> true);
        }
        try (AccountMail mail = store.open(ALICE)) {
            MailboxName name = MailboxName.of(folder.map(use -> use.attribute().substring(1)).orElse("INBOX"));
            Mailbox mailbox = mail.mailbox(mail.mailboxes().find(name).orElseThrow().id());
            return mailbox.messages().emailId(mailbox.messages().size() - 1).toString();
        }
    }

    Content content(String text) throws IOException {
        byte[] octets = text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        try (ContentWriter writer = spool.newContent()) {
            writer.write(octets, 0, octets.length);
            return writer.finish();
        }
    }

    /** Uploads octets; the id of the blob. */
    String upload(String text) throws IOException {
        return uploads.store(ALICE, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).blobId();
    }

    /** The id of the mailbox with a role. */
    String mailbox(String role) {
        return call("Mailbox/query", "{filter: {role: '" + role + "'}}").get("ids").get(0).stringValue();
    }

    AccountMail mail() throws StoreException {
        return store.open(ALICE);
    }

    @Override
    public void close() {
        uploads.close();
        store.close();
        files.close();
        queries.close();
    }
}
