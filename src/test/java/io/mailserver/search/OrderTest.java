package io.mailserver.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Sorting and threading. */
class OrderTest {
    private final MemoryMailbox mailbox = new MemoryMailbox()
            .add("From: Zoe <b@x>\nTo: b@y\nCc: a@z\nSubject: Re: beta\nDate: 3 Jan 2026 10:00:00 +0000\n\n")
            .add("From: =?utf-8?Q?=C3=84nne?= <c@x>\nTo: Group: a@y;\nSubject: alpha\nDate: 3 Jan 2026 09:59:00 -0100\n\nlong long long\n")
            .add("From: a@x\nSubject: [list] BETA\nDate: nonsense\n\n")
            .add("Subject: \n\n");

    private List<Integer> sort(SortOrder.Key... keys) throws StoreException {
        int[] uids = new SortOrder(List.of(keys)).sort(mailbox, mailbox.messages(), UidSet.ALL, uid -> 10 * (uid % 3));
        return Arrays.stream(uids).boxed().toList();
    }

    private static SortOrder.Key key(SortOrder.By by) {
        return new SortOrder.Key(by, false);
    }

    @Test
    void eachKey() throws StoreException {
        assertThat(sort(key(SortOrder.By.ARRIVAL))).containsExactly(1, 2, 3, 4);
        assertThat(sort(new SortOrder.Key(SortOrder.By.ARRIVAL, true))).containsExactly(4, 3, 2, 1);
        assertThat(sort(key(SortOrder.By.DATE))).containsExactly(3, 4, 1, 2);
        assertThat(sort(key(SortOrder.By.FROM))).containsExactly(4, 3, 1, 2);
        assertThat(sort(key(SortOrder.By.DISPLAYFROM))).containsExactly(4, 3, 2, 1);
        assertThat(sort(key(SortOrder.By.TO))).containsExactly(3, 4, 1, 2);
        assertThat(sort(key(SortOrder.By.DISPLAYTO))).containsExactly(3, 4, 1, 2);
        assertThat(sort(key(SortOrder.By.CC))).containsExactly(2, 3, 4, 1);
        assertThat(sort(key(SortOrder.By.SUBJECT))).containsExactly(4, 2, 1, 3);
        assertThat(sort(key(SortOrder.By.RELEVANCY))).containsExactly(2, 1, 4, 3);
        assertThat(sort(key(SortOrder.By.SIZE))).first().isEqualTo(4);
        assertThat(sort(key(SortOrder.By.SUBJECT), new SortOrder.Key(SortOrder.By.ARRIVAL, true))).containsExactly(4, 2, 3, 1);
    }

    private static Threads.Message message(int uid, String id, String references, String subject, long sent) {
        return new Threads.Message(uid, id.isEmpty() ? Optional.empty() : Optional.of(id),
                references.isEmpty() ? List.of() : List.of(references.split(" ")),
                subject.replace("Re:", ""), subject.startsWith("Re:"), sent);
    }

    private static String references(Threads.Message... messages) {
        return Threads.of(Threads.Algorithm.REFERENCES, List.of(messages)).stream().map(ThreadNode::toString).collect(Collectors.joining());
    }

    @Test
    void repliesHangBelowWhatTheyAnswer() {
        assertThat(references(message(1, "a", "", "s", 1), message(2, "b", "a", "Re:s", 2), message(3, "c", "a b", "Re:s", 3),
                message(4, "d", "a", "Re:s", 4), message(5, "e", "", "other", 0))).isEqualTo("(5)(1 (2 3)(4))");
    }

    @Test
    void missingMessagesAreDummiesAtTheTopOnly() {
        assertThat(references(message(1, "b", "a", "s", 1), message(2, "c", "a", "t", 2))).isEqualTo("((1)(2))");
        assertThat(references(message(1, "b", "a x", "s", 1))).isEqualTo("(1)");
        assertThat(references(message(1, "a", "", "s", 1), message(2, "c", "a gone", "s", 2))).isEqualTo("(1 2)");
    }

    @Test
    void loopsAndDuplicatesDoNoHarm() {
        assertThat(references(message(1, "a", "b", "s", 1), message(2, "b", "a", "s", 2))).isEqualTo("(2 1)");
        assertThat(references(message(1, "a", "a", "s", 1))).isEqualTo("(1)");
        assertThat(references(message(1, "a", "", "s", 1), message(2, "a", "", "t", 2), message(3, "", "a", "u", 3))).isEqualTo("(1 3)(2)");
    }

    @Test
    void subjectsJoinThreads() {
        assertThat(references(message(1, "a", "", "s", 1), message(2, "b", "", "Re:s", 2))).isEqualTo("(1 2)");
        assertThat(references(message(1, "a", "", "Re:s", 1), message(2, "b", "", "s", 2))).isEqualTo("(2 1)");
        assertThat(references(message(1, "a", "", "s", 1), message(2, "b", "", "s", 2))).isEqualTo("((1)(2))");
        assertThat(references(message(1, "a", "", "s", 1), message(2, "b", "", "s", 2), message(3, "c", "", "s", 3)))
                .isEqualTo("((1)(2)(3))");
        assertThat(references(message(1, "a", "x", "s", 1), message(2, "b", "x", "s", 2), message(3, "c", "y", "s", 3),
                message(4, "d", "y", "s", 4))).isEqualTo("((1)(2)(3)(4))");
        assertThat(references(message(1, "a", "", "", 1), message(2, "b", "", "", 2))).isEqualTo("(1)(2)");
    }

    @Test
    void deepThreadsNeedNoDeepStack() {
        List<Threads.Message> messages = new ArrayList<>();
        for (int i = 1; i <= 50_000; i++) {
            messages.add(message(i, "m" + i, i == 1 ? "" : "m" + (i - 1), "s", i));
        }
        String text = Threads.of(Threads.Algorithm.REFERENCES, messages).getFirst().toString();
        assertThat(text).startsWith("(1 2 3 ").endsWith(" 50000)");
        assertThat(Threads.of(Threads.Algorithm.REFERENCES, messages.reversed()).getFirst().toString()).isEqualTo(text);
    }

    @Test
    void orderedSubjectHasNoGrandchildren() {
        List<Threads.Message> messages = List.of(message(1, "a", "", "x", 5), message(2, "b", "", "y", 2), message(3, "c", "", "Re:x", 1),
                message(4, "d", "", "x", 7));
        assertThat(Threads.of(Threads.Algorithm.ORDEREDSUBJECT, messages).toString()).isEqualTo("[(3 (1)(4)), (2)]");
    }

    @Test
    void threadsOfAMailbox() throws StoreException {
        List<ThreadNode> threads = Threads.of(Threads.Algorithm.REFERENCES, mailbox, mailbox.messages(), UidSet.ALL);
        assertThat(threads.stream().map(ThreadNode::toString).collect(Collectors.joining())).isEqualTo("(3 1)(4)(2)");
    }
}
