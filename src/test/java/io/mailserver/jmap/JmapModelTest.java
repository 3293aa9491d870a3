package io.mailserver.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Content;
import io.mailserver.store.AccountMail;
import io.mailserver.store.CopyOutcome;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MessageList;
import io.mailserver.store.NewMessage;
import io.mailserver.store.SpecialUse;
import io.mailserver.store.UidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Random changes by clients of JMAP, a client of IMAP (by the calls that its commands become) and delivery, beside a naive model of
 * copies with flags. After each step all emails and counts are those of the model; now and then one of two clients, which know only what
 * /changes and /queryChanges told them, looks: it must know what /get and /query give. {@code -Dmodel.steps=N} goes on longer.
 */
class JmapModelTest {
    private static final int STEPS = Integer.getInteger("model.steps", 60);
    private static final List<String> KEYWORDS = List.of("$seen", "$flagged", "$answered", "work", "later");

    /** A message in a mailbox. */
    private static final class Copy {
        private final String email;
        private final String mailbox;
        private final Set<String> flags;

        Copy(String email, String mailbox, Set<String> flags) {
            this.email = email;
            this.mailbox = mailbox;
            this.flags = new TreeSet<>(flags);
        }
    }

    /** What is shown of an email. */
    private record Shown(Set<String> mailboxes, Set<String> keywords) {
        boolean unread() {
            return !keywords.contains("$seen") && !keywords.contains("$draft");
        }
    }

    private final Map<String, Map<Integer, Copy>> copies = new TreeMap<>();
    private final Map<String, String> threads = new HashMap<>();
    private final Map<String, String> messageIds = new HashMap<>();
    private Random random = new Random(0);
    private int made;
    private JmapWorld world;
    private AccountMail mail;

    @BeforeEach
    void open() throws Exception {
        world = new JmapWorld();
        mail = world.mail();
    }

    @AfterEach
    void close() {
        mail.close();
        world.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void clientsAndTheModelAgree(long seed) throws Exception {
        random = new Random(seed);
        mail.mailboxes().all().forEach(info -> copies.put(info.id().toString(), new TreeMap<>()));
        List<ModelClient> clients = List.of(new ModelClient(world, random), new ModelClient(world, random));
        for (int step = 0; step < STEPS; step++) {
            String what = "nothing";
            try {
                what = step();
                check();
                for (ModelClient client : clients) {
                    if (random.nextInt(4) == 0) {
                        client.sync(copies.keySet());
                    }
                }
            } catch (AssertionError | Exception e) {
                throw new AssertionError("seed " + seed + ", step " + step + ": " + what + ": " + e.getMessage(), e);
            }
        }
        assertThat(world.log.events("jmap.bug")).isEmpty();
        assertThat(world.store.check(JmapWorld.ALICE)).isEmpty();
    }

    private String step() throws Exception {
        return switch (random.nextInt(18)) {
            case 0, 1, 2 -> deliver();
            case 3 -> draft();
            case 4, 5 -> keywords();
            case 6, 7, 8 -> place();
            case 9 -> destroy();
            case 10 -> makeMailbox();
            case 11 -> removeMailbox();
            case 12 -> append();
            case 13, 14 -> store();
            case 15 -> copy();
            case 16 -> move();
            default -> expunge();
        };
    }

    // What is there.

    private Map<String, Shown> shown() {
        Map<String, List<Copy>> byEmail = new LinkedHashMap<>();
        copies.values().forEach(messages -> messages.values().stream()
                .filter(copy -> !copy.flags.contains("$deleted"))
                .forEach(copy -> byEmail.computeIfAbsent(copy.email, _ -> new ArrayList<>()).add(copy)));
        Map<String, Shown> shown = new TreeMap<>();
        byEmail.forEach((email, all) -> {
            Set<String> keywords = new TreeSet<>();
            all.forEach(copy -> keywords.addAll(copy.flags));
            if (!all.stream().allMatch(copy -> copy.flags.contains("$seen"))) {
                keywords.remove("$seen");
            }
            shown.put(email, new Shown(all.stream().map(copy -> copy.mailbox).collect(Collectors.toCollection(TreeSet::new)), keywords));
        });
        return shown;
    }

    private void check() throws Exception {
        Map<String, Shown> expected = shown();
        Map<String, Shown> found = new TreeMap<>();
        for (JsonNode email : world.call("Email/get", "{ids: null, properties: ['mailboxIds', 'keywords', 'threadId']}").get("list")) {
            String id = email.get("id").stringValue();
            found.put(id, new Shown(
                    new TreeSet<>(email.get("mailboxIds").propertyNames()), new TreeSet<>(email.get("keywords").propertyNames())));
            assertThat(email.get("threadId").stringValue()).as("thread of %s", id).isEqualTo(threads.get(id));
        }
        assertThat(found).isEqualTo(expected);
        String trash = mail.mailboxes().find(SpecialUse.TRASH).map(info -> info.id().toString()).orElse("");
        Set<String> mailboxes = new TreeSet<>();
        for (JsonNode mailbox : world.call("Mailbox/get", "{ids: null}").get("list")) {
            String id = mailbox.get("id").stringValue();
            mailboxes.add(id);
            List<Integer> counts = List.of(mailbox.get("totalEmails").intValue(), mailbox.get("unreadEmails").intValue(),
                    mailbox.get("totalThreads").intValue(), mailbox.get("unreadThreads").intValue());
            assertThat(counts).as("counts of %s", id).isEqualTo(counts(id, trash, expected));
        }
        assertThat(mailboxes).isEqualTo(copies.keySet());
    }

    /** RFC 8621 §2. */
    private List<Integer> counts(String mailbox, String trash, Map<String, Shown> emails) {
        Set<String> all = new HashSet<>();
        Set<String> unread = new HashSet<>();
        int unreadEmails = 0;
        int total = 0;
        for (Map.Entry<String, Shown> email : emails.entrySet()) {
            if (email.getValue().mailboxes().contains(mailbox)) {
                total++;
                unreadEmails += email.getValue().unread() ? 1 : 0;
                all.add(thread(email.getKey()));
            }
        }
        emails.forEach((id, email) -> {
            boolean counts = mailbox.equals(trash)
                    ? email.mailboxes().contains(trash)
                    : !email.mailboxes().equals(Set.of(trash));
            if (email.unread() && counts) {
                unread.add(thread(id));
            }
        });
        unread.retainAll(all);
        return List.of(total, unreadEmails, all.size(), unread.size());
    }

    private String thread(String email) {
        return Objects.requireNonNull(threads.get(email));
    }

    // Choices.

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String anyMailbox() {
        return any(List.copyOf(copies.keySet()));
    }

    private Set<String> someMailboxes() {
        Set<String> some = new TreeSet<>(Set.of(anyMailbox()));
        if (random.nextInt(3) == 0) {
            some.add(anyMailbox());
        }
        return some;
    }

    private Set<String> someKeywords() {
        return KEYWORDS.stream().filter(_ -> random.nextInt(3) == 0).collect(Collectors.toCollection(TreeSet::new));
    }

    private List<String> someEmails() {
        List<String> all = new ArrayList<>(shown().keySet());
        all.removeIf(_ -> random.nextInt(Math.max(2, all.size() / 2)) != 0);
        return all;
    }

    private UidSet someUids(String mailbox) {
        UidSet.Builder some = new UidSet.Builder();
        in(mailbox).keySet().stream().filter(_ -> random.nextInt(3) == 0).forEach(some::add);
        return some.build();
    }

    private Map<Integer, Copy> in(String mailbox) {
        return Objects.requireNonNull(copies.get(mailbox));
    }

    private static String map(Set<String> names) {
        return names.stream().map(name -> "'" + name + "': true").collect(Collectors.joining(", ", "{", "}"));
    }

    private Mailbox box(String mailbox) throws Exception {
        return mail.mailbox(MailboxId.parse(mailbox).orElseThrow());
    }

    private static Set<Flag> flags(Set<String> keywords) {
        return keywords.stream().map(JmapModelTest::flag).collect(Collectors.toSet());
    }

    private static Flag flag(String keyword) {
        return Flag.parse("\\" + keyword.substring(1)).filter(_ -> keyword.startsWith("$")).orElseGet(() -> new Flag(keyword));
    }

    // Arrivals.

    /** A new message, sometimes an answer to one that is there, whose thread it then joins. */
    private String text(String[] thread) {
        String id = "<" + made++ + "@x>";
        List<String> there = List.copyOf(shown().keySet());
        String head = "From: bob@x.example\nMessage-ID: " + id + "\n";
        if (there.isEmpty() || random.nextBoolean()) {
            return head + "Subject: s" + made + "\n\ntext\n";
        }
        String answered = any(there);
        thread[0] = thread(answered);
        return head + "Subject: Re: " + subjects.get(thread[0]) + "\nIn-Reply-To: " + messageIds.get(answered) + "\n\nanswer\n";
    }

    private final Map<String, String> subjects = new HashMap<>();

    private void arrived(String email, String text, String[] thread) {
        String actual = world.call("Email/get", "{ids: ['" + email + "'], properties: ['threadId']}")
                .get("list").get(0).get("threadId").stringValue();
        if (thread[0] != null) {
            assertThat(actual).as("thread of an answer").isEqualTo(thread[0]);
        } else {
            assertThat(threads).doesNotContainValue(actual);
        }
        threads.put(email, actual);
        text.lines().forEach(line -> {
            if (line.startsWith("Message-ID: ")) {
                messageIds.put(email, line.substring("Message-ID: ".length()));
            } else if (line.startsWith("Subject: ")) {
                subjects.putIfAbsent(actual, line.substring("Subject: ".length()).replace("Re: ", ""));
            }
        });
    }

    private String deliver() throws Exception {
        String[] thread = new String[1];
        String text = text(thread);
        String email = world.deliver(text, random.nextInt(4) == 0 ? Optional.of(SpecialUse.JUNK) : Optional.empty());
        for (MailboxInfo info : mail.mailboxes().all()) {
            copies.computeIfAbsent(info.id().toString(), _ -> new TreeMap<>()); // Junk may have been made again.
        }
        learn(Set.of(email), Map.of(email, Set.of()));
        arrived(email, text, thread);
        return "delivery of " + email;
    }

    private String append() throws Exception {
        String[] thread = new String[1];
        String text = text(thread);
        String mailbox = anyMailbox();
        Set<String> flags = someKeywords();
        world.time.advance(Duration.ofSeconds(1));
        UidSet uids;
        try (Content content = world.content(text)) {
            uids = box(mailbox).append(List.of(new NewMessage(content, flags(flags), world.time.now()))).uids();
        }
        MessageList list = box(mailbox).messages();
        String email = list.emailId(list.indexOf(uids.first(0))).toString();
        in(mailbox).put(uids.first(0), new Copy(email, mailbox, flags));
        arrived(email, text, thread);
        return "APPEND to " + mailbox;
    }

    private String draft() {
        Set<String> mailboxes = someMailboxes();
        Set<String> keywords = someKeywords();
        keywords.add("$draft");
        world.time.advance(Duration.ofSeconds(1));
        String id = "d" + made++;
        JsonNode email = world.call("Email/set", "{create: {k: {mailboxIds: " + map(mailboxes) + ", keywords: " + map(keywords)
                + ", subject: '" + id + "', messageId: ['" + id + "@x']}}}").get("created").get("k");
        String made = email.get("id").stringValue();
        learn(Set.of(made), Map.of(made, keywords));
        arrived(made, "Message-ID: <" + id + "@x>\nSubject: " + id, new String[1]);
        assertThat(email.get("threadId").stringValue()).isEqualTo(threads.get(made));
        assertThat(shown().get(made)).isEqualTo(new Shown(mailboxes, keywords));
        return "draft " + made;
    }

    /**
     * Looks where the copies of emails are after a change by JMAP, which says nothing of copies: those that are new get their flags from
     * {@code flags}, or else as they are.
     */
    private void learn(Set<String> emails, Map<String, Set<String>> flags) {
        try {
            for (Map.Entry<String, Map<Integer, Copy>> mailbox : copies.entrySet()) {
                MessageList list = box(mailbox.getKey()).messages();
                mailbox.getValue().values().removeIf(copy -> emails.contains(copy.email));
                for (int i = 0; i < list.size(); i++) {
                    String email = list.emailId(i).toString();
                    if (emails.contains(email)) {
                        Set<String> actual = list.flagsOf(list.flags(i)).stream().map(EmailJson::keyword)
                                .collect(Collectors.toCollection(TreeSet::new));
                        assertThat(actual).as("flags of a copy").isEqualTo(flags.getOrDefault(email, actual));
                        mailbox.getValue().put(list.uid(i), new Copy(email, mailbox.getKey(), actual));
                    }
                }
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    // Clients of JMAP.

    private String keywords() {
        List<String> emails = someEmails();
        Map<String, Shown> expected = shown();
        List<String> patches = new ArrayList<>();
        for (String email : emails) {
            Shown before = Objects.requireNonNull(expected.get(email));
            if (random.nextBoolean()) {
                Set<String> keywords = someKeywords();
                patches.add(email + ": {keywords: " + map(keywords) + "}");
                expected.put(email, new Shown(before.mailboxes(), keywords));
            } else {
                String keyword = any(KEYWORDS);
                boolean on = random.nextBoolean();
                patches.add(email + ": {'keywords/" + keyword + "': " + (on ? "true" : "null") + "}");
                Set<String> keywords = new TreeSet<>(before.keywords());
                boolean _ = on ? keywords.add(keyword) : keywords.remove(keyword);
                expected.put(email, new Shown(before.mailboxes(), keywords));
            }
        }
        return update(emails, patches, expected);
    }

    private String place() {
        List<String> emails = someEmails();
        Map<String, Shown> expected = shown();
        List<String> patches = new ArrayList<>();
        for (String email : emails) {
            Set<String> mailboxes = someMailboxes();
            Set<String> keywords = new TreeSet<>(Objects.requireNonNull(expected.get(email)).keywords());
            String more = "";
            if (random.nextInt(3) == 0) {
                keywords = someKeywords();
                more = ", keywords: " + map(keywords);
            }
            patches.add(email + ": {mailboxIds: " + map(mailboxes) + more + "}");
            expected.put(email, new Shown(mailboxes, keywords));
        }
        return update(emails, patches, expected);
    }

    private String update(List<String> emails, List<String> patches, Map<String, Shown> expected) {
        String arguments = "{update: {" + String.join(", ", patches) + "}}";
        JsonNode response = world.call("Email/set", arguments);
        assertThat(response.get("notUpdated").isNull()).as("%s", response).isTrue();
        learn(Set.copyOf(emails), Map.of());
        assertThat(shown()).as("after %s", arguments).isEqualTo(expected);
        return arguments;
    }

    private String destroy() {
        Set<String> emails = Set.copyOf(someEmails());
        world.call("Email/set", "{destroy: [" + emails.stream().map(id -> "'" + id + "'").collect(Collectors.joining(", ")) + "]}");
        copies.values().forEach(messages -> messages.values().removeIf(copy -> emails.contains(copy.email)));
        return "destroy " + emails;
    }

    private String makeMailbox() throws Exception {
        String name = "m" + made++;
        if (random.nextBoolean()) {
            copies.put(mail.mailboxes().create(MailboxName.of(name), Set.of()).id().toString(), new TreeMap<>());
        } else {
            JsonNode response = world.call("Mailbox/set", "{create: {k: {name: '" + name + "'}}}");
            copies.put(response.get("created").get("k").get("id").stringValue(), new TreeMap<>());
        }
        return "make " + name;
    }

    private String removeMailbox() throws Exception {
        String id = anyMailbox();
        MailboxInfo info = mail.mailboxes().find(MailboxId.parse(id).orElseThrow()).orElseThrow();
        if (info.name().isInbox()) {
            return "nothing removed";
        }
        if (random.nextBoolean()) {
            mail.mailboxes().delete(info.name());
        } else {
            world.call("Mailbox/set", "{destroy: ['" + id + "'], onDestroyRemoveEmails: true}");
        }
        copies.remove(id);
        return "remove " + id;
    }

    // A client of IMAP.

    private String store() throws Exception {
        String mailbox = anyMailbox();
        Set<String> flags = someKeywords();
        if (random.nextInt(3) == 0) {
            flags.add("$deleted");
        }
        FlagChange.Kind kind = any(List.of(FlagChange.Kind.values()));
        UidSet uids = someUids(mailbox);
        box(mailbox).store(uids, new FlagChange(kind, flags(flags)), OptionalLong.empty());
        uids.forEach(uid -> {
            Set<String> known = Objects.requireNonNull(in(mailbox).get(uid)).flags;
            if (kind == FlagChange.Kind.REMOVE) {
                known.removeAll(flags);
            } else {
                if (kind == FlagChange.Kind.REPLACE) {
                    known.clear();
                }
                known.addAll(flags);
            }
        });
        return "STORE " + kind + flags + " in " + mailbox + " " + uids;
    }

    private String copy() throws Exception {
        String from = anyMailbox();
        String to = anyMailbox();
        CopyOutcome outcome = box(from).copy(someUids(from), MailboxId.parse(to).orElseThrow());
        placed(from, to, outcome);
        return "COPY from " + from + " to " + to + " " + outcome.source();
    }

    private String move() throws Exception {
        String from = anyMailbox();
        String to = anyMailbox();
        CopyOutcome outcome = box(from).move(someUids(from), MailboxId.parse(to).orElseThrow());
        placed(from, to, outcome);
        outcome.expunged().forEach(uid -> in(from).remove(uid));
        return "MOVE from " + from + " to " + to + " " + outcome.source();
    }

    private void placed(String from, String to, CopyOutcome outcome) {
        List<Copy> sources = new ArrayList<>();
        outcome.source().forEach(uid -> sources.add(Objects.requireNonNull(in(from).get(uid))));
        outcome.target().forEach(uid -> {
            Copy source = sources.removeFirst();
            in(to).put(uid, new Copy(source.email, to, source.flags));
        });
    }

    private String expunge() throws Exception {
        String mailbox = anyMailbox();
        box(mailbox).expunge(Optional.empty());
        in(mailbox).values().removeIf(copy -> copy.flags.contains("$deleted"));
        return "EXPUNGE " + mailbox;
    }
}
