package io.mailserver.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All emails and threads of an account in memory, some 80 octets an email beside the lists of its mailboxes. It follows the lists: what
 * a list shares with the one before it is not looked at again. Guarded by the lock of {@link AccountEmails}.
 */
final class EmailTable {
    private final NumberTable<StoredEmail> emails = new NumberTable<>();
    private final NumberTable<EmailThread> threads = new NumberTable<>();
    private final KeywordSets keywords = new KeywordSets();
    private final Map<Integer, int[]> counts = new HashMap<>();
    private final Optional<MailboxId> trash;
    private Map<Integer, MessageList> lists = Map.of();

    /** Places in an array of counts. */
    private static final int EMAILS = 0;

    private static final int UNREAD_EMAILS = 1;
    private static final int THREADS = 2;
    private static final int UNREAD_THREADS = 3;

    /** Finds the threads of emails. */
    @FunctionalInterface
    interface ThreadSource {
        /** @return the thread of each of {@code emails}, which ascend */
        long[] threads(long[] emails) throws StoreException;
    }

    EmailTable(Optional<MailboxId> trash) {
        this.trash = trash;
    }

    Optional<MailboxId> trash() {
        return trash;
    }

    int size() {
        return emails.size();
    }

    @Nullable StoredEmail email(long number) {
        return emails.get(number);
    }

    @Nullable EmailThread thread(long number) {
        return threads.get(number);
    }

    void forEach(Consumer<StoredEmail> consumer) {
        emails.forEach(consumer);
    }

    Map<Integer, MessageList> lists() {
        return lists;
    }

    AccountEmails.Counts counts(int mailbox) {
        int[] figures = counts.getOrDefault(mailbox, new int[4]);
        return new AccountEmails.Counts(figures[EMAILS], figures[UNREAD_EMAILS], figures[THREADS], figures[UNREAD_THREADS]);
    }

    /** What a message was and is; 0 as its email: it was or is not. */
    private record Difference(int mailbox, int uid, long before, long after) {}

    /**
     * Follows the lists.
     *
     * @return whether other emails are shown than before, not only with other flags
     */
    boolean follow(Map<Integer, MessageList> now, ThreadSource source) throws StoreException {
        List<Difference> differences = new ArrayList<>();
        for (Map.Entry<Integer, MessageList> list : now.entrySet()) {
            compare(list.getKey(), lists.get(list.getKey()), list.getValue(), differences);
        }
        for (Map.Entry<Integer, MessageList> list : lists.entrySet()) {
            if (!now.containsKey(list.getKey())) {
                compare(list.getKey(), list.getValue(), null, differences);
            }
        }
        Map<Long, Long> added = threadsOfNew(differences, source);
        Set<StoredEmail> touched = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<EmailThread> around = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Difference difference : differences) {
            for (long number : new long[] {difference.before(), difference.after()}) {
                if (number != 0) {
                    StoredEmail email = known(number, added);
                    touched.add(email);
                    around.add(email.thread());
                }
            }
        }
        boolean others = touched.stream().anyMatch(email -> !email.placed());
        around.forEach(thread -> count(thread, -1));
        lists = Map.copyOf(now);
        differences.forEach(this::apply);
        for (StoredEmail email : touched) {
            boolean before = email.visible();
            email.look(mailbox -> list(mailbox), keywords);
            others |= before != email.visible();
            if (!email.placed()) {
                emails.remove(email.number());
                email.thread().remove(email);
            }
        }
        for (EmailThread thread : around) {
            count(thread, 1);
            if (thread.isEmpty()) {
                threads.remove(thread.number());
            }
        }
        return others;
    }

    private MessageList list(int mailbox) {
        MessageList list = lists.get(mailbox);
        if (list == null) {
            throw new IllegalStateException("an email in a mailbox that is not there");
        }
        return list;
    }

    private void apply(Difference difference) {
        if (difference.before() == difference.after()) {
            return;
        }
        StoredEmail left = difference.before() == 0 ? null : emails.get(difference.before());
        if (left != null) {
            left.remove(difference.mailbox(), difference.uid());
        }
        StoredEmail entered = difference.after() == 0 ? null : emails.get(difference.after());
        if (entered != null) {
            entered.add(difference.mailbox(), difference.uid());
        }
    }

    private StoredEmail known(long number, Map<Long, Long> added) {
        StoredEmail known = emails.get(number);
        if (known != null) {
            return known;
        }
        long threadNumber = added.getOrDefault(number, number);
        EmailThread thread = threads.get(threadNumber);
        if (thread == null) {
            thread = new EmailThread(threadNumber);
            threads.put(thread);
        }
        StoredEmail email = new StoredEmail(number, thread);
        emails.put(email);
        thread.add(email);
        return email;
    }

    private Map<Long, Long> threadsOfNew(List<Difference> differences, ThreadSource source) throws StoreException {
        long[] unknown = differences.stream()
                .mapToLong(Difference::after)
                .filter(number -> number != 0 && emails.get(number) == null)
                .sorted()
                .distinct()
                .toArray();
        if (unknown.length == 0) {
            return Map.of();
        }
        long[] found = source.threads(unknown);
        Map<Long, Long> threadsByEmail = HashMap.newHashMap(unknown.length);
        for (int i = 0; i < unknown.length; i++) {
            threadsByEmail.put(unknown[i], found[i]);
        }
        return threadsByEmail;
    }

    /** What differs between two lists of a mailbox, of which either may be missing. */
    private static void compare(
            int mailbox, @Nullable MessageList before, @Nullable MessageList after, List<Difference> differences) {
        if (before == after) {
            return;
        }
        List<MessageChunk> gone = chunksNotIn(before, after);
        List<MessageChunk> come = chunksNotIn(after, before);
        Cursor old = new Cursor(gone);
        Cursor fresh = new Cursor(come);
        while (!old.atEnd() || !fresh.atEnd()) {
            int order = old.atEnd() ? 1 : fresh.atEnd() ? -1 : Integer.compareUnsigned(old.uid(), fresh.uid());
            if (order < 0) {
                differences.add(new Difference(mailbox, old.uid(), old.email(), 0));
                old.advance();
            } else if (order > 0) {
                differences.add(new Difference(mailbox, fresh.uid(), 0, fresh.email()));
                fresh.advance();
            } else {
                if (old.email() != fresh.email() || old.flags() != fresh.flags()) {
                    differences.add(new Difference(mailbox, old.uid(), old.email(), fresh.email()));
                }
                old.advance();
                fresh.advance();
            }
        }
    }

    private static List<MessageChunk> chunksNotIn(@Nullable MessageList list, @Nullable MessageList other) {
        if (list == null) {
            return List.of();
        }
        Set<MessageChunk> shared = Collections.newSetFromMap(new IdentityHashMap<>());
        if (other != null) {
            shared.addAll(OpenMailbox.chunksOf(other));
        }
        return OpenMailbox.chunksOf(list).stream().filter(chunk -> !shared.contains(chunk)).toList();
    }

    /** Goes through the messages of chunks. */
    private static final class Cursor {
        private final List<MessageChunk> chunks;
        private int chunk;
        private int at;

        Cursor(List<MessageChunk> chunks) {
            this.chunks = chunks;
        }

        boolean atEnd() {
            return chunk == chunks.size();
        }

        int uid() {
            return chunks.get(chunk).uids[at];
        }

        long email() {
            return chunks.get(chunk).emails[at];
        }

        long flags() {
            return chunks.get(chunk).flags[at];
        }

        void advance() {
            at++;
            if (at == chunks.get(chunk).count()) {
                chunk++;
                at = 0;
            }
        }
    }

    /** Adds a thread to the figures of its mailboxes, or takes it out of them. */
    private void count(EmailThread thread, int by) {
        boolean unreadInTrash = false;
        boolean unreadElsewhere = false;
        int[] all = {};
        for (StoredEmail email : thread.emails()) {
            int[] mailboxes = distinct(email.mailboxes());
            for (int mailbox : mailboxes) {
                boolean isTrash = isTrash(mailbox);
                int[] figures = figures(mailbox);
                figures[EMAILS] += by;
                if (email.unread()) {
                    figures[UNREAD_EMAILS] += by;
                    unreadInTrash |= isTrash;
                    unreadElsewhere |= !isTrash;
                }
            }
            all = union(all, mailboxes);
        }
        for (int mailbox : all) {
            int[] figures = figures(mailbox);
            figures[THREADS] += by;
            // RFC 8621 §2: emails in the trash count as a thread apart.
            figures[UNREAD_THREADS] += (isTrash(mailbox) ? unreadInTrash : unreadElsewhere) ? by : 0;
        }
    }

    private boolean isTrash(int mailbox) {
        return trash.isPresent() && trash.get().number() == mailbox;
    }

    private int[] figures(int mailbox) {
        return counts.computeIfAbsent(mailbox, _ -> new int[4]);
    }

    private static int[] distinct(int[] numbers) {
        return numbers.length == 1 ? numbers : Arrays.stream(numbers).distinct().toArray();
    }

    private static int[] union(int[] some, int[] others) {
        if (some.length == 0 || Arrays.equals(some, others)) {
            return others;
        }
        int[] both = Arrays.copyOf(some, some.length + others.length);
        System.arraycopy(others, 0, both, some.length, others.length);
        return distinct(both);
    }
}
