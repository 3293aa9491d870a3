package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Content;
import io.mailserver.simulation.SimulatedDatabases;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.spam.JunkExpiry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Append, copy, move, expunge, the emptying of Junk and rename cut by a power cut, or met by a failing disk, at EVERY file operation in
 * turn; {@code index.db} comes back as it was after any commit since it was last synced, or not at all. What must hold (DESIGN invariants
 * 1 and 3):
 *
 * <ul>
 *   <li>OK was said: what it promised is so after any power cut.
 *   <li>Nothing or NO was said: every message is still somewhere, whole; an append is there once or not at all.
 *   <li>No UID that was told is ever another message's; MODSEQs do not go back; what was told as expunged does not come back.
 * </ul>
 */
class StoreCrashTest {
    private static final int SEEDS = Integer.getInteger("crash.seeds", 2);
    private static final int OLD = 3;
    private static final Duration KEEP_JUNK = Duration.ofDays(30);

    /** What is cut. */
    enum Act {
        APPEND {
            @Override
            void run(Run run) throws StoreException, IOException {
                try (Content one = run.world.content(text("new 1"));
                        Content two = run.world.content(text("new 2"))) {
                    run.inbox.append(List.of(
                            new NewMessage(one, Set.of(Flag.SEEN), Instant.ofEpochSecond(5)),
                            new NewMessage(two, Set.of(), Instant.ofEpochSecond(5))));
                }
            }

            @Override
            void check(Run run, List<String> inbox, List<String> other, boolean told) {
                long added = inbox.stream().filter(text -> text.contains("new")).count();
                if (told) {
                    assertThat(inbox).containsExactly(text("old 0"), text("old 1"), text("old 2"), text("new 1"), text("new 2"));
                }
                assertThat(inbox).startsWith(text("old 0"), text("old 1"), text("old 2"));
                assertThat(inbox).doesNotHaveDuplicates();
                if (run.failed) {
                    assertThat(added).isZero();
                }
            }
        },
        COPY {
            @Override
            void run(Run run) throws StoreException {
                run.inbox.copy(UidSet.ALL, run.other.id());
            }

            @Override
            void check(Run run, List<String> inbox, List<String> other, boolean told) {
                assertThat(inbox).containsExactly(text("old 0"), text("old 1"), text("old 2"));
                if (told) {
                    assertThat(other).containsExactly(text("old 0"), text("old 1"), text("old 2"));
                }
                assertThat(other).doesNotHaveDuplicates();
                if (run.failed) {
                    assertThat(other).isEmpty();
                }
            }
        },
        MOVE {
            @Override
            void run(Run run) throws StoreException {
                run.inbox.move(UidSet.range(1, 2), run.other.id());
            }

            @Override
            void check(Run run, List<String> inbox, List<String> other, boolean told) {
                Set<String> all = new HashSet<>(inbox);
                all.addAll(other);
                assertThat(all).containsExactlyInAnyOrder(text("old 0"), text("old 1"), text("old 2"));
                if (told) {
                    assertThat(inbox).containsExactly(text("old 2"));
                    assertThat(other).containsExactly(text("old 0"), text("old 1"));
                }
                assertThat(inbox).doesNotHaveDuplicates();
                assertThat(other).doesNotHaveDuplicates();
            }
        },
        EXPUNGE {
            @Override
            void run(Run run) throws StoreException {
                run.inbox.store(UidSet.range(1, 2), new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.DELETED)), OptionalLong.empty());
                run.inbox.expunge(Optional.empty());
            }

            @Override
            void check(Run run, List<String> inbox, List<String> other, boolean told) {
                if (told) {
                    assertThat(inbox).containsExactly(text("old 2"));
                }
                assertThat(inbox).contains(text("old 2")).doesNotHaveDuplicates();
            }
        },
        EMPTY_JUNK {
            // One message that came a month ago, one that came today, and an old one that somebody moved there today.
            @Override
            void prepare(Run run) throws StoreException, IOException {
                run.world.deliver(text("expired"), Optional.of(SpecialUse.JUNK));
                run.world.time.advance(KEEP_JUNK.plusDays(1));
                run.world.deliver(text("of today"), Optional.of(SpecialUse.JUNK));
                run.world.append(run.other, text("moved today"));
                run.other.move(UidSet.ALL, run.junk().id());
            }

            @Override
            void run(Run run) throws StoreException {
                new JunkExpiry(run.world.store::open, run.world.time, run.world.log).empty(StoreWorld.ALICE, KEEP_JUNK);
            }

            @Override
            void check(Run run, List<String> inbox, List<String> other, boolean told) throws StoreException, IOException {
                assertThat(inbox).containsExactly(text("old 0"), text("old 1"), text("old 2"));
                if (told) {
                    assertThat(texts(run.junk())).containsExactlyInAnyOrder(text("of today"), text("moved today"));
                }
                assertThat(texts(run.junk())).contains(text("of today"), text("moved today")).doesNotHaveDuplicates();
                // And again, as the server does it after its start.
                new JunkExpiry(run.world.store::open, run.world.time, run.world.log).empty(StoreWorld.ALICE, KEEP_JUNK);
                assertThat(texts(run.junk())).containsExactlyInAnyOrder(text("of today"), text("moved today"));
            }
        },
        RENAME {
            @Override
            void run(Run run) throws StoreException, IOException {
                run.mail.mailboxes().rename(MailboxName.of("a"), MailboxName.of("z"));
            }

            @Override
            void check(Run run, List<String> inbox, List<String> other, boolean told) throws StoreException, IOException {
                boolean renamed = run.mail.mailboxes().find(MailboxName.of("z")).isPresent();
                assertThat(run.mail.mailboxes().find(MailboxName.of("a")).isPresent()).isEqualTo(!renamed);
                if (told) {
                    assertThat(renamed).isTrue();
                }
                String root = renamed ? "z" : "a";
                assertThat(texts(StoreWorld.mailbox(run.mail, root))).containsExactly(text("in a"));
                assertThat(texts(StoreWorld.mailbox(run.mail, root + "/b"))).containsExactly(text("in b"));
            }
        };

        /** What must be there before. */
        void prepare(Run run) throws StoreException, IOException {
            // Most have enough with what is there for all.
        }

        abstract void run(Run run) throws StoreException, IOException;

        /** @param told whether the act returned and said OK */
        abstract void check(Run run, List<String> inbox, List<String> other, boolean told) throws StoreException, IOException;
    }

    private static String text(String what) {
        return "Subject: " + what + "\r\nMessage-ID: <" + what.replace(' ', '.') + "@x>\r\n\r\n" + what + "\r\n";
    }

    private static List<String> texts(Mailbox mailbox) throws StoreException, IOException {
        List<String> texts = new ArrayList<>();
        MessageList list = mailbox.messages();
        for (int i = 0; i < list.size(); i++) {
            texts.add(StoreWorld.text(mailbox, list.uid(i)));
        }
        return texts;
    }

    @ParameterizedTest
    @EnumSource
    void powerCutAtEveryOperation(Act act) throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            int operations = count(act, seed);
            for (int operation = 1; operation <= operations + 1; operation++) {
                try (Run run = new Run(act, seed)) {
                    run.disk.cutPowerAt(run.disk.operations() + operation);
                    run.act(act);
                    run.powerCut(seed * 1_000L + operation);
                    run.check(act, "power cut at operation " + operation + " of " + operations + ", seed " + seed);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void failureAtEveryOperation(Act act) throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            int operations = count(act, seed);
            for (int operation = 1; operation <= operations + 1; operation++) {
                try (Run run = new Run(act, seed)) {
                    run.disk.failAt(run.disk.operations() + operation);
                    run.act(act);
                    run.disk.healed();
                    run.check(act, "failure at operation " + operation + " of " + operations + ", seed " + seed);
                    run.powerCut(seed * 1_000L + operation);
                    run.check(act, "power cut after failure at operation " + operation + " of " + operations + ", seed " + seed);
                }
            }
        }
    }

    private static int count(Act act, long seed) throws Exception {
        try (Run run = new Run(act, seed)) {
            int before = run.disk.operations();
            run.act(act);
            assertThat(run.told).isTrue();
            int operations = run.disk.operations() - before;
            run.check(act, "without faults");
            run.powerCut(seed);
            run.check(act, "power cut after the answer");
            return operations;
        }
    }

    /** One act on one disk. */
    static final class Run implements AutoCloseable {
        private SimulatedDisk disk;
        private StoreWorld world;
        private AccountMail mail;
        private Mailbox inbox;
        private Mailbox other;
        private boolean told;
        private boolean failed;
        private int boots = 1;
        private final Map<String, String> given = new HashMap<>();
        private final Map<MailboxId, Long> modSeqs = new TreeMap<>();

        Run(Act act, long seed) throws Exception {
            // Folders are renamed as file systems do it: docs/decisions/0206-lazy-renames.md.
            disk = act == Act.RENAME ? new SimulatedDisk(seed).journaled() : new SimulatedDisk(seed);
            world = new StoreWorld(disk.root());
            look();
            for (int i = 0; i < OLD; i++) {
                world.append(inbox, text("old " + i));
            }
            mail.mailboxes().create(MailboxName.of("a/b"), Set.of());
            world.append(StoreWorld.mailbox(mail, "a"), text("in a"));
            world.append(StoreWorld.mailbox(mail, "a/b"), text("in b"));
            act.prepare(this);
            other.messages();
            remember();
        }

        private Mailbox junk() throws StoreException {
            return mail.mailbox(mail.mailboxes().find(SpecialUse.JUNK).orElseThrow().id());
        }

        private void look() throws StoreException {
            mail = world.open();
            inbox = StoreWorld.mailbox(mail, "INBOX");
            other = StoreWorld.mailbox(mail, "Archive");
        }

        void act(Act act) throws IOException {
            try {
                act.run(this);
                told = true;
                remember();
            } catch (StoreException e) {
                failed = true;
            } catch (SimulatedDisk.PowerLost e) {
                told = false;
            }
        }

        /** What a client has been told: which message has which UID. */
        private void remember() throws IOException {
            try {
                for (MailboxInfo info : mail.mailboxes().all()) {
                    MessageList list = mail.mailbox(info.id()).messages();
                    modSeqs.merge(info.id(), list.highestModSeq(), Math::max);
                    for (int i = 0; i < list.size(); i++) {
                        given.put(info.uidValidity() + "-" + list.uid(i), StoreWorld.text(mail.mailbox(info.id()), list.uid(i)));
                    }
                }
            } catch (StoreException | SimulatedDisk.PowerLost e) {
                // The power goes while the client looks: it was told less.
                failed = false;
            }
        }

        void powerCut(long choice) throws Exception {
            SimulatedDatabases databases = world.databases.afterPowerCut(new Random(choice));
            disk = disk.restart();
            closeWorld();
            boots++;
            world = new StoreWorld(disk.root(), databases, world.time, boots, "boot " + boots);
            look();
        }

        void check(Act act, String when) throws Exception {
            try {
                checkNumbers();
                act.check(this, texts(inbox), texts(other), told);
                // And the mailbox goes on.
                world.append(inbox, text("later " + boots));
                checkNumbers();
                MessageList list = inbox.messages();
                int last = list.uid(list.size() - 1);
                inbox.store(UidSet.of(last), new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.DELETED)), OptionalLong.empty());
                assertThat(inbox.expunge(Optional.of(UidSet.of(last)))).isEqualTo(UidSet.of(last));
            } catch (AssertionError | StoreException | RuntimeException e) {
                throw new AssertionError(act + ", " + when + ", told " + told + ": " + e.getMessage() + "\n"
                        + String.join("\n", disk.log()), e);
            }
        }

        private void checkNumbers() throws StoreException, IOException {
            for (MailboxInfo info : mail.mailboxes().all()) {
                Mailbox mailbox = mail.mailbox(info.id());
                MessageList list = mailbox.messages();
                assertThat(list.highestModSeq()).as("MODSEQ of %s", info.name())
                        .isGreaterThanOrEqualTo(modSeqs.getOrDefault(info.id(), 0L));
                modSeqs.put(info.id(), list.highestModSeq());
                for (int i = 0; i < list.size(); i++) {
                    String text = StoreWorld.text(mailbox, list.uid(i));
                    String before = given.putIfAbsent(info.uidValidity() + "-" + list.uid(i), text);
                    assertThat(before == null || before.equals(text)).as("UID %s of %s", list.uid(i), info.name()).isTrue();
                }
            }
        }

        private void closeWorld() {
            try {
                mail.close();
                world.close();
            } catch (SimulatedDisk.PowerLost e) {
                // The process is dead, its threads are ended.
                world.stopThreads();
            }
        }

        @Override
        public void close() {
            closeWorld();
        }
    }
}
