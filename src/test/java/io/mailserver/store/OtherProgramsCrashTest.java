package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.DurableFiles;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirListing;
import io.mailserver.maildir.MaildirListing.Entry;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.SimulatedDatabases;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The power goes at every operation of a story in which other programs work beside us: what was told stays so, no UID is given twice,
 * nothing is lost or doubled, and after one look at each mailbox all that is stored agrees.
 */
class OtherProgramsCrashTest {
    private static final int MAX_OPERATIONS = 2_000;

    /** What the store has said. */
    private static final class Told {
        final Map<Integer, String> subjects = new HashMap<>();
        final Set<Integer> ours = new HashSet<>();
        final Set<Integer> expunged = new HashSet<>();
        final List<String> accepted = new ArrayList<>();
        int uidValidity;
        long modSeq;
    }

    @Test
    void whatWasToldStaysSo() throws Exception {
        boolean wentThrough = false;
        for (int cut = 1; !wentThrough; cut++) {
            assertThat(cut).isLessThan(MAX_OPERATIONS);
            wentThrough = run(cut);
        }
    }

    private static boolean run(int cut) throws Exception {
        SimulatedDisk disk = new SimulatedDisk(cut).journaled();
        SimulatedDatabases databases = new SimulatedDatabases();
        Told told = new Told();
        boolean done = false;
        // Later than the disk's own clock, so that other programs' files are out of their first minute. No timer of the store ends in
        // the story: what it starts would die on a thread of its own.
        ManualTime time = new ManualTime(SimulatedDisk.START.plus(Duration.ofMinutes(2)));
        StoreWorld world = new StoreWorld(disk.root(), databases, time, 1, "boot 1");
        try {
            disk.cutPowerAt(cut);
            story(world, told);
            done = true;
        } catch (SimulatedDisk.PowerLost | StoreException | IOException e) {
            // A command that was cut off has said nothing.
            assertThat(done).isFalse();
        }
        SimulatedDisk left = disk.restart();
        SimulatedDatabases leftDatabases = databases.afterPowerCut(new Random(cut));
        // The process is gone; only its threads must go too.
        world.closeThreads();
        ManualTime later = new ManualTime(SimulatedDisk.START.plus(Duration.ofHours(1)));
        try (StoreWorld next = new StoreWorld(left.root(), leftDatabases, later, 2, "boot 2")) {
            verify(next, told, "cut at " + cut);
        }
        return done;
    }

    private static void story(StoreWorld world, Told told) throws Exception {
        try (AccountMail mail = world.open()) {
            Mailbox inbox = StoreWorld.mailbox(mail, "INBOX");
            for (int i = 1; i <= 3; i++) {
                deliver(world, told, "ours " + i);
            }
            Path folder = inbox(world).path();
            DurableFiles.replace(folder.resolve("cur/1.foreign:2,S"), message("foreign 1"));
            told.accepted.add("foreign 1");
            look(world, inbox, told);
            inbox.store(UidSet.of(1), add(Flag.SEEN, new Flag("label")), OptionalLong.empty());
            push(world);
            look(world, inbox, told);
            answer(world, 2);
            DurableFiles.flushFolder(inbox(world).cur());
            look(world, inbox, told);
            expunge(inbox, told, 3);
            deliver(world, told, "ours 4");
            look(world, inbox, told);
            inbox.copy(UidSet.of(1), mail.mailboxes().find(SpecialUse.SENT).orElseThrow().id());
            told.accepted.remove("foreign 1");
            Files.delete(inbox(world).path().resolve(name(world, "1.foreign")));
            DurableFiles.flushFolder(inbox(world).cur());
            look(world, inbox, told);
        }
        // As the store closes it, but on this thread.
        try (OpenAccounts.Lease lease = world.store.lease(StoreWorld.ALICE)) {
            lease.account().close();
        }
    }

    private static void verify(StoreWorld world, Told told, String when) throws Exception {
        try (AccountMail mail = world.open()) {
            Mailbox inbox = StoreWorld.mailbox(mail, "INBOX");
            Map<Integer, String> now = subjects(inbox);
            assertThat(now.values()).as(when).containsAll(told.accepted).doesNotHaveDuplicates();
            assertThat(now.keySet()).as(when).doesNotContainAnyElementsOf(withSome(told.expunged));
            if (told.uidValidity != 0) {
                assertThat(inbox.messages().uidValidity()).as(when).isEqualTo(told.uidValidity);
            }
            UidSet vanished = inbox.changesSince(told.modSeq).vanished();
            told.subjects.forEach((uid, subject) -> {
                if (now.containsKey(uid)) {
                    assertThat(now).as(when).containsEntry(uid, subject);
                } else {
                    assertThat(told.ours).as(when + ", UID " + uid).doesNotContain(uid);
                    assertThat(vanished.contains(uid) || told.modSeq == 0).as(when + ", UID " + uid).isTrue();
                }
            });
            for (MailboxInfo mailbox : mail.mailboxes().all()) {
                mail.mailbox(mailbox.id()).messages();
            }
            assertThat(world.store.check(StoreWorld.ALICE)).as(when).isEmpty();
            int highest = told.subjects.keySet().stream().mapToInt(uid -> uid).max().orElse(0);
            world.deliver("Subject: new\r\n\r\n");
            MessageList list = inbox.messages();
            assertThat(list.uid(list.size() - 1)).as(when).isGreaterThan(highest);
        }
    }

    /** AssertJ refuses to look for nothing. */
    private static Set<Integer> withSome(Set<Integer> uids) {
        Set<Integer> some = new HashSet<>(uids);
        some.add(-1);
        return some;
    }

    private static void deliver(StoreWorld world, Told told, String subject) throws IOException {
        world.deliver(new String(message(subject), StandardCharsets.UTF_8));
        told.accepted.add(subject);
    }

    private static byte[] message(String subject) {
        return ("Subject: " + subject + "\r\n\r\nx\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void look(StoreWorld world, Mailbox inbox, Told told) throws Exception {
        world.time.advance(Duration.ofSeconds(1));
        Map<Integer, String> now = subjects(inbox);
        told.uidValidity = inbox.messages().uidValidity();
        told.modSeq = inbox.messages().highestModSeq();
        now.forEach((uid, subject) -> {
            assertThat(told.subjects.getOrDefault(uid, subject)).isEqualTo(subject);
            told.subjects.put(uid, subject);
            if (subject.startsWith("ours")) {
                told.ours.add(uid);
            }
        });
    }

    private static Map<Integer, String> subjects(Mailbox inbox) throws Exception {
        Map<Integer, String> subjects = new HashMap<>();
        MessageList list = inbox.messages();
        for (int i = 0; i < list.size(); i++) {
            String text = StoreWorld.text(inbox, list.uid(i));
            subjects.put(list.uid(i), text.substring("Subject: ".length(), text.indexOf('\r')));
        }
        return subjects;
    }

    private static void expunge(Mailbox inbox, Told told, int uid) throws StoreException {
        inbox.store(UidSet.of(uid), add(Flag.DELETED), OptionalLong.empty());
        told.ours.remove(uid);
        String subject = told.subjects.remove(uid);
        told.accepted.remove(subject);
        inbox.expunge(Optional.of(UidSet.of(uid)));
        told.expunged.add(uid);
    }

    private static void push(StoreWorld world) throws StoreException {
        try (OpenAccounts.Lease lease = world.store.lease(StoreWorld.ALICE)) {
            lease.account().files().push(true);
        }
    }

    /** Another program sets a flag. */
    private static void answer(StoreWorld world, int uid) throws IOException {
        for (Entry entry : MaildirListing.of(inbox(world), world.time.now()).files()) {
            if (entry.name().imapNumber().filter(number -> number.uid() == uid).isPresent()) {
                Path target = inbox(world).cur().resolve(entry.name().base() + ":2,R");
                Files.move(entry.path(inbox(world)), target, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private static String name(StoreWorld world, String unique) throws IOException {
        return MaildirListing.of(inbox(world), world.time.now()).files().stream()
                .filter(entry -> entry.name().unique().equals(unique))
                .map(MaildirBlobs::text)
                .findFirst()
                .orElseThrow();
    }

    private static MaildirFolder inbox(StoreWorld world) {
        return MaildirFolder.inbox(world.folders.maildir(StoreWorld.ALICE.domain(), StoreWorld.ALICE.localPart()));
    }

    private static FlagChange add(Flag... flags) {
        return new FlagChange(FlagChange.Kind.ADD, Set.of(flags));
    }
}
