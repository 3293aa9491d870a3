package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.SimulatedDatabases;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random changes of an account beside a naive model of it, with clean stops, killed processes and deleted indexes in between. After each
 * step: the same mailboxes, UIDs, flags and octets; UIDs never given to another message; MODSEQs never back; and a client that last
 * looked some steps ago, and asks for the changes since, knows all there is.
 */
class StoreModelTest {
    private static final int STEPS = Integer.getInteger("model.steps", 120);
    private static final List<Flag> FLAGS =
            List.of(Flag.SEEN, Flag.DELETED, Flag.FLAGGED, Flag.ANSWERED, Flag.DRAFT, new Flag("$Work"), new Flag("later"));

    private static final class Message {
        private final String text;
        private final Set<Flag> flags = new HashSet<>();

        Message(String text, Set<Flag> flags) {
            this.text = text;
            this.flags.addAll(flags);
        }
    }

    /** What a client knew when it last looked. */
    private record Client(long modSeq, Map<Integer, Set<Flag>> messages) {}

    private final Map<String, TreeMap<Integer, Message>> model = new TreeMap<>();
    private final Map<String, String> given = new HashMap<>();
    private final Map<MailboxId, Client> clients = new HashMap<>();
    private final Map<MailboxId, Long> modSeqs = new HashMap<>();
    private final SimulatedDisk disk = new SimulatedDisk(7);
    private Random random = new Random(0);
    private int processes = 1;
    private int texts;
    private StoreWorld world;
    private AccountMail mail;

    @BeforeEach
    void open() throws Exception {
        world = new StoreWorld(disk.root());
        mail = world.open();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theStoreAndTheModelAgree(long seed) throws Exception {
        random = new Random(seed);
        mail.mailboxes().all().forEach(info -> model.put(info.name().text(), new TreeMap<>()));
        for (int step = 0; step < STEPS; step++) {
            String what = "nothing";
            try {
                what = step();
                check();
            } catch (AssertionError | StoreException | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", step " + step + ": " + what + ": " + e.getMessage(), e);
            }
        }
        mail.close();
        world.close();
    }

    private Map<Integer, Message> in(String mailbox) {
        return Objects.requireNonNull(model.get(mailbox));
    }

    private String step() throws Exception {
        return switch (random.nextInt(14)) {
            case 0, 1 -> deliver();
            case 2, 3 -> append();
            case 4, 5, 6 -> flag();
            case 7 -> expunge();
            case 8 -> copy();
            case 9 -> move();
            case 10 -> create();
            case 11 -> rename();
            case 12 -> delete();
            default -> restart();
        };
    }

    private String deliver() throws IOException, StoreException {
        String text = text();
        boolean junk = random.nextInt(4) == 0;
        Optional<MailboxInfo> info = junk ? mail.mailboxes().find(SpecialUse.JUNK) : mail.mailboxes().find(MailboxName.INBOX);
        world.deliver(text, junk ? Optional.of(SpecialUse.JUNK) : Optional.empty());
        String name = junk ? mail.mailboxes().find(SpecialUse.JUNK).orElseThrow().name().text() : "INBOX";
        if (info.isEmpty()) {
            model.put(name, new TreeMap<>());
        }
        MessageList list = StoreWorld.mailbox(mail, name).messages();
        in(name).put(list.uid(list.size() - 1), new Message(text, Set.of()));
        return "delivery to " + name;
    }

    private String text() {
        texts++;
        return "Subject: " + texts + "\r\nMessage-ID: <" + texts + "@x>\r\n\r\nmessage " + texts + "\r\n";
    }

    private String append() throws IOException, StoreException {
        String name = anyMailbox();
        String text = text();
        Set<Flag> flags = someFlags();
        UidSet uids = world.append(StoreWorld.mailbox(mail, name), text, flags.toArray(Flag[]::new)).uids();
        in(name).put(uids.first(0), new Message(text, flags));
        return "append to " + name;
    }

    private String flag() throws StoreException {
        String name = anyMailbox();
        Set<Flag> flags = someFlags();
        FlagChange.Kind kind = List.of(FlagChange.Kind.ADD, FlagChange.Kind.REMOVE, FlagChange.Kind.REPLACE).get(random.nextInt(3));
        UidSet uids = someUids(name);
        StoreWorld.mailbox(mail, name).store(uids, new FlagChange(kind, flags), OptionalLong.empty());
        in(name).forEach((uid, message) -> {
            if (uids.contains(uid)) {
                switch (kind) {
                    case ADD -> message.flags.addAll(flags);
                    case REMOVE -> message.flags.removeAll(flags);
                    case REPLACE -> {
                        message.flags.clear();
                        message.flags.addAll(flags);
                    }
                }
            }
        });
        return kind + " " + flags + " in " + name + " " + uids;
    }

    private String expunge() throws StoreException {
        String name = anyMailbox();
        Optional<UidSet> uids = random.nextBoolean() ? Optional.empty() : Optional.of(someUids(name));
        UidSet gone = StoreWorld.mailbox(mail, name).expunge(uids);
        UidSet.Builder expected = new UidSet.Builder();
        in(name).entrySet().removeIf(entry -> {
            boolean remove = entry.getValue().flags.contains(Flag.DELETED)
                    && uids.map(set -> set.contains(entry.getKey())).orElse(true);
            if (remove) {
                expected.add(entry.getKey());
            }
            return remove;
        });
        assertThat(gone).isEqualTo(expected.build());
        return "expunge " + name;
    }

    private String copy() throws StoreException {
        String from = anyMailbox();
        String to = anyMailbox();
        Mailbox target = StoreWorld.mailbox(mail, to);
        CopyOutcome outcome = StoreWorld.mailbox(mail, from).copy(someUids(from), target.id());
        place(from, to, outcome);
        return "copy " + outcome + " from " + from + " to " + to;
    }

    private String move() throws StoreException {
        String from = anyMailbox();
        String to = anyMailbox();
        Mailbox target = StoreWorld.mailbox(mail, to);
        CopyOutcome outcome = StoreWorld.mailbox(mail, from).move(someUids(from), target.id());
        assertThat(outcome.expunged()).isEqualTo(outcome.source());
        place(from, to, outcome);
        outcome.expunged().forEach(uid -> in(from).remove(uid));
        return "move " + outcome + " from " + from + " to " + to;
    }

    private void place(String from, String to, CopyOutcome outcome) {
        List<Integer> sources = new ArrayList<>();
        outcome.source().forEach(sources::add);
        List<Message> messages = sources.stream().map(uid -> in(from).get(uid)).toList();
        int[] next = {0};
        outcome.target().forEach(uid -> {
            Message message = messages.get(next[0]++);
            in(to).put(uid, new Message(message.text, message.flags));
        });
        assertThat(next[0]).isEqualTo(sources.size());
    }

    private String create() throws StoreException {
        String name = "m" + random.nextInt(5) + (random.nextBoolean() ? "/s" + random.nextInt(3) : "");
        if (model.containsKey(name)) {
            return "nothing to create";
        }
        mail.mailboxes().create(MailboxName.of(name), Set.of());
        model.put(name, new TreeMap<>());
        MailboxName.of(name).parent().ifPresent(parent -> model.putIfAbsent(parent.text(), new TreeMap<>()));
        return "create " + name;
    }

    private String rename() throws StoreException {
        String from = anyMailbox();
        String to = "r" + texts++;
        mail.mailboxes().rename(MailboxName.of(from), MailboxName.of(to));
        if (from.equals("INBOX")) {
            MessageList list = StoreWorld.mailbox(mail, to).messages();
            TreeMap<Integer, Message> moved = new TreeMap<>();
            List<Message> messages = new ArrayList<>(in("INBOX").values());
            for (int i = 0; i < messages.size(); i++) {
                moved.put(list.uid(i), messages.get(i));
            }
            model.put(to, moved);
            model.put("INBOX", new TreeMap<>());
        } else {
            for (String name : List.copyOf(model.keySet())) {
                if (name.equals(from) || name.startsWith(from + "/")) {
                    model.put(to + name.substring(from.length()), model.remove(name));
                }
            }
        }
        return "rename " + from + " to " + to;
    }

    private String delete() throws StoreException {
        String name = anyMailbox();
        if (name.equals("INBOX")) {
            return "nothing deleted";
        }
        mail.mailboxes().delete(MailboxName.of(name));
        model.remove(name);
        return "delete " + name;
    }

    private String restart() throws Exception {
        boolean clean = random.nextBoolean();
        SimulatedDatabases databases = world.databases;
        if (clean) {
            mail.close();
            world.close();
        } else {
            databases = databases.afterKill();
        }
        boolean deleted = clean && random.nextInt(3) == 0;
        if (deleted) {
            // Flags reach the names of files at a clean stop.
            databases.delete(StoreWorld.ALICE, Databases.Kind.INDEX);
        }
        processes++;
        world = new StoreWorld(disk.root(), databases, world.time, processes, "boot 1");
        mail = world.open();
        return (clean ? "clean" : "killed") + " restart" + (deleted ? ", index deleted" : "");
    }

    private String anyMailbox() {
        List<String> names = List.copyOf(model.keySet());
        return random.nextInt(3) == 0 ? "INBOX" : names.get(random.nextInt(names.size()));
    }

    private Set<Flag> someFlags() {
        Set<Flag> flags = new HashSet<>();
        FLAGS.forEach(flag -> {
            if (random.nextInt(3) == 0) {
                flags.add(flag);
            }
        });
        return flags;
    }

    private UidSet someUids(String name) {
        UidSet.Builder uids = new UidSet.Builder();
        in(name).keySet().forEach(uid -> {
            if (random.nextBoolean()) {
                uids.add(uid);
            }
        });
        return random.nextInt(4) == 0 ? UidSet.ALL : uids.build();
    }

    private void check() throws IOException, StoreException {
        assertThat(mail.mailboxes().all()).extracting(info -> info.name().text())
                .containsExactlyInAnyOrderElementsOf(model.keySet());
        for (MailboxInfo info : mail.mailboxes().all()) {
            check(info, in(info.name().text()));
        }
    }

    private void check(MailboxInfo info, Map<Integer, Message> expected) throws IOException, StoreException {
        Mailbox mailbox = mail.mailbox(info.id());
        MessageList list = mailbox.messages();
        TreeSet<Integer> uids = new TreeSet<>();
        list.uids().forEach(uids::add);
        assertThat(uids).as("UIDs of %s", info.name()).isEqualTo(expected.keySet());
        Map<Integer, Set<Flag>> flags = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            int uid = list.uid(i);
            Message message = Objects.requireNonNull(expected.get(uid));
            flags.put(uid, list.flagsOf(list.flags(i)));
            assertThat(flags.get(uid)).as("flags of %s in %s", uid, info.name()).isEqualTo(message.flags);
            String known = given.putIfAbsent(info.uidValidity() + "-" + uid, message.text);
            assertThat(known == null || known.equals(message.text)).as("UID %s of %s given twice", uid, info.name()).isTrue();
            if (random.nextInt(8) == 0) {
                assertThat(StoreWorld.text(mailbox, uid)).isEqualTo(message.text);
            }
            assertThat(list.modSeq(i)).isLessThanOrEqualTo(list.highestModSeq());
        }
        assertThat(list.highestModSeq()).isGreaterThanOrEqualTo(modSeqs.getOrDefault(info.id(), 0L));
        modSeqs.put(info.id(), list.highestModSeq());
        MailboxStatus status = mail.mailboxes().status(info.id());
        assertThat(status.messages()).isEqualTo(list.size());
        assertThat(status.unseen()).isEqualTo(list.unseen());
        assertThat(status.size()).isEqualTo(list.octets());
        checkClient(info, mailbox, list, flags);
    }

    private void checkClient(MailboxInfo info, Mailbox mailbox, MessageList list, Map<Integer, Set<Flag>> flags) throws StoreException {
        Client client = clients.get(info.id());
        if (client != null) {
            Changes changes = mailbox.changesSince(client.modSeq());
            Map<Integer, Set<Flag>> known = new HashMap<>(client.messages());
            changes.vanished().intersection(uids(known.keySet())).forEach(known::remove);
            changes.changed().forEach(uid -> known.put(uid, flags.get(uid)));
            assertThat(known).as("what a client of %s knows", info.name()).isEqualTo(flags);
        }
        if (client == null || random.nextInt(5) == 0) {
            clients.put(info.id(), new Client(list.highestModSeq(), flags));
        }
    }

    private static UidSet uids(Set<Integer> uids) {
        UidSet.Builder set = new UidSet.Builder();
        new TreeSet<>(uids).forEach(set::add);
        return set.build();
    }
}
