package io.mailserver.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.UidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** RFC 8621 §4: emails read, found, and their changes. */
class EmailMethodsTest {
    private static final String MIXED = """
            From: =?utf-8?q?J=C3=BCrgen?= <j@friend.example>
            To: "Alice" <alice@example.com>, Team: bob@example.com;
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
            Message-ID: <1@friend.example>
            Date: Sun, 22 Nov 2026 12:00:00 +0100
            List-Post: <mailto:list@x>, <https://x/>
            X-Twice: one
            X-Twice: two
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=m

            --m
            Content-Type: multipart/alternative; boundary=a

            --a
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Gr=C3=BC=C3=9Fe an alle
            --a
            Content-Type: text/html; charset=utf-8

            <p>Gruesse</p>
            --a--
            --m
            Content-Type: application/pdf; name=a.pdf
            Content-Disposition: attachment; filename=a.pdf
            Content-Transfer-Encoding: base64

            aGVsbG8=
            --m--
            """;

    private JmapWorld world;

    @BeforeEach
    void open() throws Exception {
        world = new JmapWorld();
    }

    @AfterEach
    void close() {
        assertThat(world.log.events("jmap.bug")).isEmpty();
        world.close();
    }

    private static String plain(String subject, String id, String references) {
        return "From: bob@x.example\nTo: alice@example.com\nSubject: " + subject + "\nMessage-ID: <" + id + ">\n"
                + (references.isEmpty() ? "" : "References: <" + references + ">\n") + "\nText of " + subject + "\n";
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.stringValue()));
        return texts;
    }

    private JsonNode get(String id, String rest) {
        return world.call("Email/get", "{ids: ['" + id + "']" + rest + "}").get("list").get(0);
    }

    @Test
    void theUsualPropertiesOfAMessage() throws Exception {
        String id = world.deliver(MIXED);
        JsonNode email = get(id, "");
        assertThat(email.get("subject").stringValue()).isEqualTo("Grüße");
        assertThat(email.get("from")).isEqualTo(JmapWorld.json("[{name: 'Jürgen', email: 'j@friend.example'}]"));
        assertThat(email.get("messageId")).isEqualTo(JmapWorld.json("['1@friend.example']"));
        assertThat(email.get("sentAt").stringValue()).isEqualTo("2026-11-22T12:00:00+01:00");
        assertThat(email.get("hasAttachment").booleanValue()).isTrue();
        assertThat(email.get("preview").stringValue()).isEqualTo("Grüße an alle");
        assertThat(email.get("keywords")).isEqualTo(JmapWorld.json("{}"));
        assertThat(email.get("mailboxIds").has(world.mailbox("inbox"))).isTrue();
        assertThat(email.get("textBody").get(0).get("type").stringValue()).isEqualTo("text/plain");
        assertThat(email.get("htmlBody").get(0).get("partId").stringValue()).isEqualTo("1.2");
        assertThat(email.get("attachments").get(0).get("name").stringValue()).isEqualTo("a.pdf");
        assertThat(email.get("attachments").get(0).get("size").longValue()).isEqualTo(5);
    }

    @Test
    void headersInEveryForm() throws Exception {
        String id = world.deliver(MIXED);
        JsonNode email = get(id, ", properties: ['header:Subject', 'header:subject:asText', 'header:To:asGroupedAddresses',"
                + " 'header:List-Post:asURLs', 'header:X-Twice:asText:all', 'header:X-None', 'header:X-None:all', 'header:Date:asDate']");
        assertThat(email.get("header:Subject").stringValue()).isEqualTo(" =?utf-8?q?Gr=C3=BC=C3=9Fe?=");
        assertThat(email.get("header:subject:asText").stringValue()).isEqualTo("Grüße");
        assertThat(email.get("header:To:asGroupedAddresses")).isEqualTo(JmapWorld.json("[{name: null, addresses: [{name: 'Alice',"
                + " email: 'alice@example.com'}]}, {name: 'Team', addresses: [{name: null, email: 'bob@example.com'}]}]"));
        assertThat(email.get("header:List-Post:asURLs")).isEqualTo(JmapWorld.json("['mailto:list@x', 'https://x/']"));
        assertThat(email.get("header:X-Twice:asText:all")).isEqualTo(JmapWorld.json("['one', 'two']"));
        assertThat(email.get("header:X-None").isNull()).isTrue();
        assertThat(email.get("header:X-None:all")).isEqualTo(JmapWorld.json("[]"));
        assertThat(world.error("Email/get", "{ids: [], properties: ['header:From:asDate']}")).isEqualTo("invalidArguments");
        assertThat(world.error("Email/get", "{ids: [], properties: ['nonsense']}")).isEqualTo("invalidArguments");
    }

    @Test
    void bodyValuesAreDecodedAndCut() throws Exception {
        String id = world.deliver(MIXED);
        JsonNode whole = get(id, ", properties: ['bodyValues'], fetchTextBodyValues: true").get("bodyValues");
        assertThat(whole.get("1.1").get("value").stringValue()).isEqualTo("Grüße an alle");
        assertThat(whole.has("1.2")).isFalse();
        JsonNode cut = get(id, ", properties: ['bodyValues'], fetchAllBodyValues: true, maxBodyValueBytes: 3").get("bodyValues");
        assertThat(cut.get("1.1").get("value").stringValue()).isEqualTo("Gr");
        assertThat(cut.get("1.1").get("isTruncated").booleanValue()).isTrue();
        assertThat(cut.get("1.2").get("value").stringValue()).isEqualTo("<p>");
    }

    @Test
    void theStructureWithItsParts() throws Exception {
        String id = world.deliver(MIXED);
        JsonNode root = get(id, ", properties: ['bodyStructure'], bodyProperties: ['partId', 'type', 'subParts']").get("bodyStructure");
        assertThat(root).isEqualTo(JmapWorld.json("{partId: null, type: 'multipart/mixed', subParts: [{partId: null, type:"
                + " 'multipart/alternative', subParts: [{partId: '1.1', type: 'text/plain', subParts: null}, {partId: '1.2', type:"
                + " 'text/html', subParts: null}]}, {partId: '2', type: 'application/pdf', subParts: null}]}"));
    }

    @Test
    void queriesFilterSortAndPage() throws Exception {
        String first = world.deliver(plain("apple pie", "1@x", ""));
        String second = world.deliver(plain("pear", "2@x", ""));
        String third = world.deliver(plain("Re: apple pie", "3@x", "1@x"));
        String inbox = "filter: {inMailbox: '" + world.mailbox("inbox") + "'}";
        assertThat(ids("{" + inbox + ", sort: [{property: 'receivedAt', isAscending: false}]}")).containsExactly(third, second, first);
        assertThat(ids("{" + inbox + ", sort: [{property: 'receivedAt'}], collapseThreads: true}")).containsExactly(first, second);
        assertThat(ids("{" + inbox + ", sort: [{property: 'subject'}, {property: 'receivedAt'}]}")).containsExactly(first, third, second);
        assertThat(ids("{filter: {subject: 'APPLE'}, sort: [{property: 'receivedAt'}]}")).containsExactly(first, third);
        assertThat(ids("{filter: {text: 'pie \\\"text of\\\"'}, sort: [{property: 'receivedAt'}]}")).containsExactly(first, third);
        assertThat(ids("{filter: {operator: 'NOT', conditions: [{body: 'pear'}]}, sort: [{property: 'receivedAt'}]}"))
                .containsExactly(first, third);
        assertThat(ids("{sort: [{property: 'receivedAt'}], position: -1}")).containsExactly(third);
        assertThat(ids("{sort: [{property: 'receivedAt'}], anchor: '" + second + "', anchorOffset: -1, limit: 2}"))
                .containsExactly(first, second);
        assertThat(world.error("Email/query", "{anchor: 'e1'}")).isEqualTo("anchorNotFound");
        assertThat(world.error("Email/query", "{filter: {nonsense: 1}}")).isEqualTo("unsupportedFilter");
        assertThat(world.error("Email/query", "{sort: [{property: 'nonsense'}]}")).isEqualTo("unsupportedSort");
        assertThat(world.call("Email/query", "{calculateTotal: true, limit: 0}").get("total").intValue()).isEqualTo(3);
    }

    private List<String> ids(String arguments) {
        return texts(world.call("Email/query", arguments).get("ids"));
    }

    @Test
    void changesTellWhatWasMadeChangedAndDestroyed() throws Exception {
        String first = world.deliver(plain("one", "1@x", ""));
        String state = world.call("Email/get", "{ids: []}").get("state").stringValue();
        assertThat(changes("Email", state)).isEqualTo("[] [] []");
        String second = world.deliver(plain("two", "2@x", ""));
        assertThat(changes("Email", state)).isEqualTo("[" + second + "] [] []");
        try (var mail = world.mail()) {
            var inbox = mail.mailbox(mail.mailboxes().all().getFirst().id());
            inbox.store(UidSet.of(1), new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.SEEN)), OptionalLong.empty());
            assertThat(changes("Email", state)).isEqualTo("[" + second + "] [" + first + "] []");
            inbox.store(UidSet.of(1), new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.DELETED)), OptionalLong.empty());
            assertThat(changes("Email", state)).isEqualTo("[" + second + "] [] [" + first + "]");
            assertThat(world.call("Mailbox/get", "{}").get("list").get(0).get("totalEmails").intValue()).isEqualTo(1);
            inbox.expunge(Optional.empty());
            assertThat(changes("Email", state)).isEqualTo("[" + second + "] [] [" + first + "]");
        }
        assertThat(world.error("Email/changes", "{sinceState: '1'}")).isEqualTo("cannotCalculateChanges");
        assertThat(world.error("Email/changes", "{sinceState: 'x'}")).isEqualTo("cannotCalculateChanges");
    }

    @Test
    void changesComeInPages() throws Exception {
        String state = world.call("Email/get", "{ids: []}").get("state").stringValue();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(world.deliver(plain("m" + i, i + "@x", "")));
        }
        List<String> told = new ArrayList<>();
        boolean more = true;
        for (int pages = 0; more && pages < 10; pages++) {
            JsonNode page = world.call("Email/changes", "{sinceState: '" + state + "', maxChanges: 2}");
            assertThat(page.get("created").size()).isLessThanOrEqualTo(2);
            told.addAll(texts(page.get("created")));
            state = page.get("newState").stringValue();
            more = page.get("hasMoreChanges").booleanValue();
        }
        assertThat(told).containsExactlyElementsOf(all);
        assertThat(changes("Email", state)).isEqualTo("[] [] []");
    }

    private String changes(String type, String since) {
        JsonNode changes = world.call(type + "/changes", "{sinceState: '" + since + "'}");
        return texts(changes.get("created")) + " " + texts(changes.get("updated")) + " " + texts(changes.get("destroyed"));
    }

    @Test
    void threadsAndReferencesToResults() throws Exception {
        String first = world.deliver(plain("a", "1@x", ""));
        String second = world.deliver(plain("Re: a", "2@x", "1@x"));
        JsonNode responses = world.responses("[['Email/query', {sort: [{property: 'receivedAt'}], collapseThreads: true}, '0'],"
                + " ['Email/get', {'#ids': {resultOf: '0', name: 'Email/query', path: '/ids'}, properties: ['threadId']}, '1'],"
                + " ['Thread/get', {'#ids': {resultOf: '1', name: 'Email/get', path: '/list/*/threadId'}}, '2']]");
        assertThat(texts(responses.get(2).get(1).get("list").get(0).get("emailIds"))).containsExactly(first, second);
        assertThat(world.responses("[['Email/get', {'#ids': {resultOf: 'x', name: 'Email/query', path: '/ids'}}, '0']]")
                .get(0).get(1).get("type").stringValue()).isEqualTo("invalidResultReference");
    }

    @Test
    void queryChangesLeadFromOneResultToTheNext() throws Exception {
        world.deliver(plain("one", "1@x", ""));
        JsonNode before = world.call("Email/query", "{sort: [{property: 'receivedAt', isAscending: false}]}");
        String second = world.deliver(plain("two", "2@x", ""));
        JsonNode changes = world.call("Email/queryChanges", "{sort: [{property: 'receivedAt', isAscending: false}], sinceQueryState: '"
                + before.get("queryState").stringValue() + "', calculateTotal: true}");
        assertThat(changes.get("added")).isEqualTo(JmapWorld.json("[{id: '" + second + "', index: 0}]"));
        assertThat(changes.get("total").intValue()).isEqualTo(2);
    }
}
