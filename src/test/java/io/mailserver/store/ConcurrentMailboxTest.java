package io.mailserver.store;

import static io.mailserver.store.StoreWorld.mailbox;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Several clients and deliveries at one mailbox at once. */
class ConcurrentMailboxTest {
    private static final int WRITERS = 8;
    private static final int MESSAGES = 25;
    private static final int MAX_CHANGES = 300;

    private final SimulatedDisk disk = new SimulatedDisk(3);

    @Test
    void noMessageEverAppearsBelowOneThatWasShown() throws Exception {
        try (StoreWorld world = new StoreWorld(disk.root());
                AccountMail mail = world.open();
                // One of them never waits: on a virtual thread it would keep a carrier from all other tests.
                ExecutorService threads = Executors.newCachedThreadPool()) {
            Mailbox inbox = mailbox(mail, "INBOX");
            AtomicBoolean done = new AtomicBoolean();
            List<Future<UidSet>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                writers.add(threads.submit(() -> write(world, inbox, number)));
            }
            Future<Integer> reader = threads.submit(() -> watch(inbox, done));
            Future<Integer> flagger = threads.submit(() -> flag(inbox, done));
            UidSet.Builder told = new UidSet.Builder();
            for (Future<UidSet> writer : writers) {
                told.addAll(writer.get());
            }
            done.set(true);
            assertThat(reader.get()).isPositive();
            assertThat(flagger.get()).isPositive();
            MessageList list = inbox.messages();
            assertThat(list.size()).isEqualTo(WRITERS * MESSAGES);
            assertThat(list.uids()).isEqualTo(list.uids().union(told.build()));
            for (int i = 0; i < list.size(); i++) {
                assertThat(StoreWorld.text(inbox, list.uid(i))).startsWith("Subject: ");
            }
        }
    }

    /** Half of them append, half deliver; what was appended is there when the call returns. */
    private static UidSet write(StoreWorld world, Mailbox inbox, int number) throws Exception {
        UidSet.Builder uids = new UidSet.Builder();
        for (int i = 0; i < MESSAGES; i++) {
            String text = "Subject: " + number + "." + i + "\r\n\r\nx\r\n";
            if (number % 2 == 0) {
                UidSet appended = world.append(inbox, text).uids();
                assertThat(inbox.messages().indexOf(appended.first(0))).isNotNegative();
                uids.addAll(appended);
            } else {
                world.deliver(text);
            }
        }
        return uids.build();
    }

    private static int watch(Mailbox inbox, AtomicBoolean done) throws Exception {
        int looks = 0;
        MessageList before = inbox.messages();
        while (!done.get() || looks == 0) {
            MessageList now = inbox.messages();
            assertThat(now.size()).isGreaterThanOrEqualTo(before.size());
            for (int i = 0; i < before.size(); i++) {
                assertThat(now.uid(i)).isEqualTo(before.uid(i));
            }
            assertThat(Integer.compareUnsigned(now.uidNext(), before.uidNext())).isNotNegative();
            assertThat(now.highestModSeq()).isGreaterThanOrEqualTo(before.highestModSeq());
            before = now;
            looks++;
        }
        return looks;
    }

    private static int flag(Mailbox inbox, AtomicBoolean done) throws Exception {
        int changes = 0;
        while (changes == 0 || (!done.get() && changes < MAX_CHANGES)) {
            FlagChange.Kind kind = changes % 2 == 0 ? FlagChange.Kind.ADD : FlagChange.Kind.REMOVE;
            inbox.store(UidSet.ALL, new FlagChange(kind, Set.of(Flag.FLAGGED)), OptionalLong.empty());
            changes++;
        }
        return changes;
    }
}
