package io.mailserver.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.Quota;
import io.mailserver.store.AccountMail;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MessageContent;
import io.mailserver.store.UidSet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** RFC 8621 §4.6 to §5: emails written, changed, destroyed, imported, parsed. */
class EmailSetTest {
    private static final String HELLO = "From: bob@x.example\nTo: alice@example.com\nSubject: hello\nMessage-ID: <1@x>\n\nHello Alice\n";

    private JmapWorld world;
    private String inbox;
    private String drafts;

    @BeforeEach
    void open() throws Exception {
        world = new JmapWorld();
        inbox = world.mailbox("inbox");
        drafts = world.mailbox("drafts");
    }

    @AfterEach
    void close() throws Exception {
        assertThat(world.log.events("jmap.bug")).isEmpty();
        assertThat(world.store.check(JmapWorld.ALICE)).isEmpty();
        world.close();
    }

    private JsonNode set(String arguments) {
        return world.call("Email/set", arguments);
    }

    private JsonNode create(String email) {
        JsonNode response = set("{create: {k: " + email + "}}");
        assertThat(response.get("notCreated").isNull()).as("%s", response).isTrue();
        return response.get("created").get("k");
    }

    private String refused(String email) {
        JsonNode error = set("{create: {k: " + email + "}}").get("notCreated").get("k");
        return error.get("type").stringValue() + (error.has("properties") ? " " + error.get("properties").get(0).stringValue() : "");
    }

    private JsonNode get(String id, String properties) {
        return world.call("Email/get", "{ids: ['" + id + "'], properties: " + properties + "}").get("list").get(0);
    }

    private String stored(String mailbox, int uid) throws Exception {
        try (AccountMail mail = world.mail()) {
            Mailbox box = mail.mailbox(mail.mailboxes().find(MailboxName.of(mailbox)).orElseThrow().id());
            try (MessageContent content = box.content(uid)) {
                return new String(content.open(0, content.size()).readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    @Test
    void aDraftOfTextHtmlAndAnAttachment() throws Exception {
        String blob = world.upload("hello");
        JsonNode made = create("{mailboxIds: {'" + drafts + "': true}, keywords: {'$draft': true, '$seen': true},"
                + " from: [{name: 'Jürgen \\\"X\\\"', email: 'alice@example.com'}], to: [{email: 'bob@x.example'}], subject: 'Grüße',"
                + " bodyValues: {t: {value: 'Grüße\\nan alle'}, h: {value: '<p>x</p>'}},"
                + " textBody: [{partId: 't', type: 'text/plain'}], htmlBody: [{partId: 'h', type: 'text/html'}],"
                + " attachments: [{blobId: '" + blob + "', type: 'application/pdf', name: 'ä.pdf'}]}");
        JsonNode email = world.call("Email/get", "{ids: ['" + made.get("id").stringValue() + "'], fetchAllBodyValues: true}")
                .get("list").get(0);
        assertThat(email.get("subject").stringValue()).isEqualTo("Grüße");
        assertThat(email.get("from").get(0).get("name").stringValue()).isEqualTo("Jürgen \"X\"");
        assertThat(email.get("keywords")).isEqualTo(JmapWorld.json("{'$draft': true, '$seen': true}"));
        String text = email.get("textBody").get(0).get("partId").stringValue();
        assertThat(email.get("bodyValues").get(text).get("value").stringValue()).isEqualTo("Grüße\nan alle");
        assertThat(email.get("attachments").get(0).get("name").stringValue()).isEqualTo("ä.pdf");
        assertThat(email.get("attachments").get(0).get("size").intValue()).isEqualTo(5);
        assertThat(email.get("hasAttachment").booleanValue()).isTrue();
        assertThat(made.get("size")).isEqualTo(email.get("size"));
        assertThat(stored("Drafts", 1)).contains("MIME-Version: 1.0\r\n", "Message-ID: <", "Date: ").doesNotContain("ü");
    }

    @Test
    void whatCannotBeCreated() throws Exception {
        String place = "mailboxIds: {'" + drafts + "': true}";
        assertThat(refused("{subject: 'x'}")).isEqualTo("invalidProperties mailboxIds");
        assertThat(refused("{mailboxIds: {m999: true}}")).isEqualTo("invalidProperties mailboxIds");
        assertThat(refused("{" + place + ", keywords: {'a b': true}}")).isEqualTo("invalidProperties keywords");
        assertThat(refused("{" + place + ", subject: 'a\\r\\nBcc: b'}")).isEqualTo("invalidProperties subject");
        assertThat(refused("{" + place + ", 'header:X': 'a\\nb'}")).isEqualTo("invalidProperties header:X");
        assertThat(refused("{" + place + ", subject: 'a', 'header:Subject': 'b'}")).startsWith("invalidProperties");
        assertThat(refused("{" + place + ", 'header:Content-Type': 'b'}")).startsWith("invalidProperties");
        assertThat(refused("{" + place + ", to: [{email: 'a@b>, c'}]}")).isEqualTo("invalidProperties to");
        assertThat(refused("{" + place + ", textBody: [{partId: 'x'}]}")).isEqualTo("invalidProperties bodyValues");
        assertThat(refused("{" + place + ", attachments: [{blobId: 'u1'}]}")).isEqualTo("blobNotFound");
        world.quota = new Quota(0, 1);
        assertThat(refused("{" + place + "}")).isEqualTo("overQuota");
        world.quota = Quota.NONE;
    }

    @Test
    void keywordsChangeOnAllCopies() throws Exception {
        String id = world.deliver(HELLO);
        set("{update: {" + id + ": {'mailboxIds/" + drafts + "': true}}}");
        set("{update: {" + id + ": {'keywords/$seen': true, 'keywords/Work': true}}}");
        assertThat(get(id, "['keywords', 'mailboxIds']")).isEqualTo(JmapWorld.json(
                "{id: '" + id + "', keywords: {'$seen': true, work: true},"
                + " mailboxIds: {'" + inbox + "': true, '" + drafts + "': true}}"));
        set("{update: {" + id + ": {'keywords/$seen': null, keywords: null}}}");
        set("{update: {" + id + ": {keywords: {}, mailboxIds: {'" + drafts + "': true}}}}");
        assertThat(get(id, "['keywords', 'mailboxIds']"))
                .isEqualTo(JmapWorld.json("{id: '" + id + "', keywords: {}, mailboxIds: {'" + drafts + "': true}}"));
    }

    /** RFC 8620 §5.2: what a client knows is not created again. */
    @Test
    void aCopyThatComesBackIsAChangeOfItsEmail() throws Exception {
        String id = world.deliver(HELLO);
        set("{update: {" + id + ": {'mailboxIds/" + drafts + "': true}}}");
        try (AccountMail mail = world.mail()) {
            Mailbox box = mail.mailbox(mail.mailboxes().find(MailboxName.INBOX).orElseThrow().id());
            box.store(UidSet.of(1), new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.DELETED)), OptionalLong.empty());
            String state = world.call("Email/get", "{ids: []}").get("state").stringValue();
            box.store(UidSet.of(1), new FlagChange(FlagChange.Kind.REMOVE, Set.of(Flag.DELETED)), OptionalLong.empty());
            JsonNode changes = world.call("Email/changes", "{sinceState: '" + state + "'}");
            assertThat(changes.get("created")).isEmpty();
            assertThat(changes.get("updated")).isEqualTo(JmapWorld.json("['" + id + "']"));
        }
    }

    @Test
    void whatCannotBeUpdatedOrDestroyed() throws Exception {
        String id = world.deliver(HELLO);
        assertThat(set("{update: {" + id + ": {subject: 'x'}}}").get("notUpdated").get(id).get("type").stringValue())
                .isEqualTo("invalidProperties");
        assertThat(set("{update: {" + id + ": {mailboxIds: {}}}}").get("notUpdated").get(id).get("type").stringValue())
                .isEqualTo("invalidProperties");
        assertThat(set("{update: {" + id + ": {'keywords/a/b': true}}}").get("notUpdated").get(id).get("type").stringValue())
                .isEqualTo("invalidPatch");
        assertThat(set("{update: {e1: {}}, destroy: ['e2']}").get("notUpdated").get("e1").get("type").stringValue()).isEqualTo("notFound");
        assertThat(set("{update: {" + id + ": {}}, destroy: ['" + id + "']}").get("notUpdated").get(id).get("type").stringValue())
                .isEqualTo("willDestroy");
        assertThat(world.error("Email/set", "{ifInState: '1'}")).isEqualTo("stateMismatch");
        assertThat(world.error("Email/set", "{accountId: 'a2'}")).isEqualTo("accountNotFound");
        world.limits.put("max-objects-in-set", "1");
        assertThat(world.error("Email/set", "{destroy: ['e1', 'e2']}")).isEqualTo("requestTooLarge");
    }

    @Test
    void destroyedEmailsAreGoneFromAllMailboxes() throws Exception {
        String id = world.deliver(HELLO);
        set("{update: {" + id + ": {'mailboxIds/" + drafts + "': true}}}");
        JsonNode response = set("{destroy: ['" + id + "', 'e1']}");
        assertThat(response.get("destroyed")).isEqualTo(JmapWorld.json("['" + id + "']"));
        assertThat(response.get("notDestroyed").get("e1").get("type").stringValue()).isEqualTo("notFound");
        try (AccountMail mail = world.mail()) {
            assertThat(mail.usage().messages()).isZero();
        }
    }

    @Test
    void importedMessagesAreAsTheyWere() throws Exception {
        String blob = world.upload(HELLO.replace("\n", "\r\n"));
        JsonNode made = world.call("Email/import", "{emails: {k: {blobId: '" + blob + "', mailboxIds: {'" + inbox
                + "': true}, keywords: {'$flagged': true}, receivedAt: '2020-01-02T03:04:05Z'}, bad: {blobId: 'u0', mailboxIds: {'"
                + inbox + "': true}}}}");
        JsonNode email = get(made.get("created").get("k").get("id").stringValue(), "['receivedAt', 'keywords', 'subject']");
        assertThat(email.get("receivedAt").stringValue()).isEqualTo("2020-01-02T03:04:05Z");
        assertThat(email.get("keywords")).isEqualTo(JmapWorld.json("{'$flagged': true}"));
        assertThat(made.get("notCreated").get("bad").get("type").stringValue()).isEqualTo("invalidProperties");
        assertThat(stored("INBOX", 1)).isEqualTo(HELLO.replace("\n", "\r\n"));
    }

    @Test
    void blobsAreParsedAsMessages() throws Exception {
        String blob = world.upload(HELLO.replace("\n", "\r\n"));
        JsonNode parsed = world.call("Email/parse", "{blobIds: ['" + blob + "', 'u0', '" + world.upload("") + "']}");
        assertThat(parsed.get("parsed").get(blob).get("subject").stringValue()).isEqualTo("hello");
        assertThat(parsed.get("notFound")).isEqualTo(JmapWorld.json("['u0']"));
        assertThat(parsed.get("notParsable").size()).isEqualTo(1);
    }

    @Test
    void snippetsMarkWhatWasFoundAndEscapeTheRest() throws Exception {
        String id = world.deliver(HELLO.replace("Hello Alice", "a <b> & HELLO you").replace("Subject: hello", "Subject: hello <x>"));
        JsonNode snippet = world.call("SearchSnippet/get", "{filter: {text: 'hello'}, emailIds: ['" + id + "', 'e1']}");
        assertThat(snippet.get("list").get(0).get("subject").stringValue()).isEqualTo("<mark>hello</mark> &lt;x&gt;");
        assertThat(snippet.get("list").get(0).get("preview").stringValue()).contains("a &lt;b&gt; &amp; <mark>HELLO</mark> you");
        assertThat(snippet.get("notFound")).isEqualTo(JmapWorld.json("['e1']"));
    }

    @Test
    void mailboxesAreMadeChangedAndDestroyed() throws Exception {
        String state = world.call("Mailbox/get", "{ids: []}").get("state").stringValue();
        JsonNode made = world.call("Mailbox/set", "{create: {child: {name: 'Child', parentId: '#top'}, top: {name: 'Top', sortOrder: 7}}}");
        String top = made.get("created").get("top").get("id").stringValue();
        String child = made.get("created").get("child").get("id").stringValue();
        JsonNode changes = world.call("Mailbox/changes", "{sinceState: '" + state + "'}");
        assertThat(changes.get("created").size()).isEqualTo(2);
        JsonNode shown = world.call("Mailbox/get", "{ids: ['" + child + "', '" + top + "']}").get("list");
        assertThat(shown.get(0).get("parentId").stringValue()).isEqualTo(top);
        assertThat(shown.get(1).get("sortOrder").intValue()).isEqualTo(7);
        assertThat(shown.get(1).get("isSubscribed").booleanValue()).isTrue();
        assertThat(error("{destroy: ['" + top + "']}", "notDestroyed", top)).isEqualTo("mailboxHasChild");
        assertThat(error("{create: {k: {name: 'Top'}}}", "notCreated", "k")).isEqualTo("invalidProperties");
        assertThat(error("{create: {k: {name: 'a/b'}}}", "notCreated", "k")).isEqualTo("invalidProperties");
        assertThat(error("{update: {" + top + ": {parentId: '" + child + "'}}}", "notUpdated", top)).isEqualTo("invalidProperties");
        assertThat(error("{update: {" + inbox + ": {name: 'x'}}}", "notUpdated", inbox)).isEqualTo("forbidden");
        assertThat(error("{destroy: ['" + inbox + "']}", "notDestroyed", inbox)).isEqualTo("forbidden");
        world.call("Mailbox/set", "{update: {" + child + ": {parentId: null, name: 'Free', role: null}}}");
        String id = world.deliver(HELLO);
        set("{update: {" + id + ": {mailboxIds: {'" + child + "': true}}}}");
        assertThat(error("{destroy: ['" + child + "']}", "notDestroyed", child)).isEqualTo("mailboxHasEmail");
        String emails = world.call("Email/get", "{ids: []}").get("state").stringValue();
        JsonNode both = world.call("Mailbox/set", "{destroy: ['" + child + "', '" + top + "'], onDestroyRemoveEmails: true}");
        assertThat(both.get("destroyed").size()).isEqualTo(2);
        assertThat(world.call("Email/changes", "{sinceState: '" + emails + "'}").get("destroyed"))
                .isEqualTo(JmapWorld.json("['" + id + "']"));
    }

    private String error(String arguments, String list, String id) {
        JsonNode response = world.call("Mailbox/set", arguments);
        assertThat(response.get(list).isNull()).as("%s", response).isFalse();
        return response.get(list).get(id).get("type").stringValue();
    }

    @Test
    void requestsAsAWholeAndTheirErrors() throws Exception {
        assertThat(List.of("{", "{a: 1, a: 2}").stream().map(this::problem)).containsOnly("notJSON");
        assertThat(problem("[]")).isEqualTo("notRequest");
        assertThat(problem("{\"using\": [\"urn:x\"], \"methodCalls\": []}")).isEqualTo("unknownCapability");
        assertThat(problem("{\"using\": [], \"methodCalls\": [1]}")).isEqualTo("notRequest");
        world.limits.put("max-calls-in-request", "1");
        assertThat(problem("{\"using\": [], \"methodCalls\": [[\"a\", {}, \"1\"], [\"a\", {}, \"2\"]]}")).isEqualTo("limit");
        assertThat(world.request("{using: [], methodCalls: [['Core/echo', {}, '1']]}").get("methodResponses").get(0).get(1).get("type")
                .stringValue()).isEqualTo("unknownMethod");
        JsonNode echo = world.request("{using: ['" + Api.CORE + "'], methodCalls: [['Core/echo', {a: 1}, '1']], createdIds: {k: 'x'}}");
        assertThat(echo.get("methodResponses").get(0).get(1)).isEqualTo(JmapWorld.json("{a: 1}"));
        assertThat(echo.get("createdIds")).isEqualTo(JmapWorld.json("{k: 'x'}"));
        assertThat(world.error("Email/copy", "{fromAccountId: 'a2', create: {}}")).isEqualTo("fromAccountNotFound");
    }

    private String problem(String request) {
        try {
            return world.api.answer(JmapWorld.USER, request.getBytes(StandardCharsets.UTF_8)).toString();
        } catch (Api.RequestException e) {
            String type = e.problem().get("type").stringValue();
            return type.substring(type.lastIndexOf(':') + 1);
        }
    }
}
