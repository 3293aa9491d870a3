package io.mailserver.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.imap.SequenceSet;
import io.mailserver.store.MessageList;
import io.mailserver.store.MessageLists;
import io.mailserver.store.MessageLists.Message;
import io.mailserver.store.UidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxViewTest {
    /** A mailbox that does everything in the simplest way. */
    private static final class NaiveMailbox {
        final List<Message> messages = new ArrayList<>();
        int uidNext = 1;
        long modSeq = 1;

        void append(Random random) {
            uidNext += random.nextInt(3);
            messages.add(new Message(uidNext++, 0, ++modSeq));
        }

        void expunge(int index) {
            modSeq++;
            messages.remove(index);
        }

        void flag(int index, long flags) {
            messages.set(index, new Message(messages.get(index).uid(), flags, ++modSeq));
        }

        MessageList list() {
            return MessageLists.of(messages, uidNext, modSeq, List.of());
        }
    }

    /** A client that believes what it is told and nothing else. */
    private static final class NaiveClient {
        final List<Integer> uids = new ArrayList<>();
        final List<Long> flags = new ArrayList<>();

        void hear(MailboxView.Update update, MailboxView view) {
            int[] numbers = update.expungedNumbers();
            for (int i = numbers.length - 1; i >= 0; i--) {
                uids.subList(numbers[i] - 1, numbers[i]).clear();
                flags.remove(numbers[i] - 1);
            }
            update.exists().ifPresent(exists -> {
                assertThat(exists).isGreaterThan(uids.size());
                while (uids.size() < exists) {
                    int uid = view.uidOf(uids.size() + 1);
                    uids.add(uid);
                    flags.add(view.list().flags(view.list().indexOf(uid)));
                }
            });
            update.changed().forEach(uid -> {
                int index = view.list().indexOf(uid);
                assertThat(view.numberAt(index)).isEqualTo(view.numberOf(uid));
                flags.set(view.numberOf(uid) - 1, view.list().flags(index));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void clientAndMailboxAgreeAfterAnyHistory(long seed) {
        Random random = new Random(seed);
        NaiveMailbox mailbox = new NaiveMailbox();
        NaiveClient client = new NaiveClient();
        MailboxView view = new MailboxView(mailbox.list());
        for (int step = 0; step < 2_000; step++) {
            for (int i = random.nextInt(6); i > 0; i--) {
                change(mailbox, random);
            }
            boolean tellExpunges = random.nextInt(3) == 0;
            client.hear(view.advance(mailbox.list(), tellExpunges), view);
            check(view, client, mailbox, tellExpunges);
        }
    }

    private static void change(NaiveMailbox mailbox, Random random) {
        int size = mailbox.messages.size();
        switch (random.nextInt(size < 40 ? 5 : 3)) {
            case 0 -> {
                if (size > 0) {
                    mailbox.expunge(random.nextInt(size));
                }
            }
            case 1, 2 -> {
                if (size > 0) {
                    mailbox.flag(random.nextInt(size), random.nextInt(32));
                }
            }
            default -> mailbox.append(random);
        }
    }

    private static void check(MailboxView view, NaiveClient client, NaiveMailbox mailbox, boolean toldAll) {
        assertThat(view.size()).isEqualTo(client.uids.size());
        assertThat(IntStream.rangeClosed(1, view.size()).map(view::uidOf).boxed()).isEqualTo(client.uids);
        for (int i = 0; i < client.uids.size(); i++) {
            assertThat(view.numberOf(client.uids.get(i))).isEqualTo(i + 1);
        }
        List<Integer> there = mailbox.messages.stream().map(Message::uid).toList();
        assertThat(client.uids).containsAll(there);
        assertThat(view.hidesExpunges()).isEqualTo(client.uids.size() > there.size());
        for (Message message : mailbox.messages) {
            assertThat(client.flags.get(client.uids.indexOf(message.uid()))).isEqualTo(message.flags());
        }
        if (toldAll) {
            assertThat(client.uids).isEqualTo(there);
        }
        if (!client.uids.isEmpty()) {
            UidSet all = view.resolve(SequenceSet.range(1, SequenceSet.STAR), false).orElseThrow();
            assertThat(all.size()).isEqualTo(client.uids.size());
            assertThat(view.resolve(SequenceSet.range(1, SequenceSet.STAR), true)).contains(all);
            assertThat(view.goneAmong(all).size()).isEqualTo((long) client.uids.size() - there.size());
            assertThat(view.lastUid()).isEqualTo(client.uids.getLast());
        }
        assertThat(view.resolve(SequenceSet.range(view.size() + 1, view.size() + 1), false)).isEmpty();
    }

    @Test
    void withoutAnyChangeThereIsNothingToTell() {
        MessageList list = MessageLists.of(List.of(new Message(1, 0, 1)), 2, 1, List.of());
        assertThat(new MailboxView(list).advance(list, true).isEmpty()).isTrue();
    }

    @Test
    void uidsThatDoNotExistAreNoErrorButNumbersAre() {
        MailboxView view = new MailboxView(MessageLists.of(List.of(new Message(7, 0, 1)), 8, 1, List.of()));
        assertThat(view.resolve(SequenceSet.range(9, 9), true)).contains(UidSet.EMPTY);
        assertThat(view.resolve(SequenceSet.range(9, SequenceSet.STAR), true)).contains(UidSet.of(7));
        assertThat(view.resolve(SequenceSet.range(2, 2), false)).isEmpty();
        assertThat(view.resolve(SequenceSet.range(2, SequenceSet.STAR), false)).isEmpty();
    }
}
